using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace MtlsFunctions.Certificates.Pkcs12;

/// <summary>Opens an uploaded p12, or tells precisely why it is refused. Nothing is stored, and the password is never repeated.</summary>
public static class Pkcs12File
{
    /// <summary>A vault secret holds 25 KB of text, so about 18 KB of p12.</summary>
    public const int MaxBytes = 18 * 1024;

    /// <summary>Iterations of one key derivation, at most: about a tenth of a second of CPU.</summary>
    public const int MaxIterations = 300_000;

    /// <summary>Iterations of all key derivations of one p12, at most.</summary>
    public const int MaxTotalIterations = 1_000_000;

    // What .NET's loader reports for a wrong password on every platform (ERROR_INVALID_PASSWORD).
    private const int InvalidPassword = unchecked((int)0x80070056);

    private static readonly Pkcs12LoaderLimits Limits = new()
    {
        MacIterationLimit = MaxIterations,
        IndividualKdfIterationLimit = MaxIterations,
        TotalKdfIterationLimit = MaxTotalIterations,
        MaxCertificates = 20,
        MaxKeys = 10,
    };

    private static readonly Pkcs12LoaderLimits LimitsWithoutKeys = new(Limits) { IgnorePrivateKeys = true };

    /// <returns>The certificate, which the caller disposes; or the reason, as in api.md section 5.</returns>
    public static Outcome<OpenedPkcs12> Open(ReadOnlyMemory<byte> pkcs12, string password, DateTimeOffset now)
    {
        if (pkcs12.Length > MaxBytes)
            return TooLarge(pkcs12.Length);
        if (!TryReadCost(pkcs12, out var cost))
            return new Failure(FailureKind.Pkcs12Unreadable, "The file is not a p12 (PKCS#12), or it is damaged. Send the .p12 or .pfx file itself, in binary.");
        if (cost.MostIterations > MaxIterations || cost.TotalIterations > MaxTotalIterations)
            return new Failure(FailureKind.Pkcs12KeyDerivationTooCostly, $"Export it again with an iteration count of at most {MaxIterations}; 2048 is usual.");
        if (cost.KeyBags > 1)
            return SeveralKeys();
        if (!Load(pkcs12, password).TryGet(out var all, out var failure))
            return failure;
        var judged = Judge(all, cost, now);
        if (!judged.TryGet(out _, out _))
            Dispose(all);
        return judged;
    }

    private static Outcome<OpenedPkcs12> Judge(X509Certificate2Collection all, KeyDerivationCost cost, DateTimeOffset now)
    {
        try
        {
            return JudgeWellFormed(all, cost, now);
        }
        catch (CryptographicException)
        {
            // .NET loads a certificate without looking at everything in it.
            return new Failure(FailureKind.Pkcs12Unreadable, "A certificate in the p12 is malformed: have it issued again.");
        }
    }

    private static Outcome<OpenedPkcs12> JudgeWellFormed(X509Certificate2Collection all, KeyDerivationCost cost, DateTimeOffset now)
    {
        var withKey = all.Where(certificate => certificate.HasPrivateKey).ToArray();
        if (withKey.Length > 1)
            return SeveralKeys();
        if (withKey is not [var leaf])
            return cost.KeyBags > 0
                ? KeyMismatch()
                : new Failure(FailureKind.Pkcs12WithoutPrivateKey, "Export the certificate together with its private key (openssl pkcs12 -export -inkey …).");
        if (KeyPolicy.Refuse(leaf) is { } refused)
            return refused;
        if (!KeyPair.Matches(leaf))
            return KeyMismatch();
        var certificate = new ClientCertificate(leaf, [.. all.Where(certificate => !certificate.HasPrivateKey)]);
        return certificate.RefuseByTime(now) is { } outOfTime
            ? outOfTime
            : new OpenedPkcs12(certificate, Pkcs12Report.Of(certificate, cost, now));
    }

    private static bool TryReadCost(ReadOnlyMemory<byte> pkcs12, out KeyDerivationCost cost)
    {
        try
        {
            cost = KeyDerivationCost.Read(pkcs12);
            return true;
        }
        catch (Exception fault) when (fault is AsnContentException or CryptographicException)
        {
            cost = null!;
            return false;
        }
    }

    private static Outcome<X509Certificate2Collection> Load(ReadOnlyMemory<byte> pkcs12, string password)
    {
        try
        {
            return X509CertificateLoader.LoadPkcs12Collection(pkcs12.Span, password, X509KeyStorageFlags.Exportable | X509KeyStorageFlags.EphemeralKeySet, Limits);
        }
        catch (Pkcs12LoadLimitExceededException)
        {
            return new Failure(FailureKind.Pkcs12KeyDerivationTooCostly, "The p12 holds more keys, certificates or derivations than a client certificate needs: export it again, alone.");
        }
        catch (CryptographicException fault) when (fault.HResult == InvalidPassword)
        {
            return new Failure(FailureKind.Pkcs12WrongPassword, "The password does not open this p12.");
        }
        catch (CryptographicException)
        {
            return UnsupportedKey(pkcs12, password)
                ?? new Failure(FailureKind.Pkcs12Unreadable, "The p12 is damaged, or encrypted in a way that is not supported: use AES-256 or 3DES.");
        }
    }

    // .NET loads no certificate beside a kind of key that it doesn't know. Without the keys it does, and they tell the kind.
    private static Failure? UnsupportedKey(ReadOnlyMemory<byte> pkcs12, string password)
    {
        X509Certificate2Collection all = [];
        try
        {
            all = X509CertificateLoader.LoadPkcs12Collection(pkcs12.Span, password, X509KeyStorageFlags.EphemeralKeySet, LimitsWithoutKeys);
            return all.Select(KeyPolicy.Refuse).FirstOrDefault(refused => refused is { Kind: FailureKind.Pkcs12KeyUnsupported });
        }
        catch (CryptographicException)
        {
            return null;
        }
        finally
        {
            Dispose(all);
        }
    }

    private static void Dispose(X509Certificate2Collection certificates)
    {
        foreach (var certificate in certificates)
            certificate.Dispose();
    }

    public static Failure TooLarge(long bytes) =>
        new(FailureKind.Pkcs12TooLarge, $"A p12 may have {MaxBytes} bytes, this one has {bytes}. Leave out certificates that are not part of the chain.");

    private static Failure KeyMismatch() =>
        new(FailureKind.Pkcs12KeyMismatch, "The p12 holds a private key, but no certificate that was issued for it: export the two that belong together.");

    private static Failure SeveralKeys() =>
        new(FailureKind.Pkcs12SeveralKeys, "It would be a guess which key to use: export one key with its certificate.");
}

/// <summary>A p12 that can be used, and what there is to say about it.</summary>
public sealed record OpenedPkcs12(ClientCertificate Certificate, Pkcs12Report Report);
