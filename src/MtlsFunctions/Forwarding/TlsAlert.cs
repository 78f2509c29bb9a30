namespace MtlsFunctions.Forwarding;

/// <summary>
/// What the remote said before it ended a TLS handshake, or the connection after one. .NET has no property for it: on Linux
/// it is in the error code of the OpenSSL exception. Elsewhere it stays unknown, and the code is <c>tls-failed</c>.
/// </summary>
internal readonly record struct TlsAlert(int Number)
{
    // OpenSSL's error codes: the library in the bits from 23 up, 20 being SSL, and the reason below; reasons from 1000 up are received alerts.
    private const int Library = 20 << 23;
    private const int FirstAlert = 1000;
    private const int LastAlert = FirstAlert + 255;
    private const int UnsupportedProtocol = 258;

    // RFC 8446 section 6.2 and RFC 5246 section 7.2.2.
    private const int HandshakeFailure = 40;
    private const int NoCertificate = 41;
    private const int CertificateUnknown = 46;
    private const int UnknownCa = 48;
    private const int AccessDenied = 49;
    private const int DecryptError = 51;
    private const int ProtocolVersion = 70;
    private const int InsufficientSecurity = 71;
    private const int InappropriateFallback = 86;
    private const int CertificateRequired = 116;

    public bool IsHandshakeFailure => Number == HandshakeFailure;

    /// <summary>It says that the certificate that was shown, or missing, is the reason.</summary>
    public bool IsAboutCertificate => Number is (>= NoCertificate and <= CertificateUnknown) or UnknownCa or AccessDenied or DecryptError or CertificateRequired;

    public static TlsAlert? Of(Exception fault) => (fault.HResult ^ Library) switch
    {
        >= FirstAlert and <= LastAlert and var reason => new TlsAlert(reason - FirstAlert),
        // Ours: the remote has chosen a version that we don't take.
        UnsupportedProtocol => new TlsAlert(ProtocolVersion),
        _ => null,
    };

    /// <param name="withCertificate">Whether the remote was shown a client certificate.</param>
    public string CodeFor(bool withCertificate) => Number switch
    {
        ProtocolVersion or InsufficientSecurity or InappropriateFallback => TransportError.TlsProtocol,
        // RFC 8446 section 6.2: none was provided. We would have; so our key can make no signature that was asked for.
        CertificateRequired when withCertificate => TransportError.TlsKeyUnsuitable,
        _ when IsAboutCertificate => withCertificate ? TransportError.TlsCertificateRefused : TransportError.TlsCertificateRequired,
        // Under TLS 1.2 a missing certificate is reported so, like the lack of a common cipher.
        HandshakeFailure when !withCertificate => TransportError.TlsCertificateRequired,
        _ => TransportError.TlsFailed,
    };
}
