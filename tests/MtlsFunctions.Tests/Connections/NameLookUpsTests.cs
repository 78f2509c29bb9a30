using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Time.Testing;
using MtlsFunctions.Connections;
using MtlsFunctions.Shared;

namespace MtlsFunctions.Tests.Connections;

/// <summary>A name server that says nothing costs the account that asked, nobody else, and no thread of the pool.</summary>
public sealed class NameLookUpsTests : IDisposable
{
    private static readonly IPAddress Somewhere = IPAddress.Parse("127.0.0.2");

    private readonly FakeTimeProvider clock = new();
    private readonly ManualResetEventSlim answering = new();
    private readonly ConcurrentQueue<string> asked = new();
    private readonly NameLookUps names;
    private int silent;
    private volatile bool ofThePool;

    public NameLookUpsTests() => names = new NameLookUps(clock, Resolve);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Silent_names_of_one_account_hold_up_nobody_else_and_no_thread_of_the_pool()
    {
        var held = Enumerable.Range(0, 200).Select(number => names.FindAsync("noisy", $"{number}.silent.example", Cancellation)).ToArray();
        await Eventually.TrueAsync(() => Volatile.Read(ref silent) == 4);

        Assert.Equal([Somewhere], await names.FindAsync("quiet", "kind.example", Cancellation));

        Assert.Equal((4, false), (Volatile.Read(ref silent), ofThePool));
        answering.Set();
        await Task.WhenAll(held);
        Assert.Equal((201, false), (asked.Count, ofThePool));
    }

    [Fact]
    public async Task Silent_names_of_many_accounts_take_no_more_than_64_threads()
    {
        var held = Enumerable.Range(0, 400).Select(number => names.FindAsync($"account-{number / 10}", $"{number}.silent.example", Cancellation)).ToArray();
        await Eventually.TrueAsync(() => Volatile.Read(ref silent) == 64);
        answering.Set();
        await Task.WhenAll(held);
        Assert.Equal(400, asked.Count);
    }

    [Fact]
    public async Task However_many_ask_for_a_name_it_is_looked_up_once()
    {
        var held = Enumerable.Range(0, 100).Select(number => names.FindAsync($"account-{number}", number % 2 == 0 ? "one.silent.example" : "ONE.silent.EXAMPLE", Cancellation)).ToArray();
        await Eventually.TrueAsync(() => Volatile.Read(ref silent) == 1);
        answering.Set();
        Assert.All(await Task.WhenAll(held), found => Assert.Equal([Somewhere], found));
        Assert.Single(asked);
    }

    [Fact]
    public async Task A_name_that_waits_behind_anothers_silent_ones_is_looked_up_for_whoever_else_asks()
    {
        var held = Enumerable.Range(0, 8).Select(number => names.FindAsync("noisy", $"{number}.silent.example", Cancellation)).ToArray();
        var waiting = names.FindAsync("noisy", "kind.example", Cancellation);
        await Eventually.TrueAsync(() => Volatile.Read(ref silent) == 4);
        Assert.False(waiting.IsCompleted);

        Assert.Equal([Somewhere], await names.FindAsync("quiet", "kind.example", Cancellation));

        Assert.Equal([Somewhere], await waiting);
        Assert.Equal(1, asked.Count(name => name == "kind.example"));
        answering.Set();
        await Task.WhenAll(held);
    }

    [Fact]
    public async Task Whoever_does_not_wait_any_longer_hears_that_time_is_up()
    {
        using var limit = new CancellationTokenSource();
        var held = names.FindAsync("a", "one.silent.example", limit.Token);
        await limit.CancelAsync();
        await Assert.ThrowsAsync<NameTimeoutException>(() => held);
    }

    [Fact]
    public async Task A_full_line_is_told_at_once_and_is_nobody_elses()
    {
        var held = Enumerable.Range(0, 300).Select(number => names.FindAsync("noisy", $"{number}.silent.example", Cancellation)).ToArray();
        await Eventually.TrueAsync(() => Volatile.Read(ref silent) == 4);
        Assert.InRange(held.Count(look => look.IsFaulted), 40, 44); // four under way, 256 wait; which of the four were taken out in time is open
        Assert.All(held.Where(look => look.IsFaulted), look => Assert.IsType<NameTimeoutException>(look.Exception?.InnerException));
        Assert.Equal([Somewhere], await names.FindAsync("quiet", "kind.example", Cancellation));
    }

    [Fact]
    public async Task An_answer_is_kept_for_half_a_minute_and_a_failure_for_five_seconds()
    {
        await FindTwiceAsync("kind.example");
        await MissTwiceAsync();
        Assert.Equal(["kind.example", "missing.example"], asked);

        clock.Advance(TimeSpan.FromSeconds(5));
        await FindTwiceAsync("kind.example");
        await MissTwiceAsync();
        Assert.Equal(["kind.example", "missing.example", "missing.example"], asked);

        clock.Advance(TimeSpan.FromSeconds(25));
        await FindTwiceAsync("kind.example");
        Assert.Equal(["kind.example", "missing.example", "missing.example", "kind.example"], asked);
    }

    [Fact]
    public async Task An_account_keeps_256_names_and_takes_no_others_place()
    {
        await names.FindAsync("quiet", "kind.example", Cancellation);
        for (var number = 0; number < 300; number++)
            await names.FindAsync("noisy", $"{number}.example", Cancellation);
        asked.Clear();

        await names.FindAsync("quiet", "kind.example", Cancellation);
        await names.FindAsync("noisy", "0.example", Cancellation);
        await names.FindAsync("noisy", "299.example", Cancellation);

        Assert.Equal(["299.example"], asked);
        clock.Advance(TimeSpan.FromMinutes(1));
        await names.FindAsync("noisy", "another.example", Cancellation);
        await names.FindAsync("noisy", "another.example", Cancellation);
        Assert.Equal(["299.example", "another.example"], asked);
    }

    [Theory]
    [InlineData("localhost")]
    [InlineData("nobody.invalid")]
    public async Task The_systems_resolver_answers(string name)
    {
        var looking = new NameLookUps(clock).FindAsync("a", name, Cancellation);
        if (name == "localhost")
            Assert.Contains(IPAddress.Loopback, await looking);
        else
            await Assert.ThrowsAsync<SocketException>(() => looking);
    }

    [Fact]
    public async Task What_is_no_name_is_not_found() => Assert.Equal(
        SocketError.HostNotFound,
        (await Assert.ThrowsAsync<SocketException>(() => new NameLookUps(clock).FindAsync("a", new string('a', 300), Cancellation))).SocketErrorCode);

    public void Dispose()
    {
        answering.Set();
        GC.SuppressFinalize(this);
    }

    private async Task FindTwiceAsync(string name)
    {
        Assert.Equal([Somewhere], await names.FindAsync("a", name, Cancellation));
        Assert.Equal([Somewhere], await names.FindAsync("b", name, Cancellation));
    }

    private async Task MissTwiceAsync()
    {
        await Assert.ThrowsAsync<SocketException>(() => names.FindAsync("a", "missing.example", Cancellation));
        await Assert.ThrowsAsync<SocketException>(() => names.FindAsync("b", "missing.example", Cancellation));
    }

    private IPAddress[] Resolve(string name)
    {
        asked.Enqueue(name);
        ofThePool |= Thread.CurrentThread.IsThreadPoolThread;
        if (name.EndsWith(".silent.example", StringComparison.OrdinalIgnoreCase))
        {
            Interlocked.Increment(ref silent);
            answering.Wait();
            Interlocked.Decrement(ref silent);
        }

        return name.StartsWith("missing.", StringComparison.Ordinal) ? throw new SocketException((int)SocketError.HostNotFound) : [Somewhere];
    }
}
