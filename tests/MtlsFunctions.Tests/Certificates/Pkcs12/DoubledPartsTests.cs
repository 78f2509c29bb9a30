using System.Security.Cryptography;
using System.Security.Cryptography.Pkcs;
using MtlsFunctions.Certificates.Pkcs12;
using MtlsFunctions.Shared;

namespace MtlsFunctions.Tests.Certificates.Pkcs12;

/// <summary>Certificates, keys and attributes that are in a p12 more than once.</summary>
public sealed class DoubledPartsTests : IDisposable
{
    private readonly ToolFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void A_leaf_that_is_there_twice_counts_once()
    {
        folder.Certificate("client");
        folder.OpenSsl("pkcs12 -export -inkey client.key -in client.pem -certfile client.pem -passout pass:secret -out client.p12");

        var opened = Open(folder.Read("client.p12"), "secret");

        using var certificate = opened.Certificate;
        Assert.Empty(certificate.Intermediates);
        Assert.Contains(opened.Report.Warnings, one => one.Contains("more than once", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("old.pem", "new.pem")]
    [InlineData("new.pem", "old.pem")]
    public void Of_an_old_and_a_renewed_certificate_the_one_that_ends_last_is_used(string first, string second)
    {
        folder.Certificate("old");
        folder.OpenSsl("req -x509 -key old.key -days 300 -subj /CN=renewed -out new.pem");
        folder.OpenSsl($"pkcs12 -export -inkey old.key -in {first} -certfile {second} -passout pass:secret -out client.p12");

        var opened = Open(folder.Read("client.p12"), "secret");

        using var certificate = opened.Certificate;
        Assert.Equal("CN=renewed", opened.Report.Subject);
        Assert.Empty(certificate.Intermediates);
        Assert.Contains(opened.Report.Warnings, one => one.StartsWith("The p12 holds 2 certificates of this key.", StringComparison.Ordinal));
    }

    [Fact]
    public void An_attribute_that_is_there_twice_does_no_harm()
    {
        var client = new TestPki().IssueClient();
        using var key = TestPkcs12.PrivateKeyOf(client.Certificate);
        var contents = new Pkcs12SafeContents();
        foreach (var bag in new Pkcs12SafeBag[] { contents.AddCertificate(client.Certificate), contents.AddKeyUnencrypted(key) })
        {
            bag.Attributes.Add(new CryptographicAttributeObject(new Oid("1.2.840.113549.1.9.20"), [Named("one")]));
            bag.Attributes.Add(new CryptographicAttributeObject(new Oid("1.2.840.113549.1.9.20"), [Named("two")]));
            bag.Attributes.Add(new Pkcs9LocalKeyId([1]));
        }

        using var certificate = Open(HandmadePkcs12.Seal(contents), HandmadePkcs12.Password).Certificate;

        Assert.Equal(client.Thumbprint, certificate.Thumbprint);

        static AsnEncodedData Named(string name) => new(new Oid("1.2.840.113549.1.9.20"), [0x1E, 6, .. System.Text.Encoding.BigEndianUnicode.GetBytes(name)]);
    }

    [Fact]
    public void A_key_that_is_there_twice_is_one_key()
    {
        var client = new TestPki().IssueClient();
        using var key = TestPkcs12.PrivateKeyOf(client.Certificate);
        var contents = new Pkcs12SafeContents();
        contents.AddCertificate(client.Certificate);
        contents.AddKeyUnencrypted(key);
        contents.AddShroudedKey(key, HandmadePkcs12.Password, new PbeParameters(PbeEncryptionAlgorithm.Aes256Cbc, HashAlgorithmName.SHA256, 5));

        Open(HandmadePkcs12.Seal(contents), HandmadePkcs12.Password).Certificate.Dispose();
    }

    private static OpenedPkcs12 Open(byte[] file, string password) => The.Of(Pkcs12File.Open(file, password, TimeProvider.System.GetUtcNow()));
}
