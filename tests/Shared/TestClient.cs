using System.Net.Security;
using System.Security.Cryptography.X509Certificates;

namespace MtlsFunctions.Shared;

/// <summary>A client certificate with its private key, and the p12 that a user would upload.</summary>
public sealed class TestClient(X509Certificate2 certificate, IReadOnlyList<X509Certificate2> chain, byte[] pkcs12, string password)
{
    public X509Certificate2 Certificate { get; } = certificate;

    /// <summary>The intermediates inside the p12.</summary>
    public IReadOnlyList<X509Certificate2> Chain { get; } = chain;

    public byte[] Pkcs12 { get; } = pkcs12;

    public string Password { get; } = password;

    /// <summary>SHA-256, lower-case hex.</summary>
    public string Thumbprint => TestPki.ThumbprintOf(Certificate);

    /// <summary>The same bytes as Java prints them: -128..127.</summary>
    public IEnumerable<int> SignedBytes => Pkcs12.Select(b => (int)unchecked((sbyte)b));

    /// <summary>What a TLS client needs to present the certificate together with its intermediates.</summary>
    public SslStreamCertificateContext TlsContext() =>
        SslStreamCertificateContext.Create(Certificate, [.. Chain], offline: true);

    /// <returns>The path of a new p12 file in <paramref name="folder"/>.</returns>
    public string WritePkcs12(string folder)
    {
        Directory.CreateDirectory(folder);
        var path = Path.Combine(folder, $"client-{Thumbprint[..16]}.p12");
        File.WriteAllBytes(path, Pkcs12);
        return path;
    }
}
