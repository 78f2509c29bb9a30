using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Azure.Security.KeyVault.Certificates;

namespace MtlsFunctions.CertificateVaults.KeyVault;

/// <summary>What is sent to Key Vault: keys that it can hold, in an encoding that it can read.</summary>
internal static class KeyVaultUpload
{
    // The SDK wants one beside the issuer; the service takes the certificate's own, whatever is said here.
    private const string AnySubject = "CN=imported";

    private static readonly int[] RsaBits = [2048, 3072, 4096];
    private static readonly int[] CurveBits = [256, 384, 521];

    /// <returns>Why Key Vault can't hold the certificate's key; null when it can.</returns>
    public static Failure? Refuse(X509Certificate2 certificate)
    {
        using var rsa = certificate.GetRSAPublicKey();
        using var ecdsa = certificate.GetECDsaPublicKey();
        return rsa is not null && RsaBits.Contains(rsa.KeySize) || ecdsa is not null && CurveBits.Contains(ecdsa.KeySize) ? null : new Failure(
            FailureKind.Pkcs12KeyUnsupported,
            "The vault of this gateway, Azure Key Vault, holds RSA keys of 2048, 3072 and 4096 bits and ECDSA keys on P-256, P-384 and P-521. Make such a key and have it certified.");
    }

    /// <summary>
    /// The p12 under a password of its own and with 3DES, the one encryption that every generation of the service reads: only TLS and
    /// the vault ever see it. The vault must give the key out again, and must never renew on its own.
    /// </summary>
    public static ImportCertificateOptions Of(string name, X509Certificate2Collection certificates)
    {
        var password = RandomNumberGenerator.GetHexString(32);
        return new ImportCertificateOptions(name, certificates.ExportPkcs12(Pkcs12ExportPbeParameters.Pkcs12TripleDesSha1, password))
        {
            Password = password,
            Policy = PolicyOf(certificates.Single(one => one.HasPrivateKey)),
        };
    }

    private static CertificatePolicy PolicyOf(X509Certificate2 certificate)
    {
        using var rsa = certificate.GetRSAPublicKey();
        using var ecdsa = certificate.GetECDsaPublicKey();
        return new CertificatePolicy(WellKnownIssuerNames.Unknown, AnySubject)
        {
            ContentType = CertificateContentType.Pkcs12,
            Exportable = true,
            ReuseKey = false,
            KeyType = rsa is null ? CertificateKeyType.Ec : CertificateKeyType.Rsa,
            KeySize = rsa?.KeySize,
            KeyCurveName = ecdsa is null ? default(CertificateKeyCurveName?) : new CertificateKeyCurveName($"P-{ecdsa.KeySize}"),
        };
    }
}
