using System.Net.Http.Headers;
using Microsoft.Extensions.Primitives;

namespace MtlsFunctions.Forwarding;

/// <summary>
/// Gives a request without a body the empty content that it needs, between the forwarder, which lets nobody set it, and the client:
/// for content headers, which have no other place, and for methods that must not be sent twice, which the client does with
/// a request without content when the connection closes before the answer.
/// </summary>
internal sealed class EmptyContent(HttpMessageHandler inner) : DelegatingHandler(inner)
{
    private static readonly HttpRequestOptionsKey<List<KeyValuePair<string, StringValues>>> Headers = new("MtlsFunctions.ContentHeaders");

    public static bool IsIdempotent(HttpMethod method) => method != HttpMethod.Post && method != HttpMethod.Patch;

    /// <summary>Adds a header to the request, or to its content where it belongs there.</summary>
    public static void AddHeader(HttpRequestMessage request, string name, StringValues values)
    {
        if (request.Headers.TryAddWithoutValidation(name, (IEnumerable<string?>)values))
            return;
        if (request.Content is { } content)
        {
            Add(content.Headers, name, values);
            return;
        }

        if (!request.Options.TryGetValue(Headers, out var late))
            request.Options.Set(Headers, late = []);
        late.Add(KeyValuePair.Create(name, values));
    }

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (request.Content is null)
        {
            var late = request.Options.TryGetValue(Headers, out var kept) ? kept : null;
            if (late is not null || !IsIdempotent(request.Method))
                request.Content = new ByteArrayContent([]);
            foreach (var (name, values) in late ?? [])
                Add(request.Content!.Headers, name, values);
        }

        return base.SendAsync(request, cancellationToken);
    }

    private static void Add(HttpContentHeaders headers, string name, StringValues values) =>
        headers.TryAddWithoutValidation(name, (IEnumerable<string?>)values);
}
