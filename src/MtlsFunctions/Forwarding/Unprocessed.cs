using System.Reflection;

namespace MtlsFunctions.Forwarding;

/// <summary>Whether a request that failed has certainly not been processed. Only then is one sent again that could have done its work.</summary>
internal static class Unprocessed
{
    /// <summary>RFC 9113 section 7.</summary>
    public const int RefusedStream = 7;

    /// <summary>RFC 9113 section 7.</summary>
    public const int Http11Required = 13;

    // The client's own judgement: the remote refused the stream or left it out of its GOAWAY, or nothing of it had gone out. The error
    // that the client shows doesn't tell that: it shows a GOAWAY's to streams that the remote took, too. There is no public member.
    private static readonly PropertyInfo? AllowRetry = typeof(HttpRequestException).GetProperty("AllowRetry", BindingFlags.Instance | BindingFlags.NonPublic);

    /// <summary>Over HTTP/2; over HTTP/1.1 nobody can say it.</summary>
    public static bool Says(Exception fault) =>
        fault is HttpRequestException { InnerException: null or HttpProtocolException } && AllowRetry?.GetValue(fault)?.ToString() == "RetryOnConnectionFailure";

    /// <summary>It has too much to do; otherwise it was its connection that came to an end.</summary>
    public static bool IsRefusal(Exception fault) => Has(fault, RefusedStream);

    /// <summary>Not over HTTP/2, but over HTTP/1.1 it will be.</summary>
    public static bool AsksForHttp1(Exception fault) => Has(fault, Http11Required);

    private static bool Has(Exception fault, int code) => TransportError.Causes(fault).OfType<HttpProtocolException>().Any(said => said.ErrorCode == code);
}

/// <summary>The remote has not processed the request, and it can't be sent again.</summary>
internal sealed class BodyGoneException() : IOException("The remote did not process the request, and too much of its body has gone out to send it again.");
