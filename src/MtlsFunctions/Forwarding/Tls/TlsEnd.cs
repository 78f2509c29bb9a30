namespace MtlsFunctions.Forwarding.Tls;

/// <summary>How the remote ended TLS, in the handshake or right after it, and what had been said before.</summary>
internal sealed record TlsEnd
{
    /// <summary>What the remote gave as its reason; null where it only closed or reset the connection.</summary>
    public TlsAlert? Alert { get; init; }

    /// <summary>The handshake was not over yet.</summary>
    public bool InHandshake { get; init; }

    /// <summary>In the handshake: something came, and it wasn't TLS.</summary>
    public bool SpokeNoTls { get; init; }

    /// <summary>In the handshake: it ended before the remote had chosen anything of what we offer.</summary>
    public bool ChoseNothing { get; init; }

    /// <summary>The remote has asked for a client certificate.</summary>
    public bool AskedForCertificate { get; init; }

    /// <summary>It was asked for and none was shown, whether we have one or not.</summary>
    public bool ShowedNothing { get; init; }

    /// <summary>Names of authorities that the remote takes, as far as it said any.</summary>
    public IReadOnlyList<string> AcceptableIssuers { get; init; } = [];

    /// <summary>The remote's certificate and what it sent behind it, DER; empty where it isn't known.</summary>
    public IReadOnlyList<byte[]> RemoteChain { get; init; } = [];

    /// <summary>The cipher suites that we offered, where that is known.</summary>
    public IReadOnlyList<string> OfferedSuites { get; init; } = [];

    /// <param name="withCertificate">Whether there was a client certificate to show.</param>
    public string CodeFor(bool withCertificate) => Alert switch
    {
        { IsHandshakeFailure: true } when InHandshake && ChoseNothing => TransportError.TlsNoCommonCipher,
        { IsHandshakeFailure: true } when AskedForCertificate => !withCertificate ? TransportError.TlsCertificateRequired
            : ShowedNothing ? TransportError.TlsKeyUnsuitable
            : TransportError.TlsCertificateRefused,
        { IsHandshakeFailure: true } when InHandshake => TransportError.TlsFailed,
        { IsAboutCertificate: true } when withCertificate && ShowedNothing => TransportError.TlsKeyUnsuitable,
        { } alert => alert.CodeFor(withCertificate),
        null when AskedForCertificate => withCertificate && ShowedNothing ? TransportError.TlsKeyUnsuitable : TransportError.TlsClosedAfterHandshake,
        null => InHandshake ? TransportError.TlsFailed : TransportError.ConnectionClosed,
    };
}

/// <summary>
/// The remote has ended TLS. A failure that the HTTP client doesn't repeat on another connection: it would be told the same there,
/// and where a request has gone out nobody knows what has become of it.
/// </summary>
internal sealed class TlsEndedException(TlsEnd end, Exception? cause)
    : HttpRequestException(HttpRequestError.ResponseEnded, "The remote endpoint has ended the connection before it answered.", cause)
{
    public TlsEnd End => end;
}
