using System.Net;

namespace MtlsFunctions.Forwarding;

/// <summary>
/// Gives up when the remote doesn't begin to answer within the limit after the whole request went out. It stands beside the
/// forwarder's own watch, which only looks for standstill.
/// </summary>
internal sealed class FirstByteLimit(HttpMessageHandler inner, TimeSpan limit, TimeProvider clock) : DelegatingHandler(inner)
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var patience = new CancellationTokenSource(Timeout.InfiniteTimeSpan, clock);
        await using var leaving = cancellationToken.UnsafeRegister(static source => ((CancellationTokenSource)source!).Cancel(), patience);
        if (request.Content is { } content)
            request.Content = new WatchedContent(content, () => patience.CancelAfter(limit));
        else
            patience.CancelAfter(limit);
        try
        {
            return await base.SendAsync(request, patience.Token);
        }
        catch (OperationCanceledException fault) when (patience.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw new RemoteSilentException(fault);
        }
        finally
        {
            // Not disposed: over HTTP/2 the last of the request may go out after the answer has begun.
            patience.CancelAfter(Timeout.InfiniteTimeSpan);
        }
    }

    /// <summary>The same content, which tells when all of it has been sent.</summary>
    private sealed class WatchedContent : HttpContent
    {
        private readonly HttpContent content;
        private readonly Action sent;

        public WatchedContent(HttpContent content, Action sent)
        {
            (this.content, this.sent) = (content, sent);
            foreach (var (name, values) in content.Headers.NonValidated)
                Headers.TryAddWithoutValidation(name, values);
        }

        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
            SerializeToStreamAsync(stream, context, CancellationToken.None);

        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
        {
            await content.CopyToAsync(stream, context, cancellationToken);
            sent();
        }

        protected override bool TryComputeLength(out long length)
        {
            length = content.Headers.ContentLength ?? 0;
            return content.Headers.ContentLength is not null;
        }
    }
}

/// <summary>The request went out whole, and no byte of an answer came in time.</summary>
public sealed class RemoteSilentException(Exception cause) : Exception("The remote endpoint did not begin to answer in time.", cause);
