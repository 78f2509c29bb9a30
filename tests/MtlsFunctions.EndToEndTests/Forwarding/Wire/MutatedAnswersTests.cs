using System.Globalization;
using System.Net.Security;
using System.Reflection;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Logging;
using MtlsFunctions.EndToEndTests.Forwarding.Interleaving;
using MtlsFunctions.Forwarding;
using MtlsFunctions.Shared;

namespace MtlsFunctions.EndToEndTests.Forwarding.Wire;

/// <summary>
/// Whatever a remote answers, its caller gets an answer: the remote's, or 424 with a code; one that broke off is cut off and logged as
/// such. The web server never has to answer by itself. MUTATED_ANSWERS says how many are tried (5,000 for a thorough run),
/// MUTATED_ANSWERS_SEED which.
/// </summary>
public sealed class MutatedAnswersTests(MutatedAnswersTests.Fixture shared) : IClassFixture<MutatedAnswersTests.Fixture>
{
    private const int Callers = 4;

    private static readonly string[] Codes =
        [.. typeof(TransportError).GetFields(BindingFlags.Public | BindingFlags.Static).Select(code => (string)code.GetRawConstantValue()!)];

    private readonly X509Certificate2 certificate = shared.Gateway.Pki.IssueServer();

    [Fact]
    public Task Over_HTTP_1() => TryAsync(Number("MUTATED_ANSWERS", 200), SslApplicationProtocol.Http11, async (connection, answer, ending) =>
    {
        var head = await RawHttp.ReadHeadAsync(connection, ending);
        await RawHttp.ReadBodyAsync(connection, head, ending);
        await connection.WriteAsync(answer(1).Bytes, ending);
    });

    [Fact]
    public Task Over_HTTP_2() => TryAsync(Number("MUTATED_ANSWERS", 200), SslApplicationProtocol.Http2, async (connection, answer, ending) =>
    {
        await Http2Frames.BeginAsync(connection, ending);
        await connection.WriteAsync(answer(await Http2Script.ReadRequestAsync(connection, ending)).Bytes, ending);
    });

    private async Task TryAsync(int count, SslApplicationProtocol protocol, Func<Stream, Func<int, MutatedAnswer>, CancellationToken, Task> serve)
    {
        var seed = (ulong)Number("MUTATED_ANSWERS_SEED", RandomNumberGenerator.GetInt32(int.MaxValue));
        var next = -1;
        await Task.WhenAll(Enumerable.Range(0, Callers).Select(async _ =>
        {
            for (var number = Interlocked.Increment(ref next); number < count; number = Interlocked.Increment(ref next))
                await TryOneAsync(seed + (ulong)number, protocol, serve);
        }));
        Assert.DoesNotContain(shared.Gateway.Log.Lines, line => line.Level >= LogLevel.Error);
    }

    private async Task TryOneAsync(ulong seed, SslApplicationProtocol protocol, Func<Stream, Func<int, MutatedAnswer>, CancellationToken, Task> serve)
    {
        MutatedAnswer Make(int stream) => protocol == SslApplicationProtocol.Http11 ? AnswerMutations.Of(new Draws(seed)) : Http2AnswerMutations.Of(new Draws(seed), stream);
        var sent = Make(1);
        await using var remote = new FaultyServer(
            async (connection, ending) =>
            {
                await serve(connection, Make, ending);
                // When this ends the connection is closed, which is how a remote says that no more comes; a sound one waits.
                if (sent.Text is not null)
                    await connection.CopyToAsync(Stream.Null, ending);
            },
            certificate, sent.Reset, configure: tls => tls.ApplicationProtocols = [protocol]);
        await using var caller = await RawCaller.ConnectAsync(shared.Gateway);
        var method = new Draws(seed + 1).OneOf(["GET", "POST", "HEAD"]);
        await caller.SendAsync(method, $"{remote.Url}/{seed}", method == "POST" ? ["Content-Length: 4"] : [], method == "POST" ? "body" : "",
            // One of its own: what a remote has asked for (HTTP/1.1) is remembered for its port, which a later one may get.
            account: $"a{seed}");

        var (head, body) = await ReadAsync(caller, method);

        var what = $"Seed {seed}, {protocol}, {method}: {head?.FirstLine} {head?["LP-error-from-transport"]}";
        if (head is null)
        {
            Assert.True(sent.Text is null, what);
            await Eventually.TrueAsync(() => BrokenOff(remote.Port) > 0);
            return;
        }

        var (status, origin, code) = (int.Parse(head.FirstLine[9..12], CultureInfo.InvariantCulture), head["LP-response-origin"], head["LP-error-from-transport"]);
        Assert.True(origin == "upstream" ? code is null : origin == "gateway" && status == 424 && Codes.Contains(code), what);
        if (sent.Text is { } text)
            Assert.True((status, body) == (sent.Status, method == "HEAD" ? "" : text), $"{what} in place of {sent.Status} {text}: {body}");
        if (body is null)
            await Eventually.TrueAsync(() => BrokenOff(remote.Port) > 0);
    }

    private int BrokenOff(int port) => shared.Gateway.Log.Lines.Count(line =>
        line.Text.Contains($":{port} ", StringComparison.Ordinal) && line.Text.Contains("outcome=broken-off", StringComparison.Ordinal));

    /// <returns>No head where the connection ended before it, no body where it ended before that.</returns>
    private static async Task<(RawHead? Head, string? Body)> ReadAsync(RawCaller caller, string method)
    {
        RawHead? head = null;
        try
        {
            head = await caller.ReadHeadAsync();
            var bodiless = method == "HEAD" || head.FirstLine[9..12] is "204" or "304";
            var body = bodiless ? "" : await RawHttp.ReadBodyAsync(caller.Stream, head, TestContext.Current.CancellationToken);
            return (head, head["Transfer-Encoding"] == "chunked" && !bodiless ? RawHttp.Decode(body) : body);
        }
        catch (IOException)
        {
            return (head, null);
        }
    }

    private static int Number(string variable, int otherwise) =>
        Environment.GetEnvironmentVariable(variable) is { Length: > 0 } given ? int.Parse(given, CultureInfo.InvariantCulture) : otherwise;

    /// <summary>A gateway that doesn't wait a minute for a remote that asks for HTTP/1.1 and understands HTTP/2 only.</summary>
    public sealed class Fixture(AzuriteFixture azurite) : AccountsFixture(azurite)
    {
        protected override IReadOnlyDictionary<string, string?> Settings => new Dictionary<string, string?> { ["Forwarding:FirstByteTimeout"] = "00:00:10" };
    }
}
