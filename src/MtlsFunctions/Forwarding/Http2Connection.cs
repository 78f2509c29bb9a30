using MtlsFunctions.Forwarding.Tls;

namespace MtlsFunctions.Forwarding;

/// <summary>
/// An HTTP/2 connection beneath the client. It tells the client what that can't know by itself: what became of each request when a
/// connection ends, and that a connection which answers nothing is not to be used.
/// </summary>
internal sealed partial class Http2Connection : WrappedStream
{
    // RFC 9113 section 3.4.
    private const int PrefaceLength = 24;

    private readonly TimeProvider clock;
    private readonly Http2Streams streams = new();
    private readonly Http2Incoming incoming;
    private readonly Http2Liveness liveness;
    private readonly Action<Http2Connection> ended;
    private readonly SemaphoreSlim writing = new(1, 1);
    private readonly TaskCompletionSource disposed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int left = PrefaceLength;

    /// <param name="ended">Called once, when the client has let go of it.</param>
    /// <param name="wantsHttp1">Called when the remote says that it wants HTTP/1.1 instead.</param>
    public Http2Connection(Stream inner, ForwardingOptions options, TimeProvider clock, Action<Http2Connection> ended, Action wantsHttp1)
        : base(inner)
    {
        (this.clock, this.ended) = (clock, ended);
        liveness = new Http2Liveness(options, clock, streams, PingAsync, Interrupt);
        incoming = new Http2Incoming(streams, liveness, wantsHttp1);
    }

    /// <summary>
    /// No new request is to use it, those under way go on: a request has waited in vain since then, and if no frame has come either,
    /// the connection is likely dead.
    /// </summary>
    public void LeaveIfSilentSince(long timestamp)
    {
        if (liveness.IsSilentSince(timestamp))
            Interrupt(Http2End.NoMoreRequests);
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (!incoming.HasSome)
        {
            if (!await FillAsync())
                return 0;
        }

        return incoming.Take(buffer.Span);
    }

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        // Without a sign of life nothing of it goes out, and the client is told that by then.
        if (!await liveness.AskAsync())
            return;
        await writing.WaitAsync(cancellationToken);
        try
        {
            if (streams.TrySend(buffer.Span, ref left))
                await Inner.WriteAsync(buffer, cancellationToken);
        }
        catch (Exception) when (incoming.HasBegun)
        {
            // Whoever reads finds what the remote said last, and then that it has ended.
        }
        finally
        {
            writing.Release();
        }
    }

    public override ValueTask DisposeAsync()
    {
        Let();
        return base.DisposeAsync();
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            Let();
        base.Dispose(disposing);
    }
}
