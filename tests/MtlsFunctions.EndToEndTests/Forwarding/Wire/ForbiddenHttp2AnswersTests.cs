using System.Net.Security;
using MtlsFunctions.Shared;

namespace MtlsFunctions.EndToEndTests.Forwarding.Wire;

/// <summary>The same over HTTP/2, where a body's end doesn't come from its length and nothing keeps a remote from sending one.</summary>
public sealed class ForbiddenHttp2AnswersTests(AccountsFixture shared) : IClassFixture<AccountsFixture>
{
    [Theory]
    [InlineData("GET", "204", null, null)]
    [InlineData("GET", "204", "5", null)]
    [InlineData("GET", "304", null, null)]
    [InlineData("GET", "304", "5", "5")]
    [InlineData("GET", "205", null, "0")]
    [InlineData("GET", "205", "5", "0")]
    [InlineData("HEAD", "200", null, null)]
    [InlineData("HEAD", "200", "5", "5")]
    public async Task A_body_where_none_may_be_is_dropped(string method, string status, string? length, string? told)
    {
        var (head, body) = await AskAsync(method, stream =>
        [
            .. Http2Script.HeadersFrame(stream, 0, Head(status, length)),
            .. Http2Script.DataFrame(stream, "hello", Http2Script.EndStream),
        ]);

        Assert.Equal((status, "upstream", told, ""), (head.FirstLine[9..12], head["LP-response-origin"], head["Content-Length"], body));
    }

    [Theory]
    [InlineData("000")]
    [InlineData("099")]
    [InlineData("101")]
    public Task A_status_that_is_no_answers_is_told(string status) => ToldAsync(stream =>
        [.. Http2Script.HeadersFrame(stream, 0, Head(status, null)), .. Http2Script.DataFrame(stream, "hello", Http2Script.EndStream)]);

    [Theory]
    [InlineData("4")]
    [InlineData("five")]
    public Task A_body_that_is_longer_than_its_length_is_told(string length) => ToldAsync(stream =>
        [.. Http2Script.HeadersFrame(stream, 0, Head("200", length)), .. Http2Script.DataFrame(stream, "hello", Http2Script.EndStream)]);

    [Fact]
    public async Task A_body_that_is_shorter_than_its_length_never_looks_complete()
    {
        var (caller, remote) = await SendAsync("GET", stream =>
            [.. Http2Script.HeadersFrame(stream, 0, Head("200", "6")), .. Http2Script.DataFrame(stream, "hello", Http2Script.EndStream)]);
        await using var both = remote;
        await using var one = caller;
        var seen = await caller.ReadToEndAsync();
        Assert.True(seen.Length == 0 || seen.Contains("Content-Length: 6", StringComparison.Ordinal), seen);
        // The line is written after the caller has been cut off.
        await Eventually.TrueAsync(() => shared.Gateway.Log.Lines.Any(line => line.Text.Contains("outcome=broken-off", StringComparison.Ordinal)));
    }

    [Fact]
    public Task A_length_without_a_body_is_told() => ToldAsync(stream => Http2Script.HeadersFrame(stream, Http2Script.EndStream, Head("200", "5")));

    private static IEnumerable<(string Name, string Value)> Head(string status, string? length) =>
        length is null ? [(":status", status)] : [(":status", status), ("content-length", length)];

    private async Task ToldAsync(Func<int, byte[]> answer)
    {
        var (head, _) = await AskAsync("GET", answer);
        Assert.Equal(("HTTP/1.1 424 Failed Dependency", "gateway", "protocol-error"), (head.FirstLine, head["LP-response-origin"], head["LP-error-from-transport"]));
    }

    private async Task<(RawHead Head, string Body)> AskAsync(string method, Func<int, byte[]> answer)
    {
        var (caller, remote) = await SendAsync(method, answer);
        await using var both = remote;
        await using var one = caller;
        var head = await caller.ReadHeadAsync();
        return (head, await caller.ReadToEndAsync());
    }

    private async Task<(RawCaller Caller, FaultyServer Remote)> SendAsync(string method, Func<int, byte[]> answer)
    {
        var remote = new FaultyServer(
            async (connection, ending) =>
            {
                await Http2Frames.BeginAsync(connection, ending);
                await connection.WriteAsync(answer(await Http2Script.ReadRequestAsync(connection, ending)), ending);
                await connection.CopyToAsync(Stream.Null, ending);
            },
            shared.Gateway.Pki.IssueServer(),
            configure: tls => tls.ApplicationProtocols = [SslApplicationProtocol.Http2]);
        var caller = await RawCaller.ConnectAsync(shared.Gateway);
        await caller.SendAsync(method, remote.Url, ["Connection: close"]);
        return (caller, remote);
    }
}
