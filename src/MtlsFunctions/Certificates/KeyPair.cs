using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace MtlsFunctions.Certificates;

/// <summary>
/// Whether a certificate's private key is really its own. A p12 pairs them by a mere attribute, and nothing checks it: with another
/// key every handshake would fail, long after the upload succeeded.
/// </summary>
internal static class KeyPair
{
    private static readonly HashAlgorithmName Hash = HashAlgorithmName.SHA256;

    /// <exception cref="CryptographicException">The certificate's public key is malformed.</exception>
    public static bool Matches(X509Certificate2 certificate)
    {
        var challenge = RandomNumberGenerator.GetBytes(SHA256.HashSizeInBytes);
        using var rsa = certificate.GetRSAPublicKey();
        if (rsa is not null)
            return Sign(() => SignRsa(certificate, challenge)) is { } signed && rsa.VerifyHash(challenge, signed, Hash, RSASignaturePadding.Pkcs1);
        using var ecdsa = certificate.GetECDsaPublicKey();
        return ecdsa is not null && Sign(() => SignEcdsa(certificate, challenge)) is { } signature && ecdsa.VerifyHash(challenge, signature);
    }

    private static byte[]? SignRsa(X509Certificate2 certificate, byte[] challenge)
    {
        using var key = certificate.GetRSAPrivateKey();
        return key?.SignHash(challenge, Hash, RSASignaturePadding.Pkcs1);
    }

    private static byte[]? SignEcdsa(X509Certificate2 certificate, byte[] challenge)
    {
        using var key = certificate.GetECDsaPrivateKey();
        return key?.SignHash(challenge);
    }

    // A key of another kind than the certificate's can't even be opened as what the certificate says.
    private static byte[]? Sign(Func<byte[]?> sign)
    {
        try
        {
            return sign();
        }
        catch (CryptographicException)
        {
            return null;
        }
    }
}
