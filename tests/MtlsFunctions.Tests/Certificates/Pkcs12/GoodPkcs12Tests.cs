using System.Security.Cryptography.Pkcs;
using MtlsFunctions.Certificates.Pkcs12;
using MtlsFunctions.Shared;

namespace MtlsFunctions.Tests.Certificates.Pkcs12;

/// <summary>What tools of the last twenty years make must be taken.</summary>
public sealed class GoodPkcs12Tests
{
    private static readonly TestPki Pki = new();

    public static TheoryData<KeyKind, Pkcs12Encryption, bool> Good => new(
        from key in new[] { KeyKind.Rsa2048, KeyKind.Rsa3072, KeyKind.Rsa4096, KeyKind.P256, KeyKind.P384 }
        from encryption in Enum.GetValues<Pkcs12Encryption>()
        from intermediate in new[] { false, true }
        select (key, encryption, intermediate));

    [Theory]
    [MemberData(nameof(Good))]
    public void Every_usual_key_under_old_and_new_encryption_opens(KeyKind key, Pkcs12Encryption encryption, bool intermediate)
    {
        var client = Pki.IssueClient(configure: options => (options.Key, options.Encryption, options.FromIntermediate) = (key, encryption, intermediate));

        var opened = Open(client.Pkcs12, client.Password);

        using var certificate = opened.Certificate;
        Assert.Equal((client.Thumbprint, true), (certificate.Thumbprint, certificate.Leaf.HasPrivateKey));
        Assert.Equal(client.Chain.Select(one => one.Thumbprint), certificate.Intermediates.Select(one => one.Thumbprint));
    }

    [Fact]
    public void What_Java_8_and_OpenSSL_1_wrote_under_RC2_opens()
    {
        using var certificate = Open(LegacyPkcs12.Rc2And3Des, LegacyPkcs12.Password).Certificate;

        Assert.Equal(LegacyPkcs12.Thumbprint, certificate.Thumbprint);
    }

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("pass word")]
    [InlineData("pässwörd €")]
    [InlineData("пароль")]
    [InlineData("🔑")]
    public void A_password_may_be_empty_or_in_any_script(string password)
    {
        foreach (var encryption in Enum.GetValues<Pkcs12Encryption>())
        {
            var client = Pki.IssueClient(configure: options => (options.Password, options.Encryption) = (password, encryption));

            Open(client.Pkcs12, password).Certificate.Dispose();
        }
    }

    [Fact]
    public void Without_any_MAC_the_encryption_alone_tells_the_right_password()
    {
        var client = Pki.IssueClient();
        var options = new Pkcs12Options();
        var builder = new Pkcs12Builder();
        var keys = new Pkcs12SafeContents();
        builder.AddSafeContentsEncrypted(TestPkcs12.CertificateBags([client.Certificate], []), options.Password, options.Pbe());
        using var key = TestPkcs12.PrivateKeyOf(client.Certificate);
        keys.AddShroudedKey(key, options.Password, options.Pbe()).Attributes.Add(TestPkcs12.KeyId(client.Certificate));
        builder.AddSafeContentsUnencrypted(keys);
        builder.SealWithoutIntegrity();

        Open(builder.Encode(), options.Password).Certificate.Dispose();
        Assert.False(Pkcs12File.Open(builder.Encode(), "not the password", TimeProvider.System.GetUtcNow()).TryGet(out _, out _));
    }

    [Fact]
    public void The_largest_that_is_allowed_opens()
    {
        var client = Pki.IssueClient(configure: options => options.LargerThan = Pkcs12File.MaxBytes - 600);
        Assert.InRange(client.Pkcs12.Length, Pkcs12File.MaxBytes - 600, Pkcs12File.MaxBytes);

        Open(client.Pkcs12, client.Password).Certificate.Dispose();
    }

    private static OpenedPkcs12 Open(byte[] file, string password) => The.Of(Pkcs12File.Open(file, password, TimeProvider.System.GetUtcNow()));
}
