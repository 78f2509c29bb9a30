using System.Buffers.Text;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using MtlsFunctions.CertificateVaults.Local;

namespace MtlsFunctions.LocalHost.Sandbox;

/// <summary>The sandbox's own CA, its server certificate and one p12 per client, made once and kept in a folder; keys are P-256.</summary>
/// <remarks>
/// The CA's key and the passwords are written once and never replaced, certificates and p12 files each in one step, so a crash at
/// any moment leaves files that belong together. What is missing, expires within a week or is of another CA is made again.
/// </remarks>
public sealed class SandboxPki
{
    private const string CaSubject = "CN=MtlsFunctions sandbox CA";
    private const string ServerAuthentication = "1.3.6.1.5.5.7.3.1";
    private const string ClientAuthentication = "1.3.6.1.5.5.7.3.2";

    private static readonly TimeSpan CaValidity = TimeSpan.FromDays(3650);
    private static readonly TimeSpan LeafValidity = TimeSpan.FromDays(365);
    private static readonly TimeSpan RenewBefore = TimeSpan.FromDays(7);

    private readonly string folder;
    private readonly DateTimeOffset now;

    private SandboxPki(string folder, IReadOnlyList<string> clients, DateTimeOffset now)
    {
        this.folder = PrivateFiles.CreateFolder(Path.GetFullPath(folder)).FullName;
        this.now = now;
        using var issuer = OpenCa();
        Ca = X509CertificateLoader.LoadCertificate(issuer.RawData);
        var server = OpenLeaf(issuer, "server", ServerRequest);
        Server = X509CertificateLoader.LoadPkcs12FromFile(server.P12Path, server.Password);
        Clients = clients.ToDictionary(name => name, name => OpenLeaf(issuer, $"client-{name}", key => ClientRequest(name, key)));
    }

    /// <summary>Path of the CA's certificate, for whoever shall trust the sandbox.</summary>
    public string CaPemPath => PathOf("ca.pem");

    /// <summary>Without its private key.</summary>
    public X509Certificate2 Ca { get; }

    /// <summary>For localhost, 127.0.0.1 and ::1, with its private key.</summary>
    public X509Certificate2 Server { get; }

    /// <summary>By the name given: absolute path of the p12 file, and its password.</summary>
    public IReadOnlyDictionary<string, (string P12Path, string Password)> Clients { get; }

    /// <param name="clients">Names that can be part of a file name; the subject is <c>CN={name}.sandbox</c>.</param>
    /// <param name="clock">Decides what has expired, and dates what is made.</param>
    /// <exception cref="IOException">The folder can't be read or written.</exception>
    /// <exception cref="CryptographicException">A file in it is not what it was when it was written.</exception>
    public static SandboxPki Open(string folder, IReadOnlyList<string> clients, TimeProvider clock) => new(folder, clients, clock.GetUtcNow());

    private X509Certificate2 OpenCa()
    {
        using var key = ECDsa.Create();
        key.ImportFromPem(ReadOrWrite("ca.key", NewKey));
        if (File.Exists(CaPemPath))
        {
            using var kept = X509CertificateLoader.LoadCertificateFromFile(CaPemPath);
            // A leaf can't outlive its CA.
            if (Lasts(kept, LeafValidity + RenewBefore) && IsOf(key, kept))
                return kept.CopyWithPrivateKey(key);
        }

        var request = new CertificateRequest(CaSubject, key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(X509BasicConstraintsExtension.CreateForCertificateAuthority(pathLengthConstraint: 0));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, critical: true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
        var made = request.CreateSelfSigned(NotBefore, now + CaValidity);
        Replace("ca.pem", Encoding.ASCII.GetBytes(made.ExportCertificatePem() + "\n"));
        return made;
    }

    private (string P12Path, string Password) OpenLeaf(X509Certificate2 issuer, string name, Func<ECDsa, CertificateRequest> describe)
    {
        var password = ReadOrWrite($"{name}.password", NewPassword);
        var path = PathOf($"{name}.p12");
        if (!IsUsable(issuer, path, password))
            Replace($"{name}.p12", Issue(issuer, password, describe));
        return (path, password);
    }

    private bool IsUsable(X509Certificate2 issuer, string path, string password)
    {
        if (!File.Exists(path))
            return false;
        using var leaf = X509CertificateLoader.LoadPkcs12FromFile(path, password);
        var issuerKey = issuer.Extensions.OfType<X509SubjectKeyIdentifierExtension>().Single().SubjectKeyIdentifierBytes;
        return Lasts(leaf, RenewBefore)
            && leaf.Extensions.OfType<X509AuthorityKeyIdentifierExtension>().Single().KeyIdentifier is { } issuedBy
            && issuedBy.Span.SequenceEqual(issuerKey.Span);
    }

    private byte[] Issue(X509Certificate2 issuer, string password, Func<ECDsa, CertificateRequest> describe)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = describe(key);
        request.CertificateExtensions.Add(X509BasicConstraintsExtension.CreateForEndEntity(critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, critical: true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
        request.CertificateExtensions.Add(
            X509AuthorityKeyIdentifierExtension.CreateFromCertificate(issuer, includeKeyIdentifier: true, includeIssuerAndSerial: false));
        using var certificate = request.Create(issuer, NotBefore, now + LeafValidity, RandomNumberGenerator.GetBytes(16));
        using var leaf = certificate.CopyWithPrivateKey(key);
        return leaf.ExportPkcs12(Pkcs12ExportPbeParameters.Pbes2Aes256Sha256, password);
    }

    private static CertificateRequest ServerRequest(ECDsa key)
    {
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        names.AddIpAddress(IPAddress.Loopback);
        names.AddIpAddress(IPAddress.IPv6Loopback);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(ServerAuthentication)], critical: false));
        return request;
    }

    private static CertificateRequest ClientRequest(string name, ECDsa key)
    {
        var request = new CertificateRequest($"CN={name}.sandbox", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(ClientAuthentication)], critical: false));
        return request;
    }

    /// <summary>Yesterday, so that a remote clock which is a little behind accepts the certificate.</summary>
    private DateTimeOffset NotBefore => now - TimeSpan.FromDays(1);

    private bool Lasts(X509Certificate2 certificate, TimeSpan time) => new DateTimeOffset(certificate.NotAfter) > now + time;

    private static bool IsOf(ECDsa key, X509Certificate2 certificate) =>
        certificate.PublicKey.ExportSubjectPublicKeyInfo().AsSpan().SequenceEqual(key.ExportSubjectPublicKeyInfo());

    private static string NewKey()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return key.ExportPkcs8PrivateKeyPem();
    }

    private static string NewPassword() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(24));

    private string PathOf(string name) => Path.Combine(folder, name);

    private string ReadOrWrite(string name, Func<string> make)
    {
        if (!File.Exists(PathOf(name)))
            Replace(name, Encoding.ASCII.GetBytes(make() + "\n"));
        return File.ReadAllText(PathOf(name)).TrimEnd();
    }

    private void Replace(string name, byte[] content)
    {
        var temporary = PathOf($"{name}.{Guid.NewGuid():N}.tmp");
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        using (var file = new FileStream(temporary, options))
            file.Write(content);
        File.Move(temporary, PathOf(name), overwrite: true);
    }
}
