namespace MtlsFunctions.Forwarding;

/// <summary>How long one forward waits: until its caller leaves, or until it has stood still for as long as the options allow.</summary>
internal sealed class Patience : IDisposable
{
    private readonly ForwardingOptions options;
    private readonly CancellationToken caller;
    private readonly CancellationTokenSource end;
    private readonly CancellationTokenRegistration leaving;
    private volatile bool answered;

    public Patience(ForwardingOptions options, TimeProvider clock, CancellationToken caller)
    {
        (this.options, this.caller) = (options, caller);
        end = new CancellationTokenSource(Timeout.InfiniteTimeSpan, clock);
        leaving = caller.UnsafeRegister(static source => ((CancellationTokenSource)source!).Cancel(), end);
    }

    public CancellationToken Token => end.Token;

    public bool CallerLeft => caller.IsCancellationRequested;

    /// <summary>Nobody may wait any longer; also after <see cref="End"/>.</summary>
    public bool IsOver => end.IsCancellationRequested;

    /// <summary>A byte went on, in either direction.</summary>
    public void Moved() => end.CancelAfter(options.ActivityTimeout);

    /// <summary>The whole request has gone out; over HTTP/2 the answer may have begun before that.</summary>
    public void Sent() => end.CancelAfter(answered ? options.ActivityTimeout : options.FirstByteTimeout);

    public void Answered()
    {
        answered = true;
        Moved();
    }

    /// <summary>Ends what is still under way.</summary>
    public void End() => end.Cancel();

    public void Dispose()
    {
        leaving.Dispose();
        end.Dispose();
    }
}
