using System.Globalization;
using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using MtlsFunctions.Forwarding.Tls;

namespace MtlsFunctions.Forwarding;

/// <summary>What was found about a remote's certificate, with the next step for whoever has to mend it.</summary>
/// <param name="Code">One of <see cref="TransportError"/>; null when it is believed.</param>
/// <param name="Problem">In words; null when it is believed.</param>
/// <param name="Missing">The issuer that is missing; null when none is.</param>
internal sealed record RemoteVerdict(string? Code, string? Problem = null, string? Missing = null)
{
    private const int LeastRsaBits = 2048;
    private const string ServerAuth = "1.3.6.1.5.5.7.3.1";
    private const int MostNames = 5;

    private static readonly Dictionary<string, string> WeakSignatures = new()
    {
        ["1.2.840.113549.1.1.4"] = "MD5",
        ["1.2.840.113549.1.1.5"] = "SHA-1",
        ["1.3.14.3.2.29"] = "SHA-1",
        ["1.2.840.10045.4.1"] = "SHA-1",
        ["1.2.840.10040.4.3"] = "SHA-1",
    };

    public static readonly RemoteVerdict Believed = new(Code: null);

    public static RemoteVerdict WrongHost(X509Certificate2 remote)
    {
        var names = RemoteCertificate.Of(remote, []).Names;
        return new(TransportError.TlsWrongHost, names.Count == 0
            ? "its certificate bears no name that counts (no subject alternative name), so it is for no host"
            : $"its certificate is for {string.Join(", ", names.Take(MostNames))}{(names.Count > MostNames ? " and others" : "")}, not for the URL's host");
    }

    public static RemoteVerdict Weak(IReadOnlyList<string> weaknesses) =>
        new(TransportError.TlsTooWeak, $"{string.Join("; ", weaknesses)}: this gateway is set to refuse that");

    /// <param name="chains">What was tried, the one that matters first.</param>
    public static RemoteVerdict Refused(X509Certificate2 remote, params X509Chain[] chains)
    {
        foreach (var chain in chains)
            if (Untimely(chain) is { } untimely)
                return untimely;
        if (!IsForServers(remote))
            return new(TransportError.TlsUntrusted, "its certificate is not one for servers: it lacks the usage serverAuth. The server has to use another one");
        var elements = chains.Select(chain => chain.ChainElements).MaxBy(found => found.Count)!;
        if (elements.Any(element => Has(element, X509ChainStatusFlags.NotSignatureValid)))
            return new(TransportError.TlsUntrusted, "a signature in its chain is not by the authority that it names");
        var top = elements.Count == 0 ? remote : elements[^1].Certificate;
        if (!TrustAnchors.IsSelfIssued(top))
        {
            var missing = RemoteCertificate.Text(top.Issuer);
            return new(
                TransportError.TlsUntrusted,
                $"the certificate of the issuer '{missing}' is missing: the server should send it, or the mapping's trustedCa can hold it", missing);
        }

        var root = $"'{RemoteCertificate.Text(top.Subject)}', SHA-256 {RemoteCertificate.Thumbprint(top)}";
        return new(TransportError.TlsUntrusted, elements.Count <= 1
            ? $"its certificate is self-signed: {root}. If that is the server's own, the mapping's trustedCa can hold it"
            : $"it leads to the root {root}, which is not trusted here. If that is the authority of the server's owner, the mapping's trustedCa can hold it");
    }

    /// <summary>What is weak below the anchor: short RSA keys, and signatures with hashes for which collisions can be bought.</summary>
    public static IReadOnlyList<string> Weaknesses(IReadOnlyList<X509Certificate2> path) =>
        [.. path.SkipLast(1).SelectMany(one => new[] { ShortKey(one), WeakSignature(one) }).OfType<string>()];

    private static string? ShortKey(X509Certificate2 certificate)
    {
        using var key = certificate.GetRSAPublicKey();
        return key is { KeySize: < LeastRsaBits and var bits }
            ? string.Create(CultureInfo.InvariantCulture, $"the certificate '{RemoteCertificate.Text(certificate.Subject)}' has an RSA key of {bits} bits, {LeastRsaBits} are the least that is safe") : null;
    }

    private static string? WeakSignature(X509Certificate2 certificate) => WeakSignatures.TryGetValue(certificate.SignatureAlgorithm.Value ?? "", out var hash)
        ? $"the certificate '{RemoteCertificate.Text(certificate.Subject)}' is signed with {hash}, which is no longer safe" : null;

    private static RemoteVerdict? Untimely(X509Chain chain)
    {
        var now = chain.ChainPolicy.VerificationTime.ToUniversalTime();
        if (chain.ChainElements.Index().FirstOrDefault(one => Has(one.Item, X509ChainStatusFlags.NotTimeValid)) is not (var depth, { } element))
            return null;
        var certificate = element.Certificate;
        var whose = depth == 0 ? "its certificate"
            : TrustAnchors.IsSelfIssued(certificate) ? $"the root '{RemoteCertificate.Text(certificate.Subject)}' of its chain"
            : $"the intermediate '{RemoteCertificate.Text(certificate.Subject)}' of its chain";
        var end = certificate.NotAfter.ToUniversalTime();
        return new(TransportError.TlsExpired, now > end
            ? string.Create(CultureInfo.InvariantCulture, $"{whose} expired at {end:u}")
            : string.Create(CultureInfo.InvariantCulture, $"{whose} is not valid before {certificate.NotBefore.ToUniversalTime():u}"));
    }

    private static bool IsForServers(X509Certificate2 remote) => remote.Extensions.OfType<X509EnhancedKeyUsageExtension>().FirstOrDefault() is not { } usages
        || usages.EnhancedKeyUsages.Cast<Oid>().Any(usage => usage.Value is ServerAuth or "2.5.29.37.0");

    private static bool Has(X509ChainElement element, X509ChainStatusFlags flag) => element.ChainElementStatus.Any(status => status.Status.HasFlag(flag));
}

/// <summary>The remote endpoint's certificate is not believed.</summary>
public sealed class RemoteCertificateException : AuthenticationException
{
    internal RemoteCertificateException(string code, RemoteCertificate? remote = null)
        : base($"The remote certificate is not accepted: {code}.") => (Code, Remote) = (code, remote);

    /// <summary>One of <see cref="TransportError"/>.</summary>
    public string Code { get; }

    /// <summary>Null when none was shown.</summary>
    public RemoteCertificate? Remote { get; }
}
