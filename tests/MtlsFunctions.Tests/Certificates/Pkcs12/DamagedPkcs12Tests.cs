using System.Diagnostics;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using MtlsFunctions.Certificates.Pkcs12;
using MtlsFunctions.Shared;

namespace MtlsFunctions.Tests.Certificates.Pkcs12;

/// <summary>
/// Real p12 files cut at every byte and with every byte changed: whatever comes of it is an opened p12 or a failure that has a name,
/// never an exception, and never takes long.
/// </summary>
public sealed class DamagedPkcs12Tests
{
    // Some changes raise an iteration count, within what is allowed.
    private static readonly TimeSpan BoundOfOne = TimeSpan.FromSeconds(10);

    private static readonly TestPki Pki = new();

    /// <summary>The lowest bit, the highest, the one that makes a DER tag constructed, all.</summary>
    private static readonly byte[] EveryFlip = [0x01, 0x80, 0x20, 0xFF];


    [Fact]
    public void Cut_anywhere_it_is_unreadable()
    {
        var client = Quick();

        for (var length = 0; length < client.Pkcs12.Length; length++)
            The.FailureOf(FailureKind.Pkcs12Unreadable, Open(client.Pkcs12[..length], client.Password));
    }

    [Theory]
    [InlineData(Pkcs12Encryption.Pbes2Aes256Sha256)]
    [InlineData(Pkcs12Encryption.LegacyTripleDes)]
    public void Under_a_MAC_no_changed_byte_goes_through_except_where_nothing_depends_on_it(Pkcs12Encryption encryption)
    {
        var client = Quick(options => options.Encryption = encryption);

        foreach (var damaged in Damage(client.Pkcs12))
            if (Open(damaged, client.Password).TryGet(out var opened, out _))
                Assert.Equal(client.Thumbprint, opened.Certificate.Thumbprint);
    }

    [Fact]
    public void Where_the_password_is_known_to_the_attacker_a_changed_certificate_is_refused_or_can_be_described()
    {
        var client = Quick();
        using var key = client.Certificate.GetECDsaPrivateKey()!;
        var pkcs8 = key.ExportPkcs8PrivateKey();

        foreach (var damaged in DamageLess(client.Certificate.RawData))
            Check(HandmadePkcs12.Build(damaged, pkcs8, client.Chain.Select(one => one.RawData)));
        foreach (var damaged in DamageLess(client.Chain[0].RawData))
            Check(HandmadePkcs12.Build(client.Certificate.RawData, pkcs8, damaged));
    }

    [Theory]
    [InlineData(KeyKind.P256)]
    [InlineData(KeyKind.Rsa2048)]
    public void A_changed_key_never_passes_for_the_certificates_own(KeyKind kind)
    {
        var client = Quick(options => options.Key = kind);
        using var key = TestPkcs12.PrivateKeyOf(client.Certificate);

        // Behind tag and length of the whole, without which it can't even be put into a p12.
        foreach (var damaged in DamageLess(key.ExportPkcs8PrivateKey()).Skip(4))
            if (Open(HandmadePkcs12.Build(client.Certificate.RawData, damaged), HandmadePkcs12.Password).TryGet(out var opened, out _))
                using (var certificate = opened.Certificate)
                    Assert.True(Signs(certificate.Leaf));
    }

    [Theory]
    [InlineData("2.5.29.37")]
    [InlineData("2.5.29.15")]
    [InlineData("2.5.29.19")]
    [InlineData("2.5.29.17")]
    public void A_certificate_with_a_malformed_extension_is_refused_or_can_be_described(string extension)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        foreach (var value in new byte[][] { [], [1, 2, 3], [0x30, 0x80], [0x30, 0x03, 0x06, 0x01, 0x80] })
        {
            var certificate = Pki.Certify(new PublicKey(key), extensions: [new X509Extension(extension, value, critical: false)]);
            Check(HandmadePkcs12.Build(certificate.RawData, key.ExportPkcs8PrivateKey()));
        }
    }

    /// <summary>Opened with its password; when that works, the whole report must have worked too.</summary>
    private static void Check(byte[] file)
    {
        if (!Open(file, HandmadePkcs12.Password).TryGet(out var opened, out _))
            return;
        using var certificate = opened.Certificate;
        Assert.Equal(certificate.Thumbprint, opened.Report.Thumbprint);
    }

    private static bool Signs(X509Certificate2 certificate)
    {
        byte[] data = [1, 2, 3];
        if (certificate.GetRSAPrivateKey() is { } rsa)
            return certificate.GetRSAPublicKey()!.VerifyData(
                data, rsa.SignData(data, HashAlgorithmName.SHA256, RSASignaturePadding.Pss), HashAlgorithmName.SHA256, RSASignaturePadding.Pss);
        var signature = certificate.GetECDsaPrivateKey()!.SignData(data, HashAlgorithmName.SHA384);
        return certificate.GetECDsaPublicKey()!.VerifyData(data, signature, HashAlgorithmName.SHA384);
    }

    private static Outcome<OpenedPkcs12> Open(byte[] file, string password)
    {
        var started = Stopwatch.GetTimestamp();
        var outcome = Pkcs12File.Open(file, password, TimeProvider.System.GetUtcNow());
        Assert.InRange(Stopwatch.GetElapsedTime(started), TimeSpan.Zero, BoundOfOne);
        return outcome;
    }

    private static IEnumerable<byte[]> Damage(byte[] whole) =>
        Enumerable.Range(0, whole.Length).SelectMany(at => EveryFlip.Select(flip => Flip(whole, at, flip)));

    /// <summary>Where each costs a chain or a signature: one flip for a byte, in turns.</summary>
    private static IEnumerable<byte[]> DamageLess(byte[] whole) =>
        Enumerable.Range(0, whole.Length).Select(at => Flip(whole, at, EveryFlip[at % EveryFlip.Length]));

    private static byte[] Flip(byte[] whole, int at, byte flip)
    {
        var damaged = (byte[])whole.Clone();
        damaged[at] ^= flip;
        return damaged;
    }

    private static TestClient Quick(Action<ClientOptions>? configure = null) => Pki.IssueClient(configure: options =>
    {
        (options.Iterations, options.MacIterations, options.FromIntermediate) = (1, 1, true);
        configure?.Invoke(options);
    });
}
