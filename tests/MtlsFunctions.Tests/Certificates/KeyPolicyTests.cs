using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using MtlsFunctions.Certificates;
using MtlsFunctions.Shared;

namespace MtlsFunctions.Tests.Certificates;

public sealed class KeyPolicyTests
{
    private static readonly TestPki Pki = new();

    [Theory]
    [InlineData(1, FailureKind.Pkcs12KeyWeak)]
    [InlineData(1024, FailureKind.Pkcs12KeyWeak)]
    [InlineData(2047, FailureKind.Pkcs12KeyWeak)]
    [InlineData(2048, null)]
    [InlineData(4096, null)]
    [InlineData(8192, null)]
    [InlineData(8193, FailureKind.Pkcs12KeyUnsupported)]
    [InlineData(16384, FailureKind.Pkcs12KeyUnsupported)]
    [InlineData(100_000, FailureKind.Pkcs12KeyUnsupported)]
    public void An_RSA_key_has_2048_to_8192_bits(int bits, FailureKind? refused)
    {
        using var certificate = Pki.Certify(UnwantedKeys.RsaOf(bits));

        var failure = KeyPolicy.Refuse(certificate);

        Assert.Equal(refused, failure?.Kind);
        if (failure is not null)
            Assert.Contains($"{bits} bits", failure.Detail, StringComparison.Ordinal);
        Assert.Equal($"RSA {bits}", KeyPolicy.Describe(certificate));
    }

    [Theory]
    [InlineData("nistP256", "ECDSA P-256")]
    [InlineData("nistP384", "ECDSA P-384")]
    [InlineData("nistP521", "ECDSA P-521")]
    public void The_curves_that_TLS_uses_are_accepted(string curve, string described)
    {
        using var certificate = Pki.Certify(UnwantedKeys.OnCurve(curve).Public);

        Assert.Null(KeyPolicy.Refuse(certificate));
        Assert.Equal(described, KeyPolicy.Describe(certificate));
    }

    [Theory]
    [InlineData("secp224r1")]
    [InlineData("secp256k1")]
    [InlineData("brainpoolP256r1")]
    [InlineData("brainpoolP512r1")]
    public void Other_curves_are_not(string curve)
    {
        using var certificate = Pki.Certify(UnwantedKeys.OnCurve(curve).Public);

        Assert.Equal(FailureKind.Pkcs12KeyUnsupported, KeyPolicy.Refuse(certificate)?.Kind);
    }

    [Fact]
    public void A_curve_is_known_by_its_name_only()
    {
        using var certificate = Pki.Certify(UnwantedKeys.ExplicitP256().Public);

        Assert.Equal(FailureKind.Pkcs12KeyUnsupported, KeyPolicy.Refuse(certificate)?.Kind);
    }

    [Theory]
    [InlineData("1.2.840.113549.1.1.1", new byte[0])]
    [InlineData("1.2.840.113549.1.1.1", new byte[] { 0x30, 0x00 })]
    [InlineData("1.2.840.113549.1.1.1", new byte[] { 0x30, 0x82, 0xFF, 0xFF })]
    [InlineData("1.2.840.113549.1.1.1", new byte[] { 0x04, 0x01, 0x00 })]
    public void A_malformed_key_is_reported_as_such(string algorithm, byte[] value)
    {
        var oid = new Oid(algorithm);
        using var certificate = Pki.Certify(new PublicKey(oid, new AsnEncodedData(oid, [5, 0]), new AsnEncodedData(oid, value)));

        Assert.Throws<CryptographicException>(() => KeyPolicy.Refuse(certificate));
    }
}
