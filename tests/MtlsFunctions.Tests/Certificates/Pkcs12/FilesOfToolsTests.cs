using MtlsFunctions.Certificates.Pkcs12;
using MtlsFunctions.Shared;

namespace MtlsFunctions.Tests.Certificates.Pkcs12;

/// <summary>Files that OpenSSL, Java and NSS write: those that open, and those that are refused with the way out.</summary>
public sealed class FilesOfToolsTests : IDisposable
{
    private readonly ToolFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void What_Firefox_and_pk12util_export_with_600000_iterations_opens()
    {
        folder.Certificate("client");
        folder.OpenSsl("pkcs12 -export -inkey client.key -in client.pem -name client -passout pass:secret -out openssl.p12");
        folder.Run("certutil", "libnss3-tools", "-N", "-d", ".", "--empty-password");
        folder.Run("pk12util", "libnss3-tools", "-i", "openssl.p12", "-d", ".", "-W", "secret");
        folder.Run("pk12util", "libnss3-tools", "-o", "client.p12", "-n", "client", "-d", ".", "-W", "secret");

        var opened = Open(folder.Read("client.p12"));

        Assert.Equal("CN=client", opened.Report.Subject);
        Assert.InRange(opened.Report.KeyDerivationIterations, 1_200_000, KeyDerivationCost.MaxTotalIterations);
    }

    [Fact]
    public void What_keytool_writes_opens()
    {
        Keystore("PKCS12", "secret");

        Assert.Equal("CN=client", Open(folder.Read("client.store")).Report.Subject);
    }

    [Theory]
    [InlineData("JKS")]
    [InlineData("JCEKS")]
    public void A_Java_keystore_is_named_and_the_command_makes_a_p12_of_it(string type)
    {
        Keystore(type, "secret");

        var failure = Refused(folder.Read("client.store"));

        Assert.Contains($"({type})", failure.Detail, StringComparison.Ordinal);
        Assert.Contains($"keytool -importkeystore -srckeystore client.jks -srcstoretype {type}", failure.Detail, StringComparison.Ordinal);
        folder.Run("keytool", "openjdk-17-jdk-headless", "-importkeystore", "-srckeystore", "client.store", "-srcstoretype", type, "-destkeystore",
            "client.p12", "-deststoretype", "PKCS12", "-srcstorepass", "secret", "-deststorepass", "secret");
        Assert.Equal("CN=client", Open(folder.Read("client.p12")).Report.Subject);
    }

    [Theory]
    [InlineData("-legacy -certpbe PBE-SHA1-RC4-128 -keypbe PBE-SHA1-3DES", "RC4 (128 bits)", "-legacy -in")]
    [InlineData("-legacy -keypbe PBE-SHA1-RC4-40", "RC4 (40 bits)", "-legacy -in")]
    [InlineData("-macalg sha224", "SHA-224", "-in")]
    [InlineData("-macalg sha3-256", "SHA3-256", "-in")]
    [InlineData("-macalg sha512-256", "SHA-512/256", "-in")]
    [InlineData("-certpbe CAMELLIA-256-CBC", "Camellia-256", "-in")]
    [InlineData("-keypbe CAMELLIA-128-CBC", "Camellia-128", "-in")]
    [InlineData("-certpbe ARIA-192-CBC -keypbe ARIA-192-CBC", "ARIA-192", "-in")]
    public void An_algorithm_that_is_not_read_is_named_and_the_commands_write_the_file_anew(string options, string name, string read)
    {
        folder.Certificate("client");
        folder.OpenSsl($"pkcs12 -export -inkey client.key -in client.pem -passout pass:secret -out old.p12 {options}");

        var failure = Refused(folder.Read("old.p12"));

        Assert.Contains($"protected with {name}, which", failure.Detail, StringComparison.Ordinal);
        Assert.Contains($"openssl pkcs12 {read} old.p12", failure.Detail, StringComparison.Ordinal);
        folder.OpenSsl($"pkcs12 {read} old.p12 -nodes -out all.pem -passin pass:secret");
        folder.OpenSsl("pkcs12 -export -in all.pem -out new.p12 -passout pass:secret");
        Open(folder.Read("new.p12"));
    }

    [Theory]
    [InlineData("2A864886F70D01050C", "2B060104 01DA47040B", "scrypt")]
    [InlineData("2A864886F70D0209", "2A85030701010401", "HMAC with GOST R 34.11-2012")]
    public void So_is_one_that_OpenSSL_does_not_write_here(string written, string instead, string name)
    {
        var file = new TestPki().IssueClient().Pkcs12;
        var changed = Convert.ToHexString(file).Replace(written, instead.Replace(" ", "", StringComparison.Ordinal), StringComparison.Ordinal);

        Assert.Contains($"with {name}, which", Refused(Convert.FromHexString(changed)).Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void An_RSA_PSS_key_is_named()
    {
        folder.Certificate("client", "-newkey rsa-pss");
        folder.OpenSsl("pkcs12 -export -inkey client.key -in client.pem -passout pass:secret -out client.p12");

        var failure = The.FailureOf(FailureKind.Pkcs12KeyUnsupported, Try(folder.Read("client.p12")));

        Assert.Contains("RSA-PSS", failure.Detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("-sha1", true)]
    [InlineData("-sha256", false)]
    public void A_signature_with_SHA_1_below_the_root_is_a_warning(string hash, bool warned)
    {
        folder.Certificate("ca");
        folder.OpenSsl("req -new -newkey rsa:2048 -nodes -keyout client.key -out client.csr -subj /CN=client");
        folder.OpenSsl($"x509 -req -in client.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 20 {hash} -out client.pem");
        folder.OpenSsl("pkcs12 -export -inkey client.key -in client.pem -certfile ca.pem -passout pass:secret -out client.p12");

        Assert.Equal(warned, Open(folder.Read("client.p12")).Report.Warnings.Any(one => one.Contains("'CN=client' is signed with sha1RSA", StringComparison.Ordinal)));
    }

    private void Keystore(string type, string password) => folder.Run("keytool", "openjdk-17-jdk-headless",
        "-genkeypair", "-alias", "client", "-keyalg", "RSA", "-dname", "CN=client", "-storetype", type, "-keystore", "client.store",
        "-storepass", password, "-keypass", password);

    private static OpenedPkcs12 Open(byte[] file)
    {
        var opened = The.Of(Try(file));
        opened.Certificate.Dispose();
        return opened;
    }

    private static Failure Refused(byte[] file) => The.FailureOf(FailureKind.Pkcs12Unreadable, Try(file));

    private static Outcome<OpenedPkcs12> Try(byte[] file) => Pkcs12File.Open(file, "secret", TimeProvider.System.GetUtcNow());
}
