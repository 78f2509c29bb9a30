namespace MtlsFunctions.Tests.Forwarding;

/// <summary>Counts how often what it made is disposed.</summary>
internal sealed class Disposals
{
    private int count;

    public int Count => Volatile.Read(ref count);

    /// <summary>Can send nothing.</summary>
    public HttpMessageInvoker Invoker() => new(new Handler(this), disposeHandler: true);

    private sealed class Handler(Disposals owner) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            throw new InvalidOperationException("Nothing is sent here.");

        protected override void Dispose(bool disposing)
        {
            Interlocked.Increment(ref owner.count);
            base.Dispose(disposing);
        }
    }
}
