using System.Numerics;
using System.Security.Cryptography;
using System.Security.Cryptography.Pkcs;
using MtlsFunctions.Certificates.Pkcs12;
using MtlsFunctions.Shared;

namespace MtlsFunctions.Tests.Certificates.Pkcs12;

/// <summary>Only reads: what would take minutes to derive must be told from the structure alone.</summary>
public sealed class KeyDerivationCostTests
{
    private static readonly TestPki Pki = new();

    /// <summary>Every place where a count can be seen, under both families of algorithms, with counts beyond every machine integer.</summary>
    public static TheoryData<BombPlace, Pkcs12Encryption, string> Bombs => new(
        from place in new[] { BombPlace.Mac, BombPlace.Certificates, BombPlace.Key }
        from encryption in Enum.GetValues<Pkcs12Encryption>()
        from power in new[] { 31, 32, 62, 63, 64, 1000 }
        from change in new[] { -1, 0, 1 }
        select (place, encryption, $"{BigInteger.Pow(2, power) + change}"));

    [Theory]
    [MemberData(nameof(Bombs))]
    public void A_count_is_seen_wherever_it_stands(BombPlace place, Pkcs12Encryption encryption, string count)
    {
        var bomb = KdfBomb.Make(Pki.IssueClient(), place, encryption, BigInteger.Parse(count));

        var cost = Read(bomb.Pkcs12);

        Assert.Equal(BigInteger.Parse(count), cost.MostIterations);
        Assert.True(cost.TotalIterations >= cost.MostIterations);
        Assert.True(cost.IsTooMuch);
    }

    [Theory]
    [InlineData(BombPlace.Mac)]
    [InlineData(BombPlace.Certificates)]
    [InlineData(BombPlace.Key)]
    public void The_limit_of_one_derivation_is_600000(BombPlace place)
    {
        var client = Pki.IssueClient();

        Assert.False(Read(KdfBomb.Make(client, place, count: 600_000).Pkcs12).IsTooMuch);
        Assert.True(Read(KdfBomb.Make(client, place, count: 600_001).Pkcs12).IsTooMuch);
    }

    [Theory]
    [InlineData(3, 600_000, 200_000, false)]
    [InlineData(3, 600_000, 200_001, true)]
    [InlineData(1000, 2000, 1, true)]
    public void The_limit_of_all_together_is_two_million(int times, int iterations, int macIterations, bool tooMuch)
    {
        var contents = Encrypted(iterations);
        var builder = new Pkcs12Builder();
        for (var at = 0; at < times; at++)
            builder.AddSafeContentsUnencrypted(contents);
        builder.SealWithMac("", HashAlgorithmName.SHA256, 2);

        var cost = Read(KdfBomb.WithMacCount(builder.Encode(), macIterations));

        Assert.Equal((BigInteger)times * iterations + macIterations, cost.TotalIterations);
        Assert.Equal(tooMuch, cost.IsTooMuch);
    }

    [Theory]
    [InlineData(BombPlace.Mac)]
    [InlineData(BombPlace.Certificates)]
    [InlineData(BombPlace.Key)]
    public void A_count_below_one_is_damage_so_none_is_deducted_from_the_others(BombPlace place)
    {
        foreach (var count in new[] { BigInteger.Zero, BigInteger.MinusOne, -BigInteger.Pow(2, 100) })
            Assert.False(KeyDerivationCost.TryRead(KdfBomb.Make(Pki.IssueClient(), place, count: count).Pkcs12, out _));
    }

    [Theory]
    [InlineData(Pkcs12Encryption.Pbes2Aes256Sha256)]
    [InlineData(Pkcs12Encryption.LegacyTripleDes)]
    public void All_derivations_of_an_honest_p12_are_counted(Pkcs12Encryption encryption)
    {
        var client = Pki.IssueClient(configure: options =>
            (options.Encryption, options.Iterations, options.MacIterations) = (encryption, 3000, 1000));

        // Certificates, key and MAC.
        Assert.Equal(new KeyDerivationCost(3000, 7000, KeyBags: 1), Read(client.Pkcs12));
    }

    [Fact]
    public void PBMAC1_has_two_places_for_a_count_and_both_are_seen()
    {
        var file = HandmadePkcs12.Build(Pki.IssueClient().Certificate.RawData, key: null);

        Assert.Equal((70, 72), Counts(KdfBomb.WithPbmac1(file, iterations: 70, outerIterations: 2)));
        Assert.Equal((70, 72), Counts(KdfBomb.WithPbmac1(file, iterations: 2, outerIterations: 70)));
        Assert.True(Read(KdfBomb.WithPbmac1(file, BigInteger.Pow(2, 63), 1)).IsTooMuch);
        Assert.True(Read(KdfBomb.WithPbmac1(file, 1, BigInteger.Pow(2, 63))).IsTooMuch);

        static (int Most, int Total) Counts(byte[] pkcs12) => ((int)Read(pkcs12).MostIterations, (int)Read(pkcs12).TotalIterations);
    }

    [Fact]
    public void A_key_is_seen_in_nested_contents_too_with_its_count()
    {
        var nested = new Pkcs12SafeContents();
        nested.AddNestedContents(ShroudedKey());

        Assert.Equal(new KeyDerivationCost(5, 6, KeyBags: 1), Read(HandmadePkcs12.Seal(nested)));
    }

    [Fact]
    public void Contents_nested_for_the_sake_of_it_are_damage()
    {
        var contents = ShroudedKey();
        for (var depth = 0; depth < 20; depth++)
        {
            var outer = new Pkcs12SafeContents();
            outer.AddNestedContents(contents);
            contents = outer;
        }

        Assert.False(KeyDerivationCost.TryRead(HandmadePkcs12.Seal(contents), out _));
    }

    [Fact]
    public void BER_as_older_tools_write_it_is_read_like_DER()
    {
        var client = Pki.IssueClient();

        Assert.Equal(Read(client.Pkcs12), Read(BerEncoding.Of(client.Pkcs12)));
    }

    /// <summary>18 KB of nothing but openings: a reader that recurses would run out of stack.</summary>
    [Theory]
    [InlineData(0x30)]
    [InlineData(0x24)]
    [InlineData(0xA0)]
    public void Endless_nesting_is_damage(byte tag)
    {
        var openings = Enumerable.Repeat(new byte[] { tag, 0x80 }, 4600).SelectMany(one => one);
        var closings = new byte[2 * 4600];
        byte[] nested = [.. openings, .. closings];

        Assert.False(KeyDerivationCost.TryRead(nested, out _));
        Assert.False(KeyDerivationCost.TryRead((byte[])[0x30, 0x80, 2, 1, 3, .. nested, 0, 0], out _));
        Assert.False(KeyDerivationCost.TryRead(
            (byte[])[0x30, 0x80, 2, 1, 3, 0x30, 0x80, 6, 9, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 1, 7, 1, 0xA0, 0x80, .. nested, 0, 0, 0, 0, 0, 0], out _));
    }

    private static KeyDerivationCost Read(byte[] pkcs12)
    {
        Assert.True(KeyDerivationCost.TryRead(pkcs12, out var cost));
        return cost;
    }

    private static Pkcs12SafeContents ShroudedKey()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var contents = new Pkcs12SafeContents();
        contents.AddShroudedKey(key, "", new PbeParameters(PbeEncryptionAlgorithm.Aes256Cbc, HashAlgorithmName.SHA256, 5));
        return contents;
    }

    private static Pkcs12SafeContents Encrypted(int iterations) => KdfBomb.EncryptedWithCount(
        new Pkcs12Options { Iterations = 1, MacIterations = 1 }, new Pkcs12SafeContents(), iterations);
}
