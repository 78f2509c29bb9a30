using System.Text;
using MtlsFunctions.Certificates.Pkcs12;
using MtlsFunctions.Shared;

namespace MtlsFunctions.Tests.Certificates.Pkcs12;

/// <summary>What isn't a p12 is named for what it is, with what makes a p12 of it. The Java keystores are among the tools' files.</summary>
public sealed class OtherFilesTests : IDisposable
{
    private readonly ToolFolder folder = new();

    public OtherFilesTests()
    {
        folder.Certificate("client");
        folder.OpenSsl("pkcs12 -export -inkey client.key -in client.pem -passout pass:secret -out client.p12");
    }

    private byte[] P12 => folder.Read("client.p12");

    public void Dispose() => folder.Dispose();

    [Fact]
    public void PEM_is_told_by_what_it_holds()
    {
        Says("PEM, not a p12. Make a p12 of it: openssl pkcs12 -export -in client.pem -out client.p12", Utf8(folder.Text("client.key") + folder.Text("client.pem")));
        Says("PEM with a certificate, without its private key", Utf8("Bag Attributes\n" + folder.Text("client.pem")));
        Says("PEM with a private key, without its certificate", folder.Read("client.key"));
        Says("PEM with a certificate, without its private key", Encoding.Unicode.GetBytes('\uFEFF' + folder.Text("client.pem")));
    }

    [Fact]
    public void PKCS7_is_named_in_both_forms()
    {
        folder.OpenSsl("crl2pkcs7 -nocrl -certfile client.pem -out client.p7b");
        folder.OpenSsl("crl2pkcs7 -nocrl -certfile client.pem -outform DER -out client.p7c");

        Says("This is PKCS#7", folder.Read("client.p7b"));
        Says("This is PKCS#7", folder.Read("client.p7c"));
    }

    [Fact]
    public void Parts_of_a_p12_in_DER_are_named()
    {
        folder.OpenSsl("x509 -in client.pem -outform DER -out client.cer");
        folder.OpenSsl("pkcs8 -topk8 -nocrypt -in client.key -outform DER -out client.der");
        folder.OpenSsl("pkcs8 -topk8 -in client.key -outform DER -passout pass:x -out locked.der");
        folder.OpenSsl("req -new -key client.key -subj /CN=x -outform DER -out client.csr");

        Says("a certificate without its private key", folder.Read("client.cer"));
        Says("openssl x509 -inform DER", folder.Read("client.cer"));
        Says("a private key without its certificate", folder.Read("client.der"));
        Says("an encrypted private key without", folder.Read("locked.der"));
        Says("a certificate request", folder.Read("client.csr"));
    }

    [Fact]
    public void Base64_is_told_by_what_it_holds()
    {
        Says("a p12 in base64", Utf8(Convert.ToBase64String(P12)));
        Says("a p12 in base64", Utf8(Convert.ToBase64String(P12, Base64FormattingOptions.InsertLineBreaks) + "\n"));
        Says("a p12 in PEM", Utf8($"-----BEGIN PKCS12-----\n{Convert.ToBase64String(P12)}\n-----END PKCS12-----\n"));
        folder.OpenSsl("x509 -in client.pem -outform DER -out client.cer");
        Says("Decoded: This is a certificate", Utf8(Convert.ToBase64String(folder.Read("client.cer"))));
    }

    [Fact]
    public void A_p12_that_went_through_text_is_told_as_destroyed()
    {
        Says("a p12 once", Utf8(Encoding.UTF8.GetString(P12)));
        Says("a p12 once", Utf8(Encoding.Latin1.GetString(P12)));
    }

    [Theory]
    [InlineData("504B0304140000000800", "zip")]
    [InlineData("1F8B080000000000", "gzip")]
    [InlineData("000000020000001401020304", "BouncyCastle keystore (BKS)")]
    [InlineData("", "empty")]
    [InlineData("3082", "damaged")]
    [InlineData("68656C6C6F", "not a p12")]
    public void Others_are_told_by_their_first_bytes(string hex, string said) => Says(said, Convert.FromHexString(hex));

    private static void Says(string what, byte[] file) => Assert.Contains(what,
        The.FailureOf(FailureKind.Pkcs12Unreadable, Pkcs12File.Open(file, "secret", TimeProvider.System.GetUtcNow())).Detail, StringComparison.Ordinal);

    private static byte[] Utf8(string text) => Encoding.UTF8.GetBytes(text);
}
