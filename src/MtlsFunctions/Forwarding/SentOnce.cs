using System.Text;

namespace MtlsFunctions.Forwarding;

/// <summary>
/// The client repeats a request that expects "100 Continue" when its connection ends before any answer, because the body hasn't
/// gone out. For a method that isn't idempotent the head alone may have done its work. The client has no switch for it, but it
/// asks for the encoding of each header whenever it writes the request: the second time is refused.
/// </summary>
internal static class SentOnce
{
    private const string Expect = "Expect";

    private static readonly HttpRequestOptionsKey<bool> Written = new("MtlsFunctions.Written");

    // The client writes a request over HTTP/1.1 where it was asked to send it; over HTTP/2 elsewhere.
    private static readonly AsyncLocal<HttpRequestMessage?> Sent = new();

    public static bool IsIdempotent(HttpMethod method) => method != HttpMethod.Post && method != HttpMethod.Patch;

    /// <summary>To be called where the request is given to the client.</summary>
    public static void Begin(HttpRequestMessage request)
    {
        if (!IsIdempotent(request.Method) && request.Headers.NonValidated.Contains(Expect))
            Sent.Value = request;
    }

    /// <summary>A part of a request goes out over HTTP/1.1. What a remote refuses over HTTP/2 goes out again.</summary>
    public static void WroteHttp1() => Sent.Value?.Options.Set(Written, true);

    /// <summary>For <see cref="SocketsHttpHandler.RequestHeaderEncodingSelector"/>. Latin-1 maps each byte to one character and back.</summary>
    /// <exception cref="InvalidOperationException">The request must not be sent again.</exception>
    public static Encoding EncodingOf(string header, HttpRequestMessage request)
    {
        if (header.Equals(Expect, StringComparison.OrdinalIgnoreCase) && request.Options.TryGetValue(Written, out _))
            throw new InvalidOperationException("The connection was closed before the answer, and this request is not sent twice.");
        return Encoding.Latin1;
    }
}
