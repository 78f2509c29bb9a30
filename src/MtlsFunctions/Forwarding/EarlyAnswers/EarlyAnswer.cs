namespace MtlsFunctions.Forwarding.EarlyAnswers;

/// <summary>
/// What a request's body and the connection that it goes out on tell each other. The HTTP client reads an answer over HTTP/1.1 only
/// when the whole body has gone out, so neither could know otherwise that the remote has answered and wants no more of it.
/// </summary>
internal sealed class EarlyAnswer
{
    // The client sends a request where it was asked to; its connection has no other way to know for whom it writes.
    private static readonly AsyncLocal<EarlyAnswer?> Current = new();

    private readonly TaskCompletionSource refused = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile bool bodyBegun;
    private volatile bool bodySent;

    /// <summary>Null for a request without a body.</summary>
    public static EarlyAnswer? OfThisRequest => Current.Value;

    /// <summary>When the remote wants no more of the body: the connection drops what is still written. Never fails.</summary>
    public Task Refused => refused.Task;

    public bool IsRefused => refused.Task.IsCompleted;

    /// <summary>The body goes out now, so that an answer is an early one.</summary>
    public bool IsUnderWay => bodyBegun && !bodySent;

    public bool IsSent => bodySent;

    /// <summary>Bytes of the request that its connection has taken.</summary>
    public long Written { get; set; }

    /// <summary>Makes the connection read while nothing is written, because the rest of the body is still to come. Set by an HTTP/1.1 connection.</summary>
    public Action? Watch { get; set; }

    /// <summary>For the request that is given to the client next, in this method and those it calls.</summary>
    public static EarlyAnswer Begin() => Current.Value = new EarlyAnswer();

    public void BeginBody() => (bodySent, bodyBegun) = (false, true);

    /// <summary>Before its last bytes are flushed: what is answered after that is not early.</summary>
    public void EndBody() => bodySent = true;

    public void Refuse() => refused.TrySetResult();
}
