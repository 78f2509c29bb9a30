namespace MtlsFunctions.Forwarding;

/// <summary>
/// Whether anybody is at the other end of an HTTP/2 connection. A firewall that forgets one says nothing: packets vanish. So a
/// connection is asked (PING) where requests wait and nothing comes, and before a request goes out over one that has been idle.
/// </summary>
internal sealed class Http2Liveness : IDisposable
{
    // gRPC servers end a connection at the fourth PING between two answers. Each waits twice as long as the one before.
    private const int MostPings = 3;

    // Positive like the client's own octets and far from them: those count from one, and its estimates of the round trip are negative.
    private const long Mark = 0x6D746C73_00000000;

    // Nothing is lost by asking in vain, only this time.
    private static readonly TimeSpan AskTimeout = TimeSpan.FromSeconds(2);

    private readonly ForwardingOptions options;
    private readonly TimeProvider clock;
    private readonly Http2Streams streams;
    private readonly Func<long, Task> ping;
    private readonly Action<Http2End> interrupt;
    private readonly ITimer timer;
    private TaskCompletionSource? sign;
    private long heard;
    private long pinged;
    private long count;
    private int unanswered;

    /// <param name="ping">Sends a PING with these octets; never fails.</param>
    public Http2Liveness(ForwardingOptions options, TimeProvider clock, Http2Streams streams, Func<long, Task> ping, Action<Http2End> interrupt)
    {
        (this.options, this.clock, this.streams, this.ping, this.interrupt) = (options, clock, streams, ping, interrupt);
        heard = clock.GetTimestamp();
        var period = TimeSpan.FromTicks(Math.Min(options.PingDelay.Ticks, options.PingTimeout.Ticks) / 4);
        timer = clock.CreateTimer(static self => ((Http2Liveness)self!).Look(), this, period, period);
    }

    public bool IsSilentSince(long timestamp) => Volatile.Read(ref heard) < timestamp;

    /// <summary>Something has come, whatever it is.</summary>
    public void Heard()
    {
        Volatile.Write(ref heard, clock.GetTimestamp());
        Volatile.Read(ref sign)?.TrySetResult();
    }

    /// <summary>A part of an answer has come.</summary>
    public void Answered() => Volatile.Write(ref unanswered, 0);

    /// <returns>Whether it answers a PING of ours; the client's own are none of our business.</returns>
    public bool IsAnswer(long octets) => octets > Mark && octets <= Mark + Volatile.Read(ref count);

    /// <returns>False when the connection has been idle for a while and gives no sign of life when it is asked: nothing may go out.</returns>
    public async ValueTask<bool> AskAsync()
    {
        if (clock.GetElapsedTime(Volatile.Read(ref heard)) < options.IdleBeforeAsking || streams.AnyOpen)
            return true;
        var asked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Volatile.Write(ref sign, asked);
        await PingAsync();
        try
        {
            await asked.Task.WaitAsync(AskTimeout, clock);
            return true;
        }
        catch (TimeoutException)
        {
            interrupt(Http2End.NothingWentOut);
            return false;
        }
    }

    public void Dispose() => timer.Dispose();

    private void Look()
    {
        if (!streams.AnyOpen)
            return;
        var (last, asked) = (Volatile.Read(ref heard), Volatile.Read(ref pinged));
        if (asked > last)
        {
            if (clock.GetElapsedTime(asked) >= options.PingTimeout)
                interrupt(Http2End.Dead);
        }
        else if (unanswered < MostPings && clock.GetElapsedTime(last) >= options.PingDelay * (1 << unanswered))
        {
            _ = PingAsync();
        }
    }

    private Task PingAsync()
    {
        Interlocked.Increment(ref unanswered);
        Volatile.Write(ref pinged, clock.GetTimestamp());
        return ping(Mark + Interlocked.Increment(ref count));
    }
}
