using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace MtlsFunctions.Certificates.Pkcs12;

/// <summary>.NET's loader, within limits, with its exceptions told apart.</summary>
internal static class Pkcs12Loader
{
    // What it reports for a wrong password on every platform (ERROR_INVALID_PASSWORD).
    private const int InvalidPassword = unchecked((int)0x80070056);

    private static readonly Pkcs12LoaderLimits Limits = new()
    {
        MacIterationLimit = KeyDerivationCost.MaxIterations,
        IndividualKdfIterationLimit = KeyDerivationCost.MaxIterations,
        TotalKdfIterationLimit = KeyDerivationCost.MaxTotalIterations,
        // The size of the file bounds them, and several keys are told as such.
        MaxCertificates = null,
        MaxKeys = null,
    };

    private static readonly Pkcs12LoaderLimits LimitsWithoutKeys = new(Limits) { IgnorePrivateKeys = true };

    /// <returns>Every certificate of the p12, those with a private key among them; the caller disposes them.</returns>
    public static Outcome<X509Certificate2Collection> Load(ReadOnlyMemory<byte> pkcs12, string password)
    {
        try
        {
            return X509CertificateLoader.LoadPkcs12Collection(pkcs12.Span, password, X509KeyStorageFlags.Exportable | ClientCertificate.KeyStorage, Limits);
        }
        catch (Pkcs12LoadLimitExceededException)
        {
            return KeyDerivationCost.TooCostly();
        }
        catch (CryptographicException fault) when (fault.HResult == InvalidPassword)
        {
            return new Failure(FailureKind.Pkcs12WrongPassword, "The password does not open this p12, or the file was changed after it was made.");
        }
        catch (CryptographicException)
        {
            return UnsupportedKey(pkcs12, password)
                ?? new Failure(FailureKind.Pkcs12Unreadable, "The p12 is damaged, or protected in a way that is not supported: export it with AES-256 (or 3DES) and an HMAC for its MAC (not PBMAC1).");
        }
    }

    // No certificate loads beside a kind of key that .NET doesn't know. Without the keys they do, and tell the kind.
    private static Failure? UnsupportedKey(ReadOnlyMemory<byte> pkcs12, string password)
    {
        X509Certificate2Collection all = [];
        try
        {
            all = X509CertificateLoader.LoadPkcs12Collection(pkcs12.Span, password, ClientCertificate.KeyStorage, LimitsWithoutKeys);
            return all.Select(KeyPolicy.Refuse).FirstOrDefault(refused => refused is { Kind: FailureKind.Pkcs12KeyUnsupported });
        }
        catch (CryptographicException)
        {
            return null;
        }
        finally
        {
            foreach (var certificate in all)
                certificate.Dispose();
        }
    }
}
