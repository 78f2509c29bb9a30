using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.Pkcs;
using System.Security.Cryptography.X509Certificates;

namespace MtlsFunctions.Shared;

/// <summary>p12 files that no tool would make: any bytes pass for a certificate and for a key, paired by their attributes alone.</summary>
public static class HandmadePkcs12
{
    public const string Password = "handmade";

    // Nothing here is worth protecting, and tests open these by the thousand.
    private const int Iterations = 1;

    private static readonly Oid X509Certificate = new("1.2.840.113549.1.9.22.1");
    private static readonly PbeParameters Pbe = new(PbeEncryptionAlgorithm.Aes256Cbc, HashAlgorithmName.SHA256, Iterations);

    /// <param name="certificate">The certificate that the key is said to belong to; null leaves it out.</param>
    /// <param name="key">PKCS#8, in the clear; null leaves it out.</param>
    /// <param name="others">More certificates, in this order.</param>
    /// <returns>Without encryption, under a MAC.</returns>
    public static byte[] Build(byte[]? certificate, byte[]? key, params IEnumerable<byte[]> others)
    {
        var contents = new Pkcs12SafeContents();
        if (certificate is not null)
            contents.AddSafeBag(Paired(Bag(certificate)));
        foreach (var other in others)
            contents.AddSafeBag(Bag(other));
        if (key is not null)
            contents.AddSafeBag(Paired(new Pkcs12KeyBag(key)));
        return Seal(contents);
    }

    /// <summary>The same with the key shrouded, so that its encryption is part of the file.</summary>
    public static byte[] BuildShrouded(byte[] certificate, AsymmetricAlgorithm key)
    {
        var contents = new Pkcs12SafeContents();
        contents.AddSafeBag(Paired(Bag(certificate)));
        contents.AddSafeBag(Paired(new Pkcs12ShroudedKeyBag(key.ExportEncryptedPkcs8PrivateKey(Password, Pbe))));
        return Seal(contents);
    }

    internal static byte[] Seal(Pkcs12SafeContents contents)
    {
        var builder = new Pkcs12Builder();
        builder.AddSafeContentsUnencrypted(contents);
        builder.SealWithMac(Password, HashAlgorithmName.SHA256, Iterations);
        return builder.Encode();
    }

    private static Pkcs12CertBag Bag(byte[] certificate)
    {
        var value = new AsnWriter(AsnEncodingRules.DER);
        value.WriteOctetString(certificate);
        return new Pkcs12CertBag(X509Certificate, value.Encode());
    }

    private static Pkcs12SafeBag Paired(Pkcs12SafeBag bag)
    {
        bag.Attributes.Add(new Pkcs9LocalKeyId([1]));
        return bag;
    }
}
