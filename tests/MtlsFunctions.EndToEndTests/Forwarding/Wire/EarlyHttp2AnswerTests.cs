using System.Net.Security;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using MtlsFunctions.Shared;

namespace MtlsFunctions.EndToEndTests.Forwarding.Wire;

/// <summary>
/// Remotes over HTTP/2 that answer before they have read the body, and stop it with a reset or leave it to flow: whichever way the
/// exchange ends, its reads of the caller's body have ended too, so the web server can read what the caller goes on sending.
/// </summary>
public sealed class EarlyHttp2AnswerTests(AccountsFixture shared) : IClassFixture<AccountsFixture>
{
    private const int Rounds = 40;

    [Fact]
    public async Task A_caller_over_HTTP_1_gets_every_early_answer_and_goes_on()
    {
        await using var remote = await MtlsServer.StartAsync(shared.Gateway.Pki, options =>
        {
            options.ClientCertificates = ClientCertificateMode.NoCertificate;
            options.RecordBodies = false;
            options.Handler = context =>
            {
                context.Response.StatusCode = 413;
                return Task.CompletedTask;
            };
        });
        await using var caller = await RawCaller.ConnectAsync(shared.Gateway);
        for (var round = 0; round < Rounds; round++)
        {
            // A part, so that more of it is waited for when the answer comes.
            var part = round * 10_000;
            await caller.SendAsync("POST", remote.Url, ["Content-Length: 400000"], new string('x', part));
            var sending = round % 2 == 0 ? caller.SendRawAsync(new string('x', 400_000 - part)) : Task.CompletedTask;
            Assert.StartsWith("HTTP/1.1 413 ", (await caller.ReadHeadAsync()).FirstLine, StringComparison.Ordinal);
            await sending;
            if (round % 2 == 1)
                await caller.SendRawAsync(new string('x', 400_000 - part));
        }

        Assert.DoesNotContain(shared.Gateway.Log.Lines, line => line.Text.Contains("Reading is already in progress", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_stream_that_ends_with_its_answer_and_a_reset_has_answered()
    {
        await using var remote = new FaultyServer(
            async (connection, ending) =>
            {
                await Http2Frames.BeginAsync(connection, ending);
                var stream = await Http2Script.ReadRequestAsync(connection, ending);
                await connection.WriteAsync((byte[])
                [
                    .. Http2Script.HeadersFrame(stream, 0, (":status", "403")), .. Http2Script.DataFrame(stream, "early", Http2Script.EndStream), .. Http2Script.ResetFrame(stream, 0),
                ], ending);
                await connection.CopyToAsync(Stream.Null, ending);
            },
            shared.Gateway.Pki.IssueServer(),
            configure: tls => tls.ApplicationProtocols = [SslApplicationProtocol.Http2]);
        await using var caller = await RawCaller.ConnectAsync(shared.Gateway);
        await caller.SendAsync("POST", remote.Url, ["Content-Length: 100000"], "begin");
        var (head, body) = await caller.ReadAnswerAsync();

        Assert.Equal(("HTTP/1.1 403 Forbidden", "early"), (head.FirstLine, RawHttp.Decode(body)));
        await caller.SendRawAsync(new string('x', 99_995));
        await using var other = new RawRemote(shared.Gateway.Pki.IssueServer(), "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nnext");
        await caller.SendAsync("GET", other.Url, []);
        Assert.Equal("next", (await caller.ReadAnswerAsync()).Body);
    }
}
