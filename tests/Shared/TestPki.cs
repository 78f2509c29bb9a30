using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace MtlsFunctions.Shared;

/// <summary>
/// A certificate authority of one test: a root, an intermediate below it, and whatever the test wants issued.
/// Two of them trust nothing of each other. Nothing touches the disk unless asked.
/// </summary>
public sealed class TestPki
{
    private readonly TimeProvider clock;
    private readonly Lazy<X509Certificate2> intermediate;

    public TestPki(TimeProvider? clock = null)
    {
        this.clock = clock ?? TimeProvider.System;
        var id = RandomNumberGenerator.GetHexString(8, lowercase: true);
        Root = Authority($"Test Root {id}", issuer: null);
        intermediate = new(() => Authority($"Test Intermediate {id}", Root));
    }

    public X509Certificate2 Root { get; }

    public X509Certificate2 Intermediate => intermediate.Value;

    public X509Certificate2Collection Roots => [Root];

    public string RootPem => Root.ExportCertificatePem() + "\n";

    /// <returns>The path of a new PEM file in <paramref name="folder"/>.</returns>
    public string WriteRootPem(string folder)
    {
        Directory.CreateDirectory(folder);
        var path = Path.Combine(folder, $"root-{ThumbprintOf(Root)[..16]}.pem");
        File.WriteAllText(path, RootPem);
        return path;
    }

    /// <summary>A client certificate and its p12; by default valid today, P-256, with the clientAuth usage, issued by the root.</summary>
    public TestClient IssueClient(string commonName = "client", Action<ClientOptions>? configure = null)
    {
        var options = new ClientOptions();
        configure?.Invoke(options);
        using var key = TestKeys.Create(options.Key);
        var now = clock.GetUtcNow();
        var leaf = Certificates.Issue(
            new X500DistinguishedNameBuilder().Named(commonName),
            key,
            options.NotBefore ?? now.AddDays(-1),
            options.NotAfter ?? now.AddYears(1),
            options.FromIntermediate ? Intermediate : Root,
            Certificates.ForLeaf(options.Usage));
        X509Certificate2[] chain = options.FromIntermediate && options.IncludeChain ? [Intermediate] : [];
        return new(leaf, chain, TestPkcs12.Build(options, [leaf], chain), options.Password);
    }

    /// <summary>A client certificate for any public key, sensible or not, valid today.</summary>
    /// <param name="extensions">Default: as for any client.</param>
    /// <returns>Without a private key.</returns>
    public X509Certificate2 Certify(PublicKey key, X500DistinguishedName? subject = null, IEnumerable<X509Extension>? extensions = null)
    {
        var now = clock.GetUtcNow();
        using var issuerKey = Root.GetECDsaPrivateKey()!;
        return Certificates.Sign(
            subject ?? new X500DistinguishedNameBuilder().Named("client"), key, now.AddDays(-1), now.AddYears(1), Root, issuerKey,
            extensions ?? Certificates.ForLeaf(ClientUsage.ClientAuth));
    }

    /// <param name="dnsNamesOrIps">Subject alternative names; localhost and 127.0.0.1 when there are none.</param>
    public X509Certificate2 IssueServer(params string[] dnsNamesOrIps) => Server(dnsNamesOrIps, -1, 365);

    /// <summary>A server certificate that ran out yesterday.</summary>
    public X509Certificate2 IssueExpiredServer(params string[] dnsNamesOrIps) => Server(dnsNamesOrIps, -30, -1);

    /// <summary>A server certificate that is good for another host only.</summary>
    public X509Certificate2 IssueServerOfAnotherHost() => Server(["another-host.example"], -1, 365);

    /// <returns>SHA-256 of the certificate, lower-case hex.</returns>
    public static string ThumbprintOf(X509Certificate2 certificate) =>
        Convert.ToHexStringLower(certificate.GetCertHash(HashAlgorithmName.SHA256));

    private X509Certificate2 Server(string[] names, int fromDay, int toDay)
    {
        using var key = TestKeys.Create(KeyKind.P256);
        var alternatives = new SubjectAlternativeNameBuilder();
        foreach (var name in names is [] ? ["localhost", "127.0.0.1"] : names)
            if (IPAddress.TryParse(name, out var address))
                alternatives.AddIpAddress(address);
            else
                alternatives.AddDnsName(name);
        var now = clock.GetUtcNow();
        return Certificates.Issue(
            new X500DistinguishedNameBuilder().Named(names.FirstOrDefault("localhost")),
            key,
            now.AddDays(fromDay),
            now.AddDays(toDay),
            Root,
            [.. Certificates.ForLeaf(ClientUsage.ServerAuth), alternatives.Build()]);
    }

    private X509Certificate2 Authority(string name, X509Certificate2? issuer)
    {
        using var key = TestKeys.Create(KeyKind.P256);
        var now = clock.GetUtcNow();
        return Certificates.Issue(
            new X500DistinguishedNameBuilder().Named(name), key, now.AddYears(-20), now.AddYears(50), issuer, Certificates.ForAuthority());
    }
}
