using System.Security.Cryptography;
using System.Security.Cryptography.Pkcs;
using System.Security.Cryptography.X509Certificates;

namespace MtlsFunctions.Shared;

/// <summary>The p12 files that go into Key Vault, and those that come out: never the same bytes.</summary>
internal static class KeyVaultPkcs12
{
    private const int Iterations = 2000;

    // PBES2 (RFC 8018), what AES is announced with. Not every generation of the service reads it, so this one doesn't.
    private static readonly byte[] Pbes2 = [0x06, 0x09, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x05, 0x0D];

    public static X509Certificate2Collection Decode(string? value, string? password)
    {
        try
        {
            var pkcs12 = Convert.FromBase64String(value ?? "");
            if (pkcs12.AsSpan().IndexOf(Pbes2) >= 0)
                throw new CryptographicException("Under AES.");
            var certificates = X509CertificateLoader.LoadPkcs12Collection(pkcs12, password, X509KeyStorageFlags.Exportable);
            return certificates.Count(one => one.HasPrivateKey) == 1 ? certificates : throw new CryptographicException("Not one key.");
        }
        catch (Exception fault) when (fault is CryptographicException or FormatException)
        {
            throw KeyVaultError.BadParameter(
                "The specified PKCS#12 X.509 certificate content can not be read. Please check if certificate is in valid PKCS#12 format.");
        }
    }

    /// <summary>As a recording of the service shows it: the key first, by itself, then the certificates, all under 3DES and no password.</summary>
    public static byte[] Encode(X509Certificate2 leaf, X509Certificate2Collection all)
    {
        var encryption = new PbeParameters(PbeEncryptionAlgorithm.TripleDes3KeyPkcs12, HashAlgorithmName.SHA1, Iterations);
        var keyId = new Pkcs9LocalKeyId([1, 0, 0, 0]);
        var keys = new Pkcs12SafeContents();
        using var key = TestPkcs12.PrivateKeyOf(leaf);
        keys.AddShroudedKey(key, "", encryption).Attributes.Add(keyId);
        var certificates = new Pkcs12SafeContents();
        foreach (var certificate in all)
        {
            var bag = certificates.AddCertificate(certificate);
            if (certificate.Equals(leaf))
                bag.Attributes.Add(keyId);
        }

        var builder = new Pkcs12Builder();
        builder.AddSafeContentsUnencrypted(keys);
        builder.AddSafeContentsEncrypted(certificates, "", encryption);
        builder.SealWithMac("", HashAlgorithmName.SHA1, Iterations);
        return builder.Encode();
    }
}
