using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Time.Testing;
using MtlsFunctions.Connections;
using MtlsFunctions.Shared;

namespace MtlsFunctions.Tests.Connections;

/// <summary>RFC 8305: a host is reached by whichever of its addresses answers first.</summary>
public sealed class DiallingTests
{
    private static readonly IPAddress First = IPAddress.Parse("127.0.0.3");
    private static readonly IPAddress Second = IPAddress.Parse("127.0.0.2");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_address_that_says_nothing_costs_a_quarter_of_a_second_and_not_the_whole_time_limit()
    {
        await using var listener = new RefusingListener(Second);
        using var silent = new SilentListener(First, listener.Port);

        await using var stream = await Dialling.ConnectAsync([First, Second], listener.Port, TimeProvider.System, Cancellation).WaitAsync(TimeSpan.FromSeconds(4), Cancellation);

        Assert.Equal(1, await listener.CountAsync());
    }

    [Fact]
    public async Task The_next_address_gets_its_turn_when_the_time_has_come_and_not_before()
    {
        var clock = new FakeTimeProvider();
        await using var listener = new RefusingListener(Second);
        using var silent = new SilentListener(First, listener.Port);

        var connecting = Dialling.ConnectAsync([First, Second], listener.Port, clock, Cancellation);

        clock.Advance(Dialling.Stagger - TimeSpan.FromMilliseconds(1));
        Assert.Equal(0, await listener.CountAsync());
        clock.Advance(TimeSpan.FromMilliseconds(1));
        await (await connecting).DisposeAsync();
    }

    [Fact]
    public async Task One_that_refuses_is_followed_at_once()
    {
        await using var listener = new RefusingListener(Second);

        await using var stream = await Dialling.ConnectAsync([First, First, Second], listener.Port, new FakeTimeProvider(), Cancellation);

        Assert.Equal(1, await listener.CountAsync());
    }

    [Fact]
    public async Task Families_take_turns()
    {
        await using var listener = new RefusingListener(IPAddress.IPv6Loopback);
        using var silent = new SilentListener(First, listener.Port);
        // The other three of the first family would take one turn more each.
        var connecting = Dialling.ConnectAsync([First, First, First, IPAddress.IPv6Loopback], listener.Port, new AdvancedOnce(), Cancellation);
        await (await connecting).DisposeAsync();
    }

    [Fact]
    public async Task Whoever_leaves_ends_all_attempts()
    {
        using var leaving = new CancellationTokenSource();
        using var silent = new SilentListener(First);
        using var another = new SilentListener(Second, silent.Port);
        var connecting = Dialling.ConnectAsync([First, Second], silent.Port, TimeProvider.System, leaving.Token);
        await leaving.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => connecting);
    }

    [Fact]
    public async Task When_none_answers_the_reason_is_told()
    {
        int port;
        await using (var gone = new RefusingListener(Second))
            port = gone.Port;
        var fault = await Assert.ThrowsAsync<SocketException>(() => Dialling.ConnectAsync([First, Second], port, TimeProvider.System, Cancellation));
        Assert.Equal(SocketError.ConnectionRefused, fault.SocketErrorCode);
    }

    /// <summary>Its first timer fires at once and no other ever does.</summary>
    private sealed class AdvancedOnce : TimeProvider
    {
        private int timers;

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
            base.CreateTimer(callback, state, Interlocked.Increment(ref timers) == 1 ? TimeSpan.Zero : Timeout.InfiniteTimeSpan, period);
    }
}
