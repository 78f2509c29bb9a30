using System.Security.Cryptography;
using System.Security.Cryptography.Pkcs;
using System.Security.Cryptography.X509Certificates;

namespace MtlsFunctions.Shared;

/// <summary>p12 files as tools lay them out: certificates encrypted together, each key shrouded by itself, one MAC over all.</summary>
public static class TestPkcs12
{
    /// <param name="leaves">Certificates with private keys; the keys go in unless the options say otherwise.</param>
    public static byte[] Build(
        Pkcs12Options options, IEnumerable<X509Certificate2> leaves, IEnumerable<X509Certificate2> chain)
    {
        List<X509Certificate2> extras = [.. chain];
        var leafList = leaves.ToList();
        while (true)
        {
            var file = Encode(options, leafList, extras);
            if (file.Length > options.LargerThan)
                return file;
            extras.Add(Filler(options.LargerThan - file.Length));
        }
    }

    /// <summary>One p12 with the certificate and the key of every given client.</summary>
    public static TestClient WithSeveralKeys(params TestClient[] clients)
    {
        var options = new Pkcs12Options();
        return new(clients[0].Certificate, [], Build(options, clients.Select(c => c.Certificate), []), options.Password);
    }

    internal static PbeParameters Pbe(this Pkcs12Options options) => options.Encryption switch
    {
        Pkcs12Encryption.Pbes2Aes256Sha256 => new(PbeEncryptionAlgorithm.Aes256Cbc, HashAlgorithmName.SHA256, options.Iterations),
        Pkcs12Encryption.LegacyTripleDes => new(PbeEncryptionAlgorithm.TripleDes3KeyPkcs12, HashAlgorithmName.SHA1, options.Iterations),
        _ => throw new ArgumentOutOfRangeException(nameof(options), options.Encryption, "No such encryption."),
    };

    internal static HashAlgorithmName MacHash(this Pkcs12Options options) =>
        options.Encryption == Pkcs12Encryption.LegacyTripleDes ? HashAlgorithmName.SHA1 : HashAlgorithmName.SHA256;

    internal static Pkcs12SafeContents CertificateBags(IEnumerable<X509Certificate2> leaves, IEnumerable<X509Certificate2> others)
    {
        var contents = new Pkcs12SafeContents();
        foreach (var leaf in leaves)
            contents.AddCertificate(leaf).Attributes.Add(KeyId(leaf));
        foreach (var certificate in others)
            contents.AddCertificate(certificate);
        return contents;
    }

    /// <summary>The attribute that pairs a key with its certificate.</summary>
    internal static Pkcs9LocalKeyId KeyId(X509Certificate2 leaf) => new(leaf.GetCertHash(HashAlgorithmName.SHA256));

    internal static AsymmetricAlgorithm PrivateKeyOf(X509Certificate2 leaf) =>
        (AsymmetricAlgorithm?)leaf.GetRSAPrivateKey() ?? leaf.GetECDsaPrivateKey()
        ?? throw new ArgumentException("The certificate has no RSA or ECDSA private key.", nameof(leaf));

    private static byte[] Encode(Pkcs12Options options, List<X509Certificate2> leaves, List<X509Certificate2> extras)
    {
        var builder = new Pkcs12Builder();
        builder.AddSafeContentsEncrypted(CertificateBags(leaves, extras), options.Password, options.Pbe());
        if (options.IncludePrivateKey)
        {
            var keys = new Pkcs12SafeContents();
            foreach (var leaf in leaves)
            {
                using var key = PrivateKeyOf(leaf);
                keys.AddShroudedKey(key, options.Password, options.Pbe()).Attributes.Add(KeyId(leaf));
            }

            builder.AddSafeContentsUnencrypted(keys);
        }

        builder.SealWithMac(options.Password, options.MacHash(), options.MacIterations);
        return builder.Encode();
    }

    /// <summary>A stranger's certificate, large by an extension nobody knows: few will do, so no limit on their number is met.</summary>
    private static X509Certificate2 Filler(int missingBytes)
    {
        using var key = TestKeys.Create(KeyKind.P256);
        var ballast = new X509Extension("1.3.6.1.4.1.99999.1", new byte[Math.Clamp(missingBytes, 1, 16 * 1024)], critical: false);
        var now = TimeProvider.System.GetUtcNow();
        return Certificates.Issue(
            new X500DistinguishedNameBuilder().Named("filler"), key, now.AddDays(-1), now.AddYears(1), issuer: null, [ballast]);
    }
}
