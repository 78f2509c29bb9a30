using System.Net.Sockets;
using System.Text;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using MtlsFunctions.Shared;

namespace MtlsFunctions.EndToEndTests.Forwarding.Wire;

/// <summary>A caller that goes away, a remote that dies, and either of them slow.</summary>
public sealed class LeavingTests(AccountsFixture shared) : IClassFixture<AccountsFixture>
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_caller_who_leaves_while_the_remote_thinks_takes_the_request_along()
    {
        var (reached, left) = (Signal(), Signal());
        await using var remote = new FaultyServer(async (stream, ending) =>
        {
            await Faults.ReadHead(stream, ending);
            reached.SetResult();
            await UntilClosedAsync(stream, left, ending);
        }, shared.Gateway.Pki.IssueServer());
        await using var caller = await RawCaller.ConnectAsync(shared.Gateway);
        await caller.SendAsync("POST", remote.Url, ["Content-Length: 5"], "hello");
        await reached.Task.WaitAsync(Patience, Cancellation);

        caller.Reset();

        await left.Task.WaitAsync(Patience, Cancellation);
    }

    [Fact]
    public async Task So_does_one_who_leaves_in_the_middle_of_the_answer()
    {
        var left = Signal();
        await using var remote = new FaultyServer(async (stream, ending) =>
        {
            await Faults.ReadHead(stream, ending);
            await RawHttp.WriteAsync(stream, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n", ending);
            await UntilClosedAsync(stream, left, ending);
        }, shared.Gateway.Pki.IssueServer());
        await using var caller = await RawCaller.ConnectAsync(shared.Gateway);
        await caller.SendAsync("GET", remote.Url, []);
        await caller.ReadHeadAsync();
        await caller.ReadChunkAsync();

        caller.Reset();

        await left.Task.WaitAsync(Patience, Cancellation);
    }

    [Theory]
    [InlineData("Content-Length: 100", "hello")]
    [InlineData("Transfer-Encoding: chunked", "5\r\nhello\r\n")]
    public async Task So_does_one_who_leaves_in_the_middle_of_the_request(string framing, string part)
    {
        var (reached, left) = (Signal(), Signal());
        await using var remote = new FaultyServer(async (stream, ending) =>
        {
            await Faults.ReadHead(stream, ending);
            reached.SetResult();
            await UntilClosedAsync(stream, left, ending);
        }, shared.Gateway.Pki.IssueServer());
        await using var caller = await RawCaller.ConnectAsync(shared.Gateway);
        await caller.SendAsync("POST", remote.Url, [framing], part);
        await reached.Task.WaitAsync(Patience, Cancellation);

        caller.Reset();

        await left.Task.WaitAsync(Patience, Cancellation);
    }

    [Fact]
    public async Task Over_HTTP_2_the_stream_is_reset()
    {
        var (reached, left) = (Signal(), Signal());
        await using var remote = await MtlsServer.StartAsync(shared.Gateway.Pki, options =>
        {
            options.ClientCertificates = ClientCertificateMode.NoCertificate;
            options.Handler = async context =>
            {
                await using var leaving = context.RequestAborted.Register(left.SetResult);
                reached.SetResult();
                await left.Task;
            };
        });
        await using var caller = await RawCaller.ConnectAsync(shared.Gateway);
        await caller.SendAsync("GET", remote.Url, []);
        await reached.Task.WaitAsync(Patience, Cancellation);

        caller.Reset();

        await left.Task.WaitAsync(Patience, Cancellation);
    }

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
        var seen = Signal();
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
            Assert.Equal("connection-closed", head["LP-error-from-transport"]);
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
        var (reached, seen) = (Signal(), new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously));
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

    [Fact]
    public async Task A_slow_reader_slows_the_remote()
    {
        const int total = 256 * 1024 * 1024;
        var written = 0L;
        await using var remote = new FaultyServer(async (stream, ending) =>
        {
            await Faults.ReadHead(stream, ending);
            await RawHttp.WriteAsync(stream, $"HTTP/1.1 200 OK\r\nContent-Length: {total}\r\n\r\n", ending);
            var block = new byte[64 * 1024];
            for (var sent = 0; sent < total; sent += block.Length)
            {
                await stream.WriteAsync(block, ending);
                Interlocked.Add(ref written, block.Length);
            }
        }, shared.Gateway.Pki.IssueServer());
        await using var caller = await RawCaller.ConnectAsync(shared.Gateway);
        await caller.SendAsync("GET", remote.Url, []);
        await caller.ReadHeadAsync();

        Assert.InRange(await StandstillAsync(() => Interlocked.Read(ref written)), 1, total / 4);
        await caller.Stream.ReadExactlyAsync(new byte[total / 2], Cancellation);
        Assert.True(Interlocked.Read(ref written) > total / 4);
    }

    [Fact]
    public async Task A_slow_remote_slows_the_caller()
    {
        const int total = 100 * 1024 * 1024;
        var go = Signal();
        await using var remote = new FaultyServer(async (stream, ending) =>
        {
            await Faults.ReadHead(stream, ending);
            await go.Task.WaitAsync(ending);
            await stream.ReadExactlyAsync(new byte[total], ending);
            await RawHttp.WriteAsync(stream, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", ending);
        }, shared.Gateway.Pki.IssueServer());
        await using var caller = await RawCaller.ConnectAsync(shared.Gateway);
        await caller.SendAsync("POST", remote.Url, [$"Content-Length: {total}"]);
        var sent = 0L;
        var sending = Task.Run(async () =>
        {
            var block = new byte[64 * 1024];
            for (var at = 0; at < total; at += block.Length)
            {
                await caller.Stream.WriteAsync(block, Cancellation);
                Interlocked.Add(ref sent, block.Length);
            }
        }, Cancellation);

        Assert.InRange(await StandstillAsync(() => Interlocked.Read(ref sent)), 1, total / 2);
        go.SetResult();
        await sending;
        Assert.Equal("HTTP/1.1 200 OK", (await caller.ReadHeadAsync()).FirstLine);
    }

    /// <summary>Polls until the number has stayed the same for a second.</summary>
    private static async Task<long> StandstillAsync(Func<long> number)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        var (last, same) = (0L, 0);
        for (var poll = 0; poll < 600 && same < 10; poll++)
        {
            await timer.WaitForNextTickAsync(Cancellation);
            var now = number();
            same = now == last && now > 0 ? same + 1 : 0;
            last = now;
        }

        Assert.Equal(10, same);
        return last;
    }

    private static TaskCompletionSource Signal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private static async Task UntilClosedAsync(Stream stream, TaskCompletionSource closed, CancellationToken ending)
    {
        try
        {
            await stream.CopyToAsync(Stream.Null, ending);
        }
        catch (IOException)
        {
            // A reset is a way to leave too.
        }

        closed.SetResult();
    }
}
