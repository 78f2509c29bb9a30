using MtlsFunctions.Certificates.Pkcs12;
using MtlsFunctions.Shared;

namespace MtlsFunctions.Tests.Certificates.Pkcs12;

/// <summary>The MAC of RFC 9579, by the vectors of its appendix A, and RFC 9879's rule against short keys.</summary>
public sealed class Pbmac1Tests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void The_good_vectors_open(int number)
    {
        var opened = The.Of(Open(Pbmac1Vectors.Get(number)));

        using var certificate = opened.Certificate;
        Assert.True(certificate.Leaf.HasPrivateKey);
        The.FailureOf(FailureKind.Pkcs12WrongPassword, Open(Pbmac1Vectors.Get(number), "12345"));
    }

    [Theory]
    [InlineData(4, FailureKind.Pkcs12WrongPassword)]
    [InlineData(5, FailureKind.Pkcs12WrongPassword)]
    [InlineData(6, FailureKind.Pkcs12Unreadable)]
    public void The_bad_vectors_are_refused(int number, FailureKind kind) => The.FailureOf(kind, Open(Pbmac1Vectors.Get(number)));

    [Theory]
    [InlineData(1, FailureKind.Pkcs12Unreadable, "forged")]
    [InlineData(19, FailureKind.Pkcs12Unreadable, "forged")]
    [InlineData(20, FailureKind.Pkcs12WrongPassword, "MAC")]
    public void A_key_shorter_than_20_bytes_is_refused_before_any_password_counts(byte length, FailureKind kind, string said)
    {
        var file = Pbmac1Vectors.Get(1, mac => Replace(mac, [2, 1, 32], [2, 1, length]));

        Assert.Contains(said, The.FailureOf(kind, Open(file)).Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_read_without_its_own_MAC_was_proven_by_it()
    {
        var client = new TestPki().IssueClient();
        using var key = TestPkcs12.PrivateKeyOf(client.Certificate);
        var file = KdfBomb.WithPbmac1(
            HandmadePkcs12.Build(client.Certificate.RawData, key.ExportPkcs8PrivateKey()), 100, 1);
        var changed = Replace(file, client.Certificate.SerialNumberBytes.ToArray(), [.. client.Certificate.SerialNumberBytes.ToArray().Reverse()]);

        The.Of(Pkcs12File.Open(file, HandmadePkcs12.Password, TimeProvider.System.GetUtcNow())).Certificate.Dispose();
        The.FailureOf(FailureKind.Pkcs12WrongPassword, Pkcs12File.Open(changed, HandmadePkcs12.Password, TimeProvider.System.GetUtcNow()));
    }

    private static Outcome<OpenedPkcs12> Open(byte[] file, string password = Pbmac1Vectors.Password) =>
        Pkcs12File.Open(file, password, Pbmac1Vectors.Valid);

    private static byte[] Replace(byte[] whole, byte[] old, byte[] with)
    {
        var at = whole.AsSpan().LastIndexOf(old);
        Assert.True(at >= 0);
        return [.. whole[..at], .. with, .. whole[(at + old.Length)..]];
    }
}
