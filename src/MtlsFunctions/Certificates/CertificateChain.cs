using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace MtlsFunctions.Certificates;

/// <summary>
/// The way from a certificate upwards, as far as the certificates beside it and the system's roots lead. Built offline: what is
/// missing here is missing for the remote endpoint too.
/// </summary>
public sealed class CertificateChain : IDisposable
{
    private readonly X509Chain chain = new();

    /// <param name="beside">Where issuers may be found, in any order, strangers among them.</param>
    /// <param name="now">Of two issuers with one name the one that is valid now is taken.</param>
    /// <exception cref="CryptographicException">A certificate is malformed.</exception>
    public CertificateChain(X509Certificate2 leaf, X509Certificate2Collection beside, DateTimeOffset now)
    {
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.DisableCertificateDownloads = true;
        chain.ChainPolicy.VerificationTime = now.UtcDateTime;
        chain.ChainPolicy.ExtraStore.AddRange(beside);
        chain.Build(leaf);
    }

    /// <summary>The certificate first, each followed by its issuer. They end with this chain.</summary>
    public IEnumerable<X509Certificate2> Certificates => chain.ChainElements.Select(element => element.Certificate);

    /// <summary>It ends in a certificate that issued itself.</summary>
    public bool Complete => !chain.ChainStatus.Any(status => status.Status.HasFlag(X509ChainStatusFlags.PartialChain));

    public void Dispose()
    {
        foreach (var certificate in Certificates)
            certificate.Dispose();
        chain.Dispose();
    }
}
