using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace MtlsFunctions.Certificates.Pkcs12;

/// <summary>What the tester says about a p12 that can be used.</summary>
/// <param name="Chain">From the certificate upwards, as far as the p12 and the system's roots lead.</param>
/// <param name="ClientAuthUsage">The certificate is marked for client authentication, or not restricted at all.</param>
/// <param name="KeyDerivationIterations">All key derivations that opening it took.</param>
public sealed record Pkcs12Report(
    bool Usable,
    string Subject,
    string Issuer,
    string NotBefore,
    string NotAfter,
    string Thumbprint,
    string KeyAlgorithm,
    IReadOnlyList<ChainElement> Chain,
    bool ChainComplete,
    bool ClientAuthUsage,
    long KeyDerivationIterations,
    IReadOnlyList<string> Warnings)
{
    private const string ClientAuth = "1.3.6.1.5.5.7.3.2";
    private const string AnyUsage = "2.5.29.37.0";

    /// <param name="remarks">What opening it has shown.</param>
    /// <exception cref="CryptographicException">A certificate in it is malformed.</exception>
    public static Pkcs12Report Of(ClientCertificate certificate, KeyDerivationCost cost, IReadOnlyList<string> remarks, DateTimeOffset now)
    {
        using var chain = new CertificateChain(certificate.Leaf, certificate.Intermediates, now);
        var elements = chain.Certificates.Select(ChainElement.Of).ToArray();
        var clientAuth = HasClientAuthUsage(certificate.Leaf);
        var warnings = remarks.ToList();
        if (!chain.Complete)
            warnings.Add($"The chain ends below '{elements[^1].Issuer}', which is neither in the p12 nor a public root: a remote endpoint that doesn't trust it directly will refuse. If it is an intermediate, add it to the p12.");
        if (chain.Certificates.Skip(1).FirstOrDefault(one => one.NotAfter.ToUniversalTime() <= now.UtcDateTime) is { } expired)
            warnings.Add($"'{expired.Subject}' in the chain expired: a remote endpoint that doesn't have its successor will refuse. Ask the issuer for it and put it into the p12.");
        if (!clientAuth)
            warnings.Add("The certificate is not marked for client authentication: some remote endpoints refuse it.");
        if (chain.Certificates.Where(one => one.SubjectName.RawData.AsSpan().SequenceEqual(one.IssuerName.RawData) is false).FirstOrDefault(IsSignedWeakly) is { } weak)
            warnings.Add($"'{weak.Subject}' is signed with {weak.SignatureAlgorithm.FriendlyName}: TLS software of today, this gateway's included, refuses to present such a certificate. Have it issued again with SHA-256.");
        return new Pkcs12Report(
            true, certificate.Leaf.Subject, certificate.Leaf.Issuer,
            CertificateAnswer.Iso(certificate.NotBefore), CertificateAnswer.Iso(certificate.NotAfter), certificate.Thumbprint,
            KeyPolicy.Describe(certificate.Leaf), elements, chain.Complete, clientAuth, (long)cost.TotalIterations, warnings);
    }

    // MD5 and SHA-1, with RSA, DSA and ECDSA.
    private static bool IsSignedWeakly(X509Certificate2 certificate) => certificate.SignatureAlgorithm.Value
        is "1.2.840.113549.1.1.4" or "1.2.840.113549.1.1.5" or "1.3.14.3.2.29" or "1.2.840.10040.4.3" or "1.2.840.10045.4.1";

    private static bool HasClientAuthUsage(X509Certificate2 certificate) =>
        certificate.Extensions.OfType<X509EnhancedKeyUsageExtension>().FirstOrDefault() is not { } usages
        || usages.EnhancedKeyUsages.Cast<Oid>().Any(usage => usage.Value is ClientAuth or AnyUsage);
}

/// <summary>One certificate of a chain.</summary>
public sealed record ChainElement(string Subject, string Issuer, string NotAfter)
{
    public static ChainElement Of(X509Certificate2 certificate) =>
        new(certificate.Subject, certificate.Issuer, CertificateAnswer.Iso(certificate.NotAfter.ToUniversalTime()));
}
