namespace MtlsFunctions.Forwarding.Tls;

/// <summary>
/// Why our own side ended a handshake, by the reason in OpenSSL's error code (sslerr.h). Those that people meet; any other is
/// <c>tls-failed</c>. Known on Linux only.
/// </summary>
internal sealed record OpenSslReason(string Code, string Words)
{
    // The library in the bits from 23 up, 20 being SSL.
    private const int Library = 20 << 23;

    /// <summary>OpenSSL takes no certificate of ours with too small a key, or with a signature of MD5 or SHA-1: nothing was sent.</summary>
    public static bool RefusesOwnCertificate(Exception fault) => (fault.HResult ^ Library) is 397 or 398 or 399;

    public static OpenSslReason? Of(Exception fault) => (fault.HResult ^ Library) switch
    {
        118 => new(TransportError.TlsNoCommonCipher, "none of the signature algorithms that the remote offers is one that this gateway takes"),
        252 or 258 or 396 => new(TransportError.TlsProtocol, "the remote has chosen a version of TLS that this gateway doesn't take"),
        267 => new(TransportError.TlsFailed, "what answers there doesn't speak TLS: look at scheme and port of the URL"),
        338 => new(TransportError.TlsTooWeak, "the remote lacks secure renegotiation (RFC 5746), which every server has had since 2010: its TLS software must be updated"),
        394 => new(TransportError.TlsTooWeak, "the remote's Diffie-Hellman group is too small: it needs one of 2,048 bits at least, or ECDHE"),
        261 or 181 => new(TransportError.TlsNoCommonCipher, "the remote has chosen a cipher suite that this gateway didn't offer"),
        370 => new(TransportError.TlsNoCommonCipher, "the remote signs with an algorithm that this gateway doesn't take, such as SHA-1"),
        123 => new(TransportError.TlsFailed, "the remote's signature doesn't fit its certificate: its key is another one, or somebody is in between"),
        281 => new(TransportError.TlsFailed, "what came from the remote was changed on its way"),
        _ => null,
    };
}
