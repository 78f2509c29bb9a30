using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using MtlsFunctions.Mappings;
using MtlsFunctions.Shared;

namespace MtlsFunctions.Tests.Mappings;

public sealed class TrustedCaTests
{
    private static readonly TestPki Pki = new();
    private static readonly TestPki Other = new();

    [Fact]
    public void Roots_intermediates_and_the_remotes_own_are_taken()
    {
        Assert.Equal([Pki.Root.Thumbprint], Thumbprints(Pki.RootPem));
        Assert.Equal([Pki.Root.Thumbprint, Other.Root.Thumbprint], Thumbprints(Pki.RootPem + Other.RootPem));
        Assert.Equal([Pki.Intermediate.Thumbprint, Pki.Root.Thumbprint], Thumbprints(Pem(Pki.Intermediate) + Pki.RootPem));
        Assert.Equal([Pki.Intermediate.Thumbprint], Thumbprints(Pem(Pki.Intermediate)));
        var server = Pki.IssueServer();
        Assert.Equal([server.Thumbprint], Thumbprints(Pem(server)));
    }

    [Fact]
    public void However_it_is_laid_out_it_is_the_same()
    {
        var usual = The.Of(TrustedCa.Parse(Pki.RootPem));
        foreach (var other in new[] { "\n\n " + Pki.RootPem + "\t\r\n", Pki.RootPem.Replace("\n", "\r\n", StringComparison.Ordinal), Pki.RootPem.TrimEnd(), OneLine(Pki.Root.RawData), TrustedCa.OfStored(usual.Pem).Pem })
        {
            var parsed = The.Of(TrustedCa.Parse(other));
            Assert.Equal((Pki.RootPem, usual.Digest), (parsed.Pem, parsed.Digest));
        }

        Assert.NotEqual(usual.Digest, The.Of(TrustedCa.Parse(Other.RootPem)).Digest);
        Assert.NotEqual(usual.Digest, The.Of(TrustedCa.Parse(Pki.RootPem + Other.RootPem)).Digest);
    }

    public static TheoryData<string, string> Bad => new()
    {
        { "nothing", " \n " },
        { "words", "trust everybody" },
        { "words before", "# my root\n" + Pki.RootPem },
        { "words behind", Pki.RootPem + "# that was it" },
        { "words between", Pki.RootPem + "and\n" + Other.RootPem },
        { "a private key", Pki.RootPem + Other.Root.GetECDsaPrivateKey()!.ExportPkcs8PrivateKeyPem() },
        { "a private key first", Other.Root.GetECDsaPrivateKey()!.ExportECPrivateKeyPem() + "\n" + Pki.RootPem },
        { "a private key alone", Other.Root.GetECDsaPrivateKey()!.ExportPkcs8PrivateKeyPem() },
        { "a request", Pki.RootPem + PemEncoding.WriteString("CERTIFICATE REQUEST", Pki.Root.RawData) },
        { "a trusted certificate", PemEncoding.WriteString("TRUSTED CERTIFICATE", Pki.Root.RawData) },
        { "no end", Pki.RootPem.Replace("-----END", "-----ENDE", StringComparison.Ordinal) },
        { "another end", Pki.RootPem.Replace("END CERTIFICATE", "END PRIVATE KEY", StringComparison.Ordinal) },
        { "no base64", Pki.RootPem.Replace("\nMII", "\n!!!", StringComparison.Ordinal) },
        { "an empty block", "-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----\n" },
        { "other bytes", OneLine([1, 2, 3]) },
        { "a key in a certificate's block", OneLine(Other.Root.GetECDsaPrivateKey()!.ExportPkcs8PrivateKey()) },
        { "PEM in a block", OneLine(System.Text.Encoding.ASCII.GetBytes(Pki.RootPem)) },
        { "a p7b in a block", OneLine(new X509Certificate2Collection(Pki.Root).Export(X509ContentType.Pkcs7)!) },
        { "bytes behind the certificate", OneLine([.. Pki.Root.RawData, 0]) },
        { "a certificate cut off", OneLine(Pki.Root.RawData[..^1]) },
        { "too much", string.Concat(Enumerable.Repeat(Pki.RootPem, TrustedCa.MaxLength / Pki.RootPem.Length + 1)) },
        { "too much nothing", Pki.RootPem.PadRight(TrustedCa.MaxLength + 1) },
    };

    [Theory]
    [MemberData(nameof(Bad), DisableDiscoveryEnumeration = true)]
    public void Anything_else_is_refused_and_not_repeated(string what, string text)
    {
        var failure = The.FailureOf(FailureKind.TrustedCaInvalid, TrustedCa.Parse(text));

        Assert.NotEmpty(what);
        Assert.StartsWith("\"trustedCa\" ", failure.Detail, StringComparison.Ordinal);
        Assert.DoesNotContain("MII", failure.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void As_much_as_fits_is_taken() => The.Of(TrustedCa.Parse(Pki.RootPem.PadRight(TrustedCa.MaxLength)));

    private static IEnumerable<string> Thumbprints(string pem) => The.Of(TrustedCa.Parse(pem)).Load().Select(one => one.Thumbprint);

    private static string Pem(X509Certificate2 certificate) => certificate.ExportCertificatePem() + "\n";

    private static string OneLine(byte[] bytes) => $"-----BEGIN CERTIFICATE-----\n{Convert.ToBase64String(bytes)}\n-----END CERTIFICATE-----\n";
}
