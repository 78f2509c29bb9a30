using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace MtlsFunctions.Shared;

/// <summary>How a certificate is put together and signed, whoever asks.</summary>
internal static class Certificates
{
    private static readonly Oid ServerAuth = new("1.3.6.1.5.5.7.3.1");
    private static readonly Oid ClientAuth = new("1.3.6.1.5.5.7.3.2");

    /// <param name="issuer">An authority with a P-256 key; null makes a self-signed certificate.</param>
    /// <returns>The certificate with its private key; the caller keeps <paramref name="key"/>.</returns>
    public static X509Certificate2 Issue(
        X500DistinguishedName subject,
        AsymmetricAlgorithm key,
        DateTimeOffset notBefore,
        DateTimeOffset notAfter,
        X509Certificate2? issuer,
        IEnumerable<X509Extension> extensions)
    {
        var publicKey = key switch
        {
            RSA rsa => new PublicKey(rsa),
            ECDsa ecdsa => new PublicKey(ecdsa),
            _ => throw new ArgumentException("An RSA or ECDSA key is needed.", nameof(key)),
        };
        using var issuerKey = issuer?.GetECDsaPrivateKey();
        using var certificate = Sign(subject, publicKey, notBefore, notAfter, issuer, issuerKey ?? (ECDsa)key, extensions);
        return key is RSA rsaKey ? certificate.CopyWithPrivateKey(rsaKey) : certificate.CopyWithPrivateKey((ECDsa)key);
    }

    /// <summary>A certificate for any public key, sensible or not.</summary>
    /// <param name="issuer">Null: the certificate names itself as its issuer.</param>
    /// <returns>Without a private key.</returns>
    public static X509Certificate2 Sign(
        X500DistinguishedName subject,
        PublicKey key,
        DateTimeOffset notBefore,
        DateTimeOffset notAfter,
        X509Certificate2? issuer,
        ECDsa issuerKey,
        IEnumerable<X509Extension> extensions)
    {
        var request = new CertificateRequest(subject, key, HashAlgorithmName.SHA256);
        foreach (var extension in extensions)
            request.CertificateExtensions.Add(extension);
        var identifier = new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false);
        request.CertificateExtensions.Add(identifier);
        request.CertificateExtensions.Add(issuer is null
            ? X509AuthorityKeyIdentifierExtension.CreateFromSubjectKeyIdentifier(identifier)
            : X509AuthorityKeyIdentifierExtension.CreateFromCertificate(issuer, includeKeyIdentifier: true, includeIssuerAndSerial: false));
        return request.Create(
            issuer?.SubjectName ?? subject, X509SignatureGenerator.CreateForECDsa(issuerKey), notBefore, notAfter, SerialNumber());
    }

    public static IEnumerable<X509Extension> ForAuthority() =>
    [
        X509BasicConstraintsExtension.CreateForCertificateAuthority(),
        new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, critical: true),
    ];

    public static IEnumerable<X509Extension> ForLeaf(ClientUsage usage)
    {
        yield return X509BasicConstraintsExtension.CreateForEndEntity(critical: true);
        yield return new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, critical: true);
        OidCollection purposes = [];
        if (usage is ClientUsage.ClientAuth or ClientUsage.Both)
            purposes.Add(ClientAuth);
        if (usage is ClientUsage.ServerAuth or ClientUsage.Both)
            purposes.Add(ServerAuth);
        if (purposes.Count > 0)
            yield return new X509EnhancedKeyUsageExtension(purposes, critical: false);
    }

    public static X500DistinguishedName Named(this X500DistinguishedNameBuilder builder, string commonName)
    {
        builder.AddCommonName(commonName);
        return builder.Build();
    }

    private static byte[] SerialNumber()
    {
        var serial = RandomNumberGenerator.GetBytes(16);
        serial[0] = (byte)(serial[0] & 0x7F | 0x40); // positive, and no leading zero that DER would have to drop
        return serial;
    }
}
