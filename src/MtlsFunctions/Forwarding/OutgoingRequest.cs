using System.Net;
using Microsoft.Extensions.Primitives;

namespace MtlsFunctions.Forwarding;

/// <summary>The request as it goes out: everything that the caller sent, less what belongs to its connection or to this gateway.</summary>
internal static class OutgoingRequest
{
    /// <param name="body">Null for a request without one.</param>
    /// <param name="addressHeader">See <see cref="Authorization.ThrottleOptions.TrustedAddressHeader"/>: the caller's address is nobody's business.</param>
    public static HttpRequestMessage Make(HttpRequest request, ForwardRequest forward, RequestBody? body, bool http2, string addressHeader = "")
    {
        var message = new HttpRequestMessage(HttpMethod.Parse(request.Method), forward.Target.Uri)
        {
            Version = http2 ? HttpVersion.Version20 : HttpVersion.Version11,
            VersionPolicy = HttpVersionPolicy.RequestVersionOrLower,
            Content = body,
        };
        var perConnection = request.Headers.Connection;
        foreach (var (name, values) in request.Headers)
        {
            if (ControlHeaders.GoesUpstream(name) && !ControlHeaders.Names(perConnection, name) && !name.Equals(addressHeader, StringComparison.OrdinalIgnoreCase))
                Add(message, name, values);
        }

        if (forward.AuthorizationOverride.Count > 0)
            Add(message, "Authorization", forward.AuthorizationOverride);
        // Without content the client repeats the request when the connection closes before the answer; with empty content it doesn't.
        if (message.Content is null && !SentOnce.IsIdempotent(message.Method))
            message.Content = new ByteArrayContent([]);
        return message;
    }

    private static void Add(HttpRequestMessage message, string name, StringValues values)
    {
        if (values is [{ } one])
        {
            if (!message.Headers.TryAddWithoutValidation(name, one))
                Content(message).Headers.TryAddWithoutValidation(name, one);
        }
        else if (!message.Headers.TryAddWithoutValidation(name, (IEnumerable<string?>)values))
        {
            Content(message).Headers.TryAddWithoutValidation(name, (IEnumerable<string?>)values);
        }
    }

    // A header of content has no other place, even where there is none.
    private static HttpContent Content(HttpRequestMessage message) => message.Content ??= new ByteArrayContent([]);
}
