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

    public static Pkcs12Report Of(OpenedPkcs12 opened)
    {
        var certificate = opened.Certificate;
        var (chain, complete) = BuildChain(certificate);
        var clientAuth = HasClientAuthUsage(certificate.Leaf);
        var warnings = new List<string>();
        if (!complete)
            warnings.Add($"The chain ends below '{chain[^1].Issuer}', which is neither in the p12 nor a public root: a remote endpoint that doesn't trust it directly will refuse. If it is an intermediate, add it to the p12.");
        if (!clientAuth)
            warnings.Add("The certificate is not marked for client authentication: some remote endpoints refuse it.");
        return new Pkcs12Report(
            true, certificate.Leaf.Subject, certificate.Leaf.Issuer,
            CertificateAnswer.Iso(certificate.NotBefore), CertificateAnswer.Iso(certificate.NotAfter), certificate.Thumbprint,
            KeyPolicy.Describe(certificate.Leaf), chain, complete, clientAuth, (long)opened.Cost.TotalIterations, warnings);
    }

    private static bool HasClientAuthUsage(X509Certificate2 certificate) =>
        certificate.Extensions.OfType<X509EnhancedKeyUsageExtension>().FirstOrDefault() is not { } usages
        || usages.EnhancedKeyUsages.Cast<Oid>().Any(usage => usage.Value is ClientAuth or AnyUsage);

    // Offline: what is missing here is missing for the remote endpoint too.
    private static (IReadOnlyList<ChainElement> Elements, bool Complete) BuildChain(ClientCertificate certificate)
    {
        using var chain = new X509Chain();
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.DisableCertificateDownloads = true;
        chain.ChainPolicy.ExtraStore.AddRange(certificate.Intermediates);
        chain.Build(certificate.Leaf);
        return (
            [.. chain.ChainElements.Select(element => new ChainElement(
                element.Certificate.Subject, element.Certificate.Issuer, CertificateAnswer.Iso(element.Certificate.NotAfter.ToUniversalTime())))],
            !chain.ChainStatus.Any(status => status.Status.HasFlag(X509ChainStatusFlags.PartialChain)));
    }
}

/// <summary>One certificate of a chain.</summary>
public sealed record ChainElement(string Subject, string Issuer, string NotAfter);
