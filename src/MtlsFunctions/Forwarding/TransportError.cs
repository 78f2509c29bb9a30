using System.Net.Sockets;
using System.Security.Authentication;
using MtlsFunctions.Connections;
using MtlsFunctions.Forwarding.Tls;

namespace MtlsFunctions.Forwarding;

/// <summary>The stable codes of <c>LP-error-from-transport</c>, listed in docs/problems.md, and what leads to each.</summary>
public static class TransportError
{
    public const string NameNotFound = "name-not-found";
    public const string NameTimeout = "name-timeout";
    public const string ConnectionRefused = "connection-refused";
    public const string ConnectTimeout = "connect-timeout";
    public const string ConnectFailed = "connect-failed";
    public const string TlsUntrusted = "tls-untrusted";
    public const string TlsWrongHost = "tls-wrong-host";
    public const string TlsExpired = "tls-expired";
    public const string TlsProtocol = "tls-protocol";
    public const string TlsCertificateRequired = "tls-certificate-required";
    public const string TlsCertificateRefused = "tls-certificate-refused";
    public const string TlsClosedAfterHandshake = "tls-closed-after-handshake";
    public const string TlsKeyUnsuitable = "tls-key-unsuitable";
    public const string TlsNoCommonCipher = "tls-no-common-cipher";
    public const string TlsTooWeak = "tls-too-weak";
    public const string TlsFailed = "tls-failed";
    public const string ResponseTimeout = "response-timeout";
    public const string ProtocolError = "protocol-error";
    public const string ResponseHeadersTooLarge = "response-headers-too-large";
    public const string ConnectionClosed = "connection-closed";
    public const string NotProcessed = "request-not-processed";

    /// <param name="timedOut">The client gave up waiting; the exception tells for what.</param>
    /// <param name="withCertificate">Whether the remote was shown a client certificate.</param>
    public static string CodeOf(bool timedOut, Exception? fault, bool withCertificate)
    {
        var causes = Causes(fault).ToArray();
        if (causes.OfType<NameTimeoutException>().Any())
            return NameTimeout;
        if (causes.OfType<RemoteCertificateException>().FirstOrDefault() is { } remote)
            return remote.Code;
        if (causes.OfType<TlsEndedException>().FirstOrDefault() is { } ended)
            return ended.End.CodeFor(withCertificate);
        if (causes.Select(TlsAlert.Of).FirstOrDefault(alert => alert is not null) is { } received)
            return received.CodeFor(withCertificate);
        if (causes.Select(OpenSslReason.Of).FirstOrDefault(reason => reason is not null) is { } reason)
            return reason.Code;
        if (causes.OfType<BodyGoneException>().Any() || (fault is not null && (Unprocessed.Says(fault) || Unprocessed.AsksForHttp1(fault))))
            return NotProcessed;
        var request = causes.Select(RequestErrorOf).FirstOrDefault(error => error is not null);
        if (request == HttpRequestError.SecureConnectionError || causes.OfType<AuthenticationException>().Any())
            return TlsFailed;
        if (causes.OfType<SocketException>().FirstOrDefault() is { } socket && FromSocket(socket.SocketErrorCode) is { } code)
            return code;
        if (timedOut)
            return causes.OfType<TimeoutException>().Any() ? ConnectTimeout : ResponseTimeout;
        return request switch
        {
            HttpRequestError.NameResolutionError => NameNotFound,
            HttpRequestError.ConnectionError => ConnectFailed,
            HttpRequestError.HttpProtocolError or HttpRequestError.InvalidResponse or HttpRequestError.VersionNegotiationError => ProtocolError,
            HttpRequestError.ConfigurationLimitExceeded => ResponseHeadersTooLarge,
            _ => ConnectionClosed,
        };
    }

    // In the middle of a body the client says the same without its outer exception; of a chunk's size that never ends it gives no reason.
    private static HttpRequestError? RequestErrorOf(Exception cause) => cause switch
    {
        HttpRequestException { HttpRequestError: HttpRequestError.Unknown, InnerException: null } => HttpRequestError.InvalidResponse,
        HttpRequestException request => request.HttpRequestError,
        HttpIOException body => body.HttpRequestError,
        _ => null,
    };

    public static IEnumerable<Exception> Causes(Exception? fault) => fault switch
    {
        null => [],
        AggregateException many => many.InnerExceptions.SelectMany(Causes),
        _ => Causes(fault.InnerException).Prepend(fault),
    };

    private static string? FromSocket(SocketError error) => error switch
    {
        SocketError.HostNotFound or SocketError.NoData => NameNotFound,
        // What the resolver says when it has given up asking.
        SocketError.TryAgain => NameTimeout,
        SocketError.ConnectionRefused => ConnectionRefused,
        SocketError.TimedOut => ConnectTimeout,
        SocketError.HostUnreachable or SocketError.NetworkUnreachable => ConnectFailed,
        SocketError.ConnectionReset or SocketError.ConnectionAborted or SocketError.Shutdown => ConnectionClosed,
        _ => null,
    };
}
