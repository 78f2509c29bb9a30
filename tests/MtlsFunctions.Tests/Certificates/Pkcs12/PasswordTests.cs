using System.Security.Cryptography;
using System.Security.Cryptography.Pkcs;
using System.Text;
using MtlsFunctions.Certificates.Pkcs12;
using MtlsFunctions.Shared;

namespace MtlsFunctions.Tests.Certificates.Pkcs12;

/// <summary>Passwords as tools have encoded them. Where the MAC tells which way it was, that way is taken; elsewhere the likely reason is told.</summary>
public sealed class PasswordTests
{
    private static readonly TestPki Pki = new();

    /// <summary>What the tool made of the password, and what a person sends.</summary>
    public static TheoryData<string, string> OtherReadings => new()
    {
        { Encoding.Latin1.GetString(Encoding.UTF8.GetBytes("pässwörd€")), "pässwörd€" },
        { Encoding.Latin1.GetString(Encoding.UTF8.GetBytes("key🔑")), "key🔑" },
        { Encoding.Latin1.GetString([0x80, 0xE4]), "€ä" },
        { "key\uF511", "key🔑" },
        { "secret", "secret\n" },
        { "secret", "secret\r\n" },
        { "secret", "secret " },
        { "secret\n", "secret" },
    };

    [Theory]
    [MemberData(nameof(OtherReadings))]
    public void Another_reading_that_the_MAC_proves_is_taken_and_told(string made, string sent)
    {
        var client = Pki.IssueClient(configure: options => (options.Password, options.Encryption) = (made, Pkcs12Encryption.LegacyTripleDes));

        var opened = The.Of(Open(client.Pkcs12, sent));

        opened.Certificate.Dispose();
        Assert.Contains(opened.Report.Warnings, one => one.Contains("password", StringComparison.Ordinal));
        Assert.DoesNotContain(opened.Report.Warnings, one => one.Contains(sent, StringComparison.Ordinal));
    }

    [Fact]
    public void OpenSSL_1_0_with_AES_took_the_password_in_both_ways_in_one_file()
    {
        const string password = "pässwörd€";
        var mac = Encoding.Latin1.GetString(Encoding.UTF8.GetBytes(password));

        The.Of(Open(TwoPasswords(mac, password), password)).Certificate.Dispose();
    }

    [Fact]
    public void Two_passwords_are_told_whichever_of_them_is_sent()
    {
        var file = TwoPasswords("of the MAC", "of the contents");

        var macs = The.FailureOf(FailureKind.Pkcs12WrongPassword, Open(file, "of the MAC"));
        var contents = The.FailureOf(FailureKind.Pkcs12WrongPassword, Open(file, "of the contents"));
        var neither = The.FailureOf(FailureKind.Pkcs12WrongPassword, Open(file, "neither"));

        Assert.Contains("is right for the MAC of the p12, but", macs.Detail, StringComparison.Ordinal);
        Assert.Contains("opens what is in the p12, but its MAC", contents.Detail, StringComparison.Ordinal);
        Assert.DoesNotContain("twopass", neither.Detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("p\uFFFDss", "UTF-8")]
    [InlineData(" wrong", "blank")]
    [InlineData("wröng", "beyond ASCII")]
    [InlineData("", "empty")]
    public void Where_nothing_opens_the_likely_reason_is_told(string sent, string said)
    {
        foreach (var encryption in Enum.GetValues<Pkcs12Encryption>())
        {
            var client = Pki.IssueClient(configure: options => options.Encryption = encryption);
            var failure = The.FailureOf(FailureKind.Pkcs12WrongPassword, Open(client.Pkcs12, sent));
            Assert.Contains(said, failure.Detail, StringComparison.Ordinal);
        }
    }

    private static byte[] TwoPasswords(string mac, string contents)
    {
        var client = Pki.IssueClient();
        using var key = TestPkcs12.PrivateKeyOf(client.Certificate);
        var pbe = new PbeParameters(PbeEncryptionAlgorithm.Aes256Cbc, HashAlgorithmName.SHA256, 10);
        var keys = new Pkcs12SafeContents();
        keys.AddShroudedKey(key, contents, pbe);
        var builder = new Pkcs12Builder();
        builder.AddSafeContentsEncrypted(TestPkcs12.CertificateBags([client.Certificate], []), contents, pbe);
        builder.AddSafeContentsUnencrypted(keys);
        builder.SealWithMac(mac, HashAlgorithmName.SHA256, 10);
        return builder.Encode();
    }

    private static Outcome<OpenedPkcs12> Open(byte[] file, string password) => Pkcs12File.Open(file, password, TimeProvider.System.GetUtcNow());
}
