using System.Formats.Asn1;
using System.Numerics;
using System.Security.Cryptography;
using System.Security.Cryptography.Pkcs;
using System.Security.Cryptography.X509Certificates;

namespace MtlsFunctions.Shared;

public enum BombPlace
{
    /// <summary>The MAC over the whole file: met first, before the password is known to be right.</summary>
    Mac,

    /// <summary>The encrypted certificates.</summary>
    Certificates,

    /// <summary>The shrouded private key, which lies in the open.</summary>
    Key,

    /// <summary>The shrouded private key inside encrypted contents: its count shows once those (honest) contents are decrypted.</summary>
    HiddenKey,
}

/// <summary>
/// p12 files that ask for a key derivation of absurd length, made without performing it: honest parts, the count rewritten.
/// Except for <see cref="BombPlace.Mac"/> the MAC is right, so that a reader who has the password reaches the bomb.
/// </summary>
public static class KdfBomb
{
    /// <param name="encryption">AES makes the count a PBKDF2 one (PBES2), LegacyTripleDes a PKCS12-PBE one.</param>
    /// <param name="count">Default: int.MaxValue. Larger than any machine integer is fine, so are zero and less.</param>
    public static TestClient Make(
        TestClient client, BombPlace place, Pkcs12Encryption encryption = Pkcs12Encryption.Pbes2Aes256Sha256, BigInteger? count = null)
    {
        var rounds = count ?? int.MaxValue;
        var options = new Pkcs12Options { Encryption = encryption };
        var file = place == BombPlace.Mac
            ? DerCounts.Replace(TestPkcs12.Build(options, [client.Certificate], []), rounds)
            : WithBomb(options, client.Certificate, place, rounds);
        return new(client.Certificate, [], file, options.Password);
    }

    /// <summary>Only the count of the MAC is rewritten; it must be there, so above 1.</summary>
    public static byte[] WithMacCount(byte[] pkcs12, BigInteger count) => DerCounts.Replace(pkcs12, count);

    /// <summary>The file under RFC 9579's MAC, right for the password of <see cref="HandmadePkcs12"/> while the counts can be performed.</summary>
    /// <param name="iterations">Of the PBKDF2 that the algorithm names.</param>
    /// <param name="outerIterations">In the place of the older MAC's, where nobody should look.</param>
    public static byte[] WithPbmac1(byte[] pkcs12, BigInteger iterations, BigInteger outerIterations)
    {
        var pfx = new AsnReader(pkcs12, AsnEncodingRules.BER).ReadSequence();
        var version = pfx.ReadInteger();
        var authSafe = pfx.PeekEncodedValue();
        var contentInfo = pfx.ReadSequence();
        contentInfo.ReadObjectIdentifier();
        var content = contentInfo.ReadSequence(new Asn1Tag(TagClass.ContextSpecific, 0)).ReadOctetString();
        byte[] salt = [1, 2, 3, 4, 5, 6, 7, 8];
        var key = Rfc2898DeriveBytes.Pbkdf2(
            HandmadePkcs12.Password, salt, iterations < 1000 ? (int)iterations : 1, HashAlgorithmName.SHA256, SHA256.HashSizeInBytes);

        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            writer.WriteInteger(version);
            writer.WriteEncodedValue(authSafe.Span);
            using (writer.PushSequence())
            {
                using (writer.PushSequence())
                {
                    WritePbmac1(writer, salt, iterations);
                    writer.WriteOctetString(HMACSHA256.HashData(key, content));
                }

                writer.WriteOctetString(salt);
                writer.WriteInteger(outerIterations);
            }
        }

        return writer.Encode();
    }

    private static void WritePbmac1(AsnWriter writer, byte[] salt, BigInteger iterations)
    {
        const string hmacWithSha256 = "1.2.840.113549.2.9";
        using var algorithm = writer.PushSequence();
        writer.WriteObjectIdentifier("1.2.840.113549.1.5.14");
        using var parameters = writer.PushSequence();
        using (writer.PushSequence())
        {
            writer.WriteObjectIdentifier("1.2.840.113549.1.5.12");
            using var derivation = writer.PushSequence();
            writer.WriteOctetString(salt);
            writer.WriteInteger(iterations);
            writer.WriteInteger(SHA256.HashSizeInBytes);
            WriteAlgorithm(hmacWithSha256);
        }

        WriteAlgorithm(hmacWithSha256);

        void WriteAlgorithm(string oid)
        {
            using var sequence = writer.PushSequence();
            writer.WriteObjectIdentifier(oid);
            writer.WriteNull();
        }
    }

    private static byte[] WithBomb(Pkcs12Options options, X509Certificate2 leaf, BombPlace place, BigInteger rounds)
    {
        var certificates = TestPkcs12.CertificateBags([leaf], []);
        var keys = new Pkcs12SafeContents();
        keys.AddSafeBag(ShroudedKey(options, leaf, place == BombPlace.Certificates ? null : rounds));

        var builder = new Pkcs12Builder();
        if (place == BombPlace.Certificates)
            builder.AddSafeContentsUnencrypted(EncryptedWithCount(options, certificates, rounds));
        else
            builder.AddSafeContentsEncrypted(certificates, options.Password, options.Pbe());
        if (place == BombPlace.HiddenKey)
            builder.AddSafeContentsEncrypted(keys, options.Password, options.Pbe());
        else
            builder.AddSafeContentsUnencrypted(keys);
        builder.SealWithMac(options.Password, options.MacHash(), options.MacIterations);
        return builder.Encode();
    }

    private static Pkcs12ShroudedKeyBag ShroudedKey(Pkcs12Options options, X509Certificate2 leaf, BigInteger? rounds)
    {
        using var key = TestPkcs12.PrivateKeyOf(leaf);
        var encrypted = key.ExportEncryptedPkcs8PrivateKey(options.Password, options.Pbe());
        var bag = new Pkcs12ShroudedKeyBag(rounds is { } count ? DerCounts.Replace(encrypted, count) : encrypted);
        bag.Attributes.Add(TestPkcs12.KeyId(leaf));
        return bag;
    }

    /// <summary>
    /// Contents that are encrypted already and whose count is rewritten. Only a whole p12 can be encrypted and read back by the BCL,
    /// so they take a way through one; "unencrypted" is then how the builder takes them as they are.
    /// </summary>
    internal static Pkcs12SafeContents EncryptedWithCount(Pkcs12Options options, Pkcs12SafeContents contents, BigInteger rounds)
    {
        var carrier = new Pkcs12Builder();
        carrier.AddSafeContentsEncrypted(contents, options.Password, options.Pbe());
        carrier.SealWithoutIntegrity();
        var patched = DerCounts.ReplaceInAuthenticatedSafe(carrier.Encode(), rounds);
        return Pkcs12Info.Decode(patched, out _, skipCopy: true).AuthenticatedSafe[0];
    }
}
