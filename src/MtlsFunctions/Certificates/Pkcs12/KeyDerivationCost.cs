using System.Formats.Asn1;
using System.Numerics;

namespace MtlsFunctions.Certificates.Pkcs12;

/// <summary>
/// What opening a p12 would cost, read from its structure (RFC 7292) before any key derivation runs: somebody who sets a count
/// of two thousand million wants our CPU, not our service.
/// </summary>
/// <param name="MostIterations">The largest iteration count of any derivation.</param>
/// <param name="TotalIterations">All derivations together.</param>
/// <param name="KeyBags">Private keys that can be seen without the password.</param>
public sealed record KeyDerivationCost(BigInteger MostIterations, BigInteger TotalIterations, int KeyBags)
{
    private const string Data = "1.2.840.113549.1.7.1";
    private const string EncryptedData = "1.2.840.113549.1.7.6";
    private const string KeyBag = "1.2.840.113549.1.12.10.1.1";
    private const string ShroudedKeyBag = "1.2.840.113549.1.12.10.1.2";
    private const string SafeContentsBag = "1.2.840.113549.1.12.10.1.6";
    private const string Pbes2 = "1.2.840.113549.1.5.13";
    private const string Pbmac1 = "1.2.840.113549.1.5.14";
    private const int MaxNesting = 4;

    /// <exception cref="AsnContentException">Not a p12.</exception>
    public static KeyDerivationCost Read(ReadOnlyMemory<byte> pkcs12)
    {
        var counts = new List<BigInteger>();
        var keys = 0;

        var pfx = new AsnReader(pkcs12, AsnEncodingRules.BER).ReadSequence();
        pfx.ReadInteger();
        var authSafe = pfx.ReadSequence();
        if (authSafe.ReadObjectIdentifier() != Data)
            throw new AsnContentException("Only password integrity is supported.");
        if (pfx.HasData)
            counts.Add(MacIterations(pfx.ReadSequence()));

        var contents = new AsnReader(Explicit(authSafe).ReadOctetString(), AsnEncodingRules.BER).ReadSequence();
        while (contents.HasData)
        {
            var content = contents.ReadSequence();
            var type = content.ReadObjectIdentifier();
            if (type == Data)
                ReadBags(new AsnReader(Explicit(content).ReadOctetString(), AsnEncodingRules.BER).ReadSequence(), counts, ref keys, 0);
            else if (type == EncryptedData)
                counts.Add(EncryptedDataIterations(Explicit(content).ReadSequence()));
        }

        return new KeyDerivationCost(counts.DefaultIfEmpty().Max(), counts.Aggregate(BigInteger.Zero, BigInteger.Add), keys);
    }

    private static void ReadBags(AsnReader bags, List<BigInteger> counts, ref int keys, int depth)
    {
        if (depth > MaxNesting)
            throw new AsnContentException("Nested too deep.");
        while (bags.HasData)
        {
            var bag = bags.ReadSequence();
            switch (bag.ReadObjectIdentifier())
            {
                case KeyBag:
                    keys++;
                    break;
                case ShroudedKeyBag:
                    keys++;
                    counts.Add(Iterations(Explicit(bag).ReadSequence().ReadSequence()));
                    break;
                case SafeContentsBag:
                    ReadBags(Explicit(bag).ReadSequence(), counts, ref keys, depth + 1);
                    break;
            }
        }
    }

    private static BigInteger MacIterations(AsnReader macData)
    {
        var algorithm = macData.ReadSequence().ReadSequence();
        if (algorithm.ReadObjectIdentifier() == Pbmac1)
            return DerivationIterations(algorithm.ReadSequence());
        macData.ReadOctetString();
        return macData.HasData ? macData.ReadInteger() : BigInteger.One;
    }

    private static BigInteger EncryptedDataIterations(AsnReader encryptedData)
    {
        encryptedData.ReadInteger();
        var info = encryptedData.ReadSequence();
        info.ReadObjectIdentifier();
        return Iterations(info.ReadSequence());
    }

    // AlgorithmIdentifier: PBES2 holds its PBKDF2 one level deeper; the PKCS#12 and PBES1 ones are (salt, iterations).
    private static BigInteger Iterations(AsnReader algorithm) =>
        algorithm.ReadObjectIdentifier() == Pbes2
            ? DerivationIterations(algorithm.ReadSequence())
            : SaltAndIterations(algorithm.ReadSequence());

    private static BigInteger DerivationIterations(AsnReader parameters)
    {
        var derivation = parameters.ReadSequence();
        derivation.ReadObjectIdentifier();
        return SaltAndIterations(derivation.ReadSequence());
    }

    private static BigInteger SaltAndIterations(AsnReader parameters)
    {
        parameters.ReadOctetString();
        return parameters.ReadInteger();
    }

    private static AsnReader Explicit(AsnReader reader) => reader.ReadSequence(new Asn1Tag(TagClass.ContextSpecific, 0));
}
