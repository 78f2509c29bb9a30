using System.Net.Sockets;
using System.Text;
using MtlsFunctions.Shared;

namespace MtlsFunctions.EndToEndTests.Forwarding.Wire;

/// <summary>What broke off on one side never looks complete on the other.</summary>
public sealed class BreakingOffTests(AccountsFixture shared) : IClassFixture<AccountsFixture>
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n0123456789", false)]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n0123456789", true)]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n", true)]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\na\r\n0123456789\r\n", false)]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\na\r\n0123456789\r\n", true)]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\na\r\n01234", false)]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\na\r\n0123456789\r\n0\r\n", false)]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\na\r\n0123456789\r\nnot a size\r\n\r\n", false)]
    [InlineData("HTTP/1.1 200 OK\r\n\r\n0123456789", true)]
    public async Task An_answer_that_breaks_off_never_looks_complete(string part, bool reset)
    {
        var seen = Signal.New();
        await using var remote = new FaultyServer(async (stream, ending) =>
        {
            await Faults.AnswerRaw(part)(stream, ending);
            // Only what has gone on to the caller can be broken off there.
            if (part.Contains('9', StringComparison.Ordinal))
                await seen.Task.WaitAsync(ending);
        }, shared.Gateway.Pki.IssueServer(), reset);
        await using var caller = await RawCaller.ConnectAsync(shared.Gateway);
        await caller.SendAsync("GET", remote.Url, []);

        RawHead head;
        try
        {
            head = await caller.ReadHeadAsync();
        }
        catch (IOException) when (!part.Contains('9', StringComparison.Ordinal))
        {
            // Broken off before even the head was read.
            return;
        }

        seen.SetResult();
        if (head.FirstLine != "HTTP/1.1 200 OK")
        {
            var isNonsense = part.Contains("not a size", StringComparison.Ordinal);
            Assert.Equal(isNonsense ? "protocol-error" : "connection-closed", head["LP-error-from-transport"]);
            return;
        }

        var rest = await caller.ReadToEndAsync();
        if (head["Content-Length"] is { } length)
            Assert.True(rest.Length < int.Parse(length, null), rest);
        else
            Assert.DoesNotContain("\r\n0\r\n", rest, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Content-Length: 100", "hello", null)]
    [InlineData("Transfer-Encoding: chunked", "5\r\nhello\r\n", null)]
    [InlineData("Transfer-Encoding: chunked", "5\r\nhello\r\n", "not a size\r\n")]
    public async Task A_request_that_breaks_off_never_looks_complete_to_the_remote(string framing, string part, string? nonsense)
    {
        var (reached, seen) = (Signal.New(), new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously));
        await using var remote = new FaultyServer(async (stream, ending) =>
        {
            await Faults.ReadHead(stream, ending);
            reached.SetResult();
            using var body = new MemoryStream();
            try
            {
                await stream.CopyToAsync(body, ending);
            }
            catch (IOException)
            {
                // Broken off: what came before it is what is looked at.
            }

            seen.SetResult(Encoding.Latin1.GetString(body.ToArray()));
        }, shared.Gateway.Pki.IssueServer());
        await using var caller = await RawCaller.ConnectAsync(shared.Gateway);
        await caller.SendAsync("POST", remote.Url, [framing], part);
        await reached.Task.WaitAsync(Patience, Cancellation);

        if (nonsense is null)
            caller.Stream.Socket.Shutdown(SocketShutdown.Send);
        else
            await caller.SendRawAsync(nonsense);
        var body = await seen.Task.WaitAsync(Patience, Cancellation);

        Assert.True(body.Length < 100, body);
        Assert.DoesNotContain("\r\n0\r\n", body, StringComparison.Ordinal);
        if (nonsense is not null)
            Assert.StartsWith("HTTP/1.1 400 ", (await caller.ReadHeadAsync()).FirstLine, StringComparison.Ordinal);
    }
}
