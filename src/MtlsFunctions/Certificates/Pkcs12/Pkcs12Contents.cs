using System.Numerics;
using System.Security.Cryptography;
using System.Security.Cryptography.Pkcs;
using System.Security.Cryptography.X509Certificates;

namespace MtlsFunctions.Certificates.Pkcs12;

/// <summary>What a p12 holds, decrypted. Attributes are looked at for the key's id alone: a doubled one does no harm. Owns its certificates.</summary>
internal sealed class Pkcs12Contents : IDisposable
{
    private const int MaxNesting = 4;

    private readonly List<(X509Certificate2 Certificate, byte[]? KeyId)> certificates = [];
    private readonly List<(byte[] Pkcs8, byte[]? KeyId)> keys = [];

    /// <summary>Each once, in the order of the file.</summary>
    public IReadOnlyList<(X509Certificate2 Certificate, byte[]? KeyId)> Certificates => certificates;

    /// <summary>Each once, in PKCS#8.</summary>
    public IReadOnlyList<(byte[] Pkcs8, byte[]? KeyId)> Keys => keys;

    /// <summary>Certificates that were there more than once.</summary>
    public int Duplicates { get; private set; }

    /// <param name="structure">Of the same file.</param>
    /// <param name="left">Iterations that may still be spent on keys that only show once their contents are decrypted.</param>
    /// <returns>Or why a key that only shows now is refused.</returns>
    /// <exception cref="CryptographicException">The password is another one, or something in it is malformed.</exception>
    public static Outcome<Pkcs12Contents> Decrypt(Pkcs12Info file, Pkcs12Structure structure, PasswordReading password, BigInteger left)
    {
        var contents = new Pkcs12Contents();
        try
        {
            foreach (var (safe, pbes2) in file.AuthenticatedSafe.Zip(structure.Pbes2Contents))
            {
                var hidden = safe.ConfidentialityMode == Pkcs12ConfidentialityMode.Password;
                if (hidden && pbes2)
                    safe.Decrypt(password.Bytes);
                else if (hidden)
                    safe.Decrypt(password.Chars);
                if (contents.Add(safe, password, hidden, ref left, 0) is not { } refused)
                    continue;
                contents.Dispose();
                return refused;
            }

            return contents;
        }
        catch (CryptographicException)
        {
            contents.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        certificates.ForEach(one => one.Certificate.Dispose());
        keys.ForEach(one => CryptographicOperations.ZeroMemory(one.Pkcs8));
    }

    private Failure? Add(Pkcs12SafeContents safe, PasswordReading password, bool hidden, ref BigInteger left, int depth)
    {
        if (depth > MaxNesting)
            throw new CryptographicException("Nested too deep.");
        foreach (var bag in safe.GetBags())
        {
            var refused = bag switch
            {
                Pkcs12SafeContentsBag { SafeContents: { } nested } => Add(nested, password, hidden, ref left, depth + 1),
                Pkcs12ShroudedKeyBag shrouded => AddKey(shrouded, password, hidden, ref left),
                Pkcs12KeyBag key => AddKey(key.Pkcs8PrivateKey.ToArray(), IdOf(key)),
                Pkcs12CertBag { IsX509Certificate: true } certificate => AddCertificate(certificate),
                _ => null,
            };
            if (refused is not null)
                return refused;
        }

        return null;
    }

    private Failure? AddKey(Pkcs12ShroudedKeyBag shrouded, PasswordReading password, bool hidden, ref BigInteger left)
    {
        var structure = Pkcs12Structure.OfShroudedKey(shrouded.EncryptedPkcs8PrivateKey);
        if (structure.Unread is { } unread)
            return Pkcs12Algorithms.Refuse(unread);
        if (hidden)
        {
            left -= structure.Cost.TotalIterations;
            if (left < 0 || structure.Cost.IsTooMuch)
                return KeyDerivationCost.TooCostly();
        }

        var encrypted = shrouded.EncryptedPkcs8PrivateKey;
        var plain = structure.Pbes2Contents is [true]
            ? Pkcs8PrivateKeyInfo.DecryptAndDecode(password.Bytes, encrypted, out _)
            : Pkcs8PrivateKeyInfo.DecryptAndDecode(password.Chars, encrypted, out _);
        return AddKey(plain.Encode(), IdOf(shrouded));
    }

    private Failure? AddKey(byte[] pkcs8, byte[]? keyId)
    {
        if (!keys.Any(one => one.Pkcs8.AsSpan().SequenceEqual(pkcs8)))
            keys.Add((pkcs8, keyId));
        return null;
    }

    private Failure? AddCertificate(Pkcs12CertBag bag)
    {
        var certificate = bag.GetCertificate();
        if (certificates.Any(one => one.Certificate.RawDataMemory.Span.SequenceEqual(certificate.RawDataMemory.Span)))
        {
            certificate.Dispose();
            Duplicates++;
        }
        else
        {
            certificates.Add((certificate, IdOf(bag)));
        }

        return null;
    }

    private static byte[]? IdOf(Pkcs12SafeBag bag) => bag.Attributes.Cast<CryptographicAttributeObject>()
        .SelectMany(attribute => attribute.Values.Cast<AsnEncodedData>())
        .OfType<Pkcs9LocalKeyId>().FirstOrDefault()?.KeyId.ToArray();
}
