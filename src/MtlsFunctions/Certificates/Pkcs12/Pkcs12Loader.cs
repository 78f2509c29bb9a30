using System.Security.Cryptography;
using System.Security.Cryptography.Pkcs;
using System.Security.Cryptography.X509Certificates;

namespace MtlsFunctions.Certificates.Pkcs12;

/// <summary>
/// From what a p12 holds to one certificate with its key. .NET's own loader reads no PBMAC1, and fails on a certificate that is there
/// twice: so the parts that count go into a file without encryption and MAC, in memory, and that is loaded.
/// </summary>
internal static class Pkcs12Loader
{
    private static readonly Pkcs12LoaderLimits Limits = new() { MaxCertificates = null };

    /// <param name="remarks">Gets what was left out.</param>
    /// <returns>The certificate, which the caller disposes.</returns>
    /// <exception cref="CryptographicException">A certificate is malformed.</exception>
    public static Outcome<ClientCertificate> Load(Pkcs12Contents contents, DateTimeOffset now, List<string> remarks)
    {
        if (contents.Keys.Count > 1)
            return new Failure(FailureKind.Pkcs12SeveralKeys, "It would be a guess which key to use: export one key with its certificate.");
        if (contents.Keys is not [var key])
            return new Failure(FailureKind.Pkcs12WithoutPrivateKey, "Export the certificate together with its private key (openssl pkcs12 -export -inkey …).");
        var own = Own(contents, key.Pkcs8, key.KeyId, now);
        if (own is not [var leaf, ..])
            return KeyMismatch();
        if (KeyPolicy.Refuse(leaf) is { } refused)
            return refused;
        if (contents.Duplicates > 0)
            remarks.Add($"{contents.Duplicates} certificates are in the p12 more than once; each counts once.");
        if (own.Length > 1)
            remarks.Add($"The p12 holds {own.Length} certificates of this key. The one that ends on {CertificateAnswer.Iso(leaf.NotAfter.ToUniversalTime())} is used, the others are left out.");
        return Join(leaf, key.Pkcs8, contents.Certificates.Select(one => one.Certificate).Except(own));
    }

    public static Failure KeyMismatch() =>
        new(FailureKind.Pkcs12KeyMismatch, "The p12 holds a private key, but no certificate that was issued for it: export the two that belong together.");

    /// <returns>The certificates of the key, the one to use first: valid now, then the one that ends last.</returns>
    private static X509Certificate2[] Own(Pkcs12Contents contents, byte[] pkcs8, byte[]? keyId, DateTimeOffset now)
    {
        var publicKey = PublicKeyOf(pkcs8);
        var own = contents.Certificates.Where(one => one.Certificate.PublicKey.EncodedKeyValue.RawData.AsSpan().SequenceEqual(publicKey)).ToArray();
        if (own is [])
            own = [.. contents.Certificates.Where(one => keyId is not null && one.KeyId?.AsSpan().SequenceEqual(keyId) is true).Take(1)];
        if (own is [] && contents.Certificates is [var only])
            own = [only];
        return [.. own.Select(one => one.Certificate)
            .OrderByDescending(one => one.NotBefore.ToUniversalTime() <= now.UtcDateTime)
            .ThenByDescending(one => one.NotAfter)];
    }

    /// <returns>Empty for a kind of key that isn't accepted, and for a damaged one.</returns>
    private static byte[] PublicKeyOf(byte[] pkcs8)
    {
        foreach (var kind in new Func<AsymmetricAlgorithm>[] { RSA.Create, ECDsa.Create })
        {
            using var key = kind();
            try
            {
                key.ImportPkcs8PrivateKey(pkcs8, out _);
                return (key is RSA rsa ? new PublicKey(rsa) : new PublicKey((ECDsa)key)).EncodedKeyValue.RawData;
            }
            catch (Exception fault) when (fault is CryptographicException or PlatformNotSupportedException)
            {
                // Of another kind, or on a curve that OpenSSL doesn't know.
            }
        }

        return [];
    }

    private static Outcome<ClientCertificate> Join(X509Certificate2 leaf, byte[] pkcs8, IEnumerable<X509Certificate2> others)
    {
        var contents = new Pkcs12SafeContents();
        contents.AddCertificate(leaf).Attributes.Add(new Pkcs9LocalKeyId([1]));
        var key = new Pkcs12KeyBag(pkcs8);
        key.Attributes.Add(new Pkcs9LocalKeyId([1]));
        contents.AddSafeBag(key);
        var builder = new Pkcs12Builder();
        builder.AddSafeContentsUnencrypted(contents);
        builder.SealWithoutIntegrity();
        var plain = builder.Encode();
        try
        {
            var joined = X509CertificateLoader.LoadPkcs12(plain, null, X509KeyStorageFlags.Exportable | ClientCertificate.KeyStorage, Limits);
            return new ClientCertificate(joined, [.. others.Select(one => X509CertificateLoader.LoadCertificate(one.RawDataMemory.Span))]);
        }
        catch (Exception fault) when (fault is CryptographicException or PlatformNotSupportedException)
        {
            return new Failure(FailureKind.Pkcs12Unreadable, "The private key in the p12 is damaged: export it again from where it was made.");
        }
        finally
        {
            CryptographicOperations.ZeroMemory(plain);
        }
    }
}
