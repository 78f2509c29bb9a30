using MtlsFunctions.Shared;

namespace MtlsFunctions.EndToEndTests.Forwarding.Wire;

/// <summary>Whoever is slow slows the other side, because nothing is kept between them.</summary>
public sealed class BackpressureTests(AccountsFixture shared) : IClassFixture<AccountsFixture>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

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
        var go = Signal.New();
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
}
