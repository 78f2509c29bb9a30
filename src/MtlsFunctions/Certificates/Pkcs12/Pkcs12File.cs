using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace MtlsFunctions.Certificates.Pkcs12;

/// <summary>Opens an uploaded p12, or tells precisely why it is refused. Nothing is stored, and the password is never repeated.</summary>
public static class Pkcs12File
{
    /// <summary>A vault secret holds 25 KB of text, so about 18 KB of p12.</summary>
    public const int MaxBytes = 18 * 1024;

    /// <returns>The certificate, which the caller disposes; or the reason, as in api.md section 5.</returns>
    public static Outcome<OpenedPkcs12> Open(ReadOnlyMemory<byte> pkcs12, string password, DateTimeOffset now)
    {
        if (pkcs12.Length > MaxBytes)
            return new Failure(FailureKind.Pkcs12TooLarge, $"A p12 may have {MaxBytes} bytes, this one has {pkcs12.Length}. Leave out certificates that are not part of the chain.");
        if (!KeyDerivationCost.TryRead(pkcs12, out var cost))
            return new Failure(FailureKind.Pkcs12Unreadable, "The file is not a p12 (PKCS#12), or it is damaged. Send the .p12 or .pfx file itself, in binary.");
        if (cost.IsTooMuch)
            return KeyDerivationCost.TooCostly();
        if (cost.KeyBags > 1)
            return SeveralKeys();
        if (!Pkcs12Loader.Load(pkcs12, password).TryGet(out var all, out var failure))
            return failure;
        var judged = Judge(all, cost, now);
        if (!judged.TryGet(out _, out _))
            foreach (var certificate in all)
                certificate.Dispose();
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

    private static Failure KeyMismatch() =>
        new(FailureKind.Pkcs12KeyMismatch, "The p12 holds a private key, but no certificate that was issued for it: export the two that belong together.");

    private static Failure SeveralKeys() =>
        new(FailureKind.Pkcs12SeveralKeys, "It would be a guess which key to use: export one key with its certificate.");
}

/// <summary>A p12 that can be used, and what there is to say about it.</summary>
public sealed record OpenedPkcs12(ClientCertificate Certificate, Pkcs12Report Report);
