using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using MtlsFunctions.Certificates;
using MtlsFunctions.Shared;

namespace MtlsFunctions.Tests.Certificates;

public sealed class ClientCertificateTests
{
    private static readonly DateTimeOffset Now = TimeProvider.System.GetUtcNow();
    private static readonly TestPki Pki = new();
    private static readonly TestClient Client = Pki.IssueClient(configure: options => options.FromIntermediate = true);

    [Fact]
    public void The_vault_gives_back_key_and_chain()
    {
        using var before = With(Pki.Intermediate);

        using var after = ClientCertificate.FromVault(before.ToPkcs12());

        Assert.Equal(Client.Thumbprint, after.Thumbprint);
        Assert.Equal([Pki.Intermediate.Thumbprint], after.Intermediates.Select(one => one.Thumbprint));
        using var key = after.Leaf.GetECDsaPrivateKey();
        byte[] data = [1];
        Assert.True(Client.Certificate.GetECDsaPublicKey()!.VerifyData(data, key!.SignData(data, HashAlgorithmName.SHA256), HashAlgorithmName.SHA256));
    }

    [Fact]
    public void What_is_no_certificate_with_its_key_is_refused()
    {
        using var alone = X509CertificateLoader.LoadCertificate(Pki.Root.RawData);
        var without = new X509Certificate2Collection(alone).ExportPkcs12(Pkcs12ExportPbeParameters.Pbes2Aes256Sha256, "");

        Assert.ThrowsAny<CryptographicException>(() => ClientCertificate.FromVault(without));
        Assert.ThrowsAny<CryptographicException>(() => ClientCertificate.FromVault([1, 2, 3]));
    }

    [Fact]
    public void As_PEM_each_is_followed_by_its_issuer_however_the_p12_had_them_and_the_key_stays()
    {
        var stranger = new TestPki().Root;
        using var certificate = With(stranger, Pki.Root, Pki.Intermediate);

        var pem = certificate.ToPem(Now);

        X509Certificate2Collection read = [];
        read.ImportFromPem(pem);
        Assert.Equal([Client.Certificate, Pki.Intermediate, Pki.Root, stranger], read);
        Assert.DoesNotContain("PRIVATE", pem, StringComparison.Ordinal);
    }

    [Fact]
    public void Its_time_begins_with_the_first_second_and_ends_with_the_last()
    {
        using var certificate = With();

        Assert.Equal(FailureKind.Pkcs12NotYetValid, certificate.RefuseByTime(certificate.NotBefore.AddTicks(-1))?.Kind);
        Assert.Null(certificate.RefuseByTime(certificate.NotBefore));
        Assert.Null(certificate.RefuseByTime(certificate.NotAfter.AddTicks(-1)));
        Assert.Equal(FailureKind.Pkcs12Expired, certificate.RefuseByTime(certificate.NotAfter)?.Kind);
    }

    // Copies, because it owns what it is given.
    private static ClientCertificate With(params X509Certificate2[] chain)
    {
        using var key = Client.Certificate.GetECDsaPrivateKey();
        using var bare = X509CertificateLoader.LoadCertificate(Client.Certificate.RawData);
        return new ClientCertificate(bare.CopyWithPrivateKey(key!), [.. chain.Select(one => X509CertificateLoader.LoadCertificate(one.RawData))]);
    }
}
