using System.Security.Cryptography;

namespace MtlsFunctions.Certificates.Pkcs12;

/// <summary>Opens an uploaded p12, or tells precisely why it is refused. Nothing is stored, and the password is never repeated.</summary>
public static class Pkcs12File
{
    /// <summary>A vault secret holds 25 KB of text, so about 18 KB of p12.</summary>
    public const int MaxBytes = 18 * 1024;

    /// <summary>Takes up to about a second of CPU: for <see cref="KeyDerivations"/>, not for a request's own thread.</summary>
    /// <returns>The certificate, which the caller disposes; or the reason, as in api.md section 5.</returns>
    public static Outcome<OpenedPkcs12> Open(ReadOnlyMemory<byte> pkcs12, string password, DateTimeOffset now)
    {
        if (pkcs12.Length > MaxBytes)
            return new Failure(FailureKind.Pkcs12TooLarge, $"A p12 may have {MaxBytes} bytes, this one has {pkcs12.Length}. Leave out certificates that are not part of the chain.");
        if (!Pkcs12Structure.TryRead(pkcs12, out var structure))
            return new Failure(FailureKind.Pkcs12Unreadable, OtherFiles.Explain(pkcs12));
        if (structure.Cost.IsTooMuch)
            return KeyDerivationCost.TooCostly();
        if (structure.Unread is { } unread)
            return Pkcs12Algorithms.Refuse(unread);
        if (!Pkcs12Opener.Open(pkcs12, structure, password).TryGet(out var opened, out var failure))
            return failure;
        using var contents = opened.Contents;
        return Judge(contents, structure.Cost, opened.Remark, now);
    }

    private static Outcome<OpenedPkcs12> Judge(Pkcs12Contents contents, KeyDerivationCost cost, string? remark, DateTimeOffset now)
    {
        ClientCertificate? certificate = null;
        try
        {
            List<string> remarks = remark is null ? [] : [remark];
            if (!Pkcs12Loader.Load(contents, now, remarks).TryGet(out certificate, out var failure))
                return failure;
            failure = KeyPair.Matches(certificate.Leaf) ? certificate.RefuseByTime(now) : Pkcs12Loader.KeyMismatch();
            var opened = failure is null ? new OpenedPkcs12(certificate, Pkcs12Report.Of(certificate, cost, remarks, now)) : null;
            if (opened is not null)
                return opened;
            certificate.Dispose();
            return failure!;
        }
        catch (CryptographicException)
        {
            // .NET loads a certificate without looking at everything in it.
            certificate?.Dispose();
            return new Failure(FailureKind.Pkcs12Unreadable, "A certificate in the p12 is malformed: have it issued again.");
        }
    }
}

/// <summary>A p12 that can be used, and what there is to say about it.</summary>
public sealed record OpenedPkcs12(ClientCertificate Certificate, Pkcs12Report Report);
