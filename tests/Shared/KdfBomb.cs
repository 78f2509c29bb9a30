using System.Numerics;
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
    private static Pkcs12SafeContents EncryptedWithCount(Pkcs12Options options, Pkcs12SafeContents contents, BigInteger rounds)
    {
        var carrier = new Pkcs12Builder();
        carrier.AddSafeContentsEncrypted(contents, options.Password, options.Pbe());
        carrier.SealWithoutIntegrity();
        var patched = DerCounts.ReplaceInAuthenticatedSafe(carrier.Encode(), rounds);
        return Pkcs12Info.Decode(patched, out _, skipCopy: true).AuthenticatedSafe[0];
    }
}
