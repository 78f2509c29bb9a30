using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace MtlsFunctions.Certificates;

/// <summary>A client certificate with its private key and the intermediates that go with it. Owns them all, unless it shares them.</summary>
/// <param name="release">Null where it owns them; where it shares them, told once that this one needs them no longer.</param>
public sealed class ClientCertificate(X509Certificate2 leaf, X509Certificate2Collection intermediates, Action? release = null) : IDisposable
{
    private readonly bool isShared = release is not null;
    private Action? release = release;

    /// <summary>Keys stay in memory, where the platform can do TLS with such; elsewhere they end with the certificate.</summary>
    internal static readonly X509KeyStorageFlags KeyStorage =
        OperatingSystem.IsLinux() ? X509KeyStorageFlags.EphemeralKeySet : X509KeyStorageFlags.DefaultKeySet;

    // The vault encrypts; this password only has to be the same on the way in and out.
    private const string VaultPassword = "";

    public X509Certificate2 Leaf => leaf;

    public X509Certificate2Collection Intermediates => intermediates;

    /// <summary>SHA-256 of the certificate, lower-case hex.</summary>
    public string Thumbprint => leaf.GetCertHashString(HashAlgorithmName.SHA256).ToLowerInvariant();

    public DateTimeOffset NotBefore => new(leaf.NotBefore.ToUniversalTime());

    public DateTimeOffset NotAfter => new(leaf.NotAfter.ToUniversalTime());

    /// <summary>Encoded anew for the vault: one strong and cheap encryption, whatever the upload used.</summary>
    public byte[] ToPkcs12()
    {
        X509Certificate2Collection all = [leaf, .. intermediates];
        return all.ExportPkcs12(Pkcs12ExportPbeParameters.Pbes2Aes256Sha256, VaultPassword);
    }

    /// <summary>The certificate, then what came with it: its issuer, the issuer's issuer and so on. Without any key.</summary>
    /// <param name="now">See <see cref="CertificateChain"/>.</param>
    public string ToPem(DateTimeOffset now)
    {
        using var chain = new CertificateChain(leaf, intermediates, now);
        var upwards = chain.Certificates.Select(one => one.Thumbprint).ToList();
        var ordered = intermediates.OrderBy(one => upwards.IndexOf(one.Thumbprint) is >= 0 and var at ? at : int.MaxValue);
        return string.Concat(new[] { leaf }.Concat(ordered).Select(one => one.ExportCertificatePem() + "\n"));
    }

    /// <exception cref="CryptographicException">The vault holds something else than <see cref="ToPkcs12"/> made.</exception>
    public static ClientCertificate FromVault(byte[] pkcs12)
    {
        var all = X509CertificateLoader.LoadPkcs12Collection(pkcs12, VaultPassword, KeyStorage);
        return all.Where(one => one.HasPrivateKey).ToArray() is [var leaf]
            ? new ClientCertificate(leaf, [.. all.Where(one => !one.HasPrivateKey)])
            : throw new CryptographicException("Not one certificate with its key.");
    }

    /// <returns>The failure of a certificate that is outside its validity; null inside.</returns>
    public Failure? RefuseByTime(DateTimeOffset now) =>
        now >= NotAfter ? new Failure(FailureKind.Pkcs12Expired, $"It expired at {NotAfter:u}: get a new certificate from its issuer.")
        : now < NotBefore ? new Failure(FailureKind.Pkcs12NotYetValid, $"It is valid from {NotBefore:u}: wait, or check the clock of the issuer.")
        : null;

    public void Dispose()
    {
        if (isShared)
        {
            Interlocked.Exchange(ref release, null)?.Invoke();
            return;
        }

        leaf.Dispose();
        foreach (var intermediate in intermediates)
            intermediate.Dispose();
    }
}
