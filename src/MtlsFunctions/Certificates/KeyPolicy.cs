using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace MtlsFunctions.Certificates;

/// <summary>Which private keys are accepted: RSA of 2048 to 8192 bits, and ECDSA on P-256, P-384 or P-521.</summary>
public static class KeyPolicy
{
    private const int MinRsaBits = 2048;
    private const int MaxRsaBits = 8192;
    private static readonly string[] Curves = ["nistP256", "nistP384", "nistP521", "ECDSA_P256", "ECDSA_P384", "ECDSA_P521"];

    /// <returns>Why the key of this certificate is refused; null when it is fine.</returns>
    public static Failure? Refuse(X509Certificate2 certificate)
    {
        using var rsa = certificate.GetRSAPublicKey();
        if (rsa is not null)
            return rsa.KeySize switch
            {
                < MinRsaBits => new Failure(FailureKind.Pkcs12KeyWeak, $"The RSA key has {rsa.KeySize} bits; at least {MinRsaBits} are needed. Make a new key and have it certified."),
                > MaxRsaBits => new Failure(FailureKind.Pkcs12KeyUnsupported, $"The RSA key has {rsa.KeySize} bits; at most {MaxRsaBits} are supported."),
                _ => null,
            };
        using var ecdsa = certificate.GetECDsaPublicKey();
        if (ecdsa is not null && Curves.Contains(CurveOf(ecdsa)))
            return null;
        return new Failure(FailureKind.Pkcs12KeyUnsupported, "Use an RSA key, or an ECDSA key on P-256, P-384 or P-521.");
    }

    /// <returns>For people: <c>RSA 4096</c>, <c>ECDSA P-256</c>.</returns>
    public static string Describe(X509Certificate2 certificate)
    {
        using var rsa = certificate.GetRSAPublicKey();
        if (rsa is not null)
            return $"RSA {rsa.KeySize}";
        using var ecdsa = certificate.GetECDsaPublicKey();
        return ecdsa is null ? certificate.PublicKey.Oid.FriendlyName ?? "unknown" : $"ECDSA P-{ecdsa.KeySize}";
    }

    private static string? CurveOf(ECDsa key) => key.ExportParameters(includePrivateParameters: false).Curve.Oid?.FriendlyName;
}
