using MtlsFunctions.Forwarding.Tls;

namespace MtlsFunctions.Forwarding;

/// <summary>What each code means, for people, with the next step: never more about networks than the code says.</summary>
internal static class TransportWords
{
    private const int MostIssuers = 5;

    private static readonly Dictionary<string, string> ByCode = new()
    {
        [TransportError.NameNotFound] = "the host's name doesn't resolve",
        [TransportError.NameTimeout] = "no name server told in time where the host is",
        [TransportError.ConnectionRefused] = "nothing listens there",
        [TransportError.ConnectTimeout] = "no connection was made in time, TLS included",
        [TransportError.ConnectFailed] = "no connection could be made",
        [TransportError.TlsUntrusted] = "its certificate leads to no trusted root",
        [TransportError.TlsWrongHost] = "its certificate is for another host",
        [TransportError.TlsExpired] = "its certificate is expired or not yet valid",
        [TransportError.TlsProtocol] = "it speaks no version of TLS that this gateway offers: TLS 1.3 and, unless set otherwise, TLS 1.2",
        [TransportError.TlsNoCommonCipher] = "it takes none of the cipher suites, groups and signatures that this gateway offers",
        [TransportError.TlsTooWeak] = "its TLS is weaker than this gateway takes",
        [TransportError.TlsCertificateRequired] = "it demands a client certificate, and none is mapped for this service and exactly this URL",
        [TransportError.TlsCertificateRefused] = "it refuses the client certificate: ask its owner whether they trust this one, and its issuer",
        [TransportError.TlsKeyUnsuitable] =
            "it takes no signature that the client certificate's key can make, so none was shown: a certificate with another kind of key is needed",
        [TransportError.TlsClosedAfterHandshake] = "it asked for a client certificate and closed the connection without a word",
        [TransportError.TlsFailed] = "the TLS handshake failed",
        [TransportError.ResponseTimeout] = "it didn't answer in time, and may have done what was asked",
        [TransportError.ProtocolError] = "what it answered is not valid HTTP",
        [TransportError.ResponseHeadersTooLarge] = "its answer's headers are larger than this gateway takes",
        [TransportError.ConnectionClosed] = "it closed the connection before it answered, and may have done what was asked",
    };

    // RFC 8446 section 6, for those who look them up.
    private static readonly Dictionary<int, string> Alerts = new()
    {
        [40] = "handshake_failure",
        [42] = "bad_certificate",
        [43] = "unsupported_certificate",
        [44] = "certificate_revoked",
        [45] = "certificate_expired",
        [46] = "certificate_unknown",
        [47] = "illegal_parameter",
        [48] = "unknown_ca",
        [49] = "access_denied",
        [50] = "decode_error",
        [51] = "decrypt_error",
        [70] = "protocol_version",
        [71] = "insufficient_security",
        [80] = "internal_error",
        [86] = "inappropriate_fallback",
        [112] = "unrecognized_name",
        [116] = "certificate_required",
    };

    public static string Of(string code) => ByCode.GetValueOrDefault(code, "it gave no answer");

    public static string Of(string code, TlsEnd end, bool withCertificate) => code switch
    {
        TransportError.TlsFailed when end.SpokeNoTls => "what answers there doesn't speak TLS: look at scheme and port of the URL",
        TransportError.TlsFailed when end.Alert is { Number: 112 } => "it serves no host of this name (TLS alert unrecognized_name)",
        TransportError.TlsFailed when end.Alert is null => "it closed the connection during the TLS handshake",
        TransportError.TlsNoCommonCipher when end.OfferedSuites.Count > 0 => $"{Of(code)}. Offered are {string.Join(", ", end.OfferedSuites)}",
        TransportError.TlsClosedAfterHandshake => Of(code) + (withCertificate
            ? ": most servers that do this refuse the certificate. Ask its owner whether they trust this one, and its issuer"
            : ", and none is mapped for this service and exactly this URL") + Issuers(end),
        _ => Of(code) + (end.Alert is { } alert ? $" (TLS alert {Alerts.GetValueOrDefault(alert.Number, $"{alert.Number}")})" : "") + Issuers(end),
    };

    private static string Issuers(TlsEnd end) => end.AcceptableIssuers.Count == 0 ? ""
        : $". It says that it takes certificates of {string.Join("; ", end.AcceptableIssuers.Take(MostIssuers).Select(RemoteCertificate.Text))}"
            + (end.AcceptableIssuers.Count > MostIssuers ? " and others" : "");
}
