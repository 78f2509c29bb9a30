using System.Formats.Asn1;
using System.Numerics;
using System.Security.Cryptography;

namespace MtlsFunctions.Certificates.Pkcs12;

/// <summary>Walks through a p12 (RFC 7292) as far as the eye reaches without the password, and gathers every iteration count on the way.</summary>
internal sealed class Pkcs12Structure
{
    private const string Data = "1.2.840.113549.1.7.1";
    private const string EncryptedData = "1.2.840.113549.1.7.6";
    private const string KeyBag = "1.2.840.113549.1.12.10.1.1";
    private const string ShroudedKeyBag = "1.2.840.113549.1.12.10.1.2";
    private const string SafeContentsBag = "1.2.840.113549.1.12.10.1.6";
    private const string Pbes2 = "1.2.840.113549.1.5.13";
    private const string Pbmac1 = "1.2.840.113549.1.5.14";
    private const int MaxNesting = 4;

    private static readonly Asn1Tag ExplicitContent = new(TagClass.ContextSpecific, 0);

    private readonly List<BigInteger> counts = [];
    private int keys;

    private Pkcs12Structure()
    {
    }

    /// <exception cref="AsnContentException">Not a p12.</exception>
    /// <exception cref="CryptographicException">Not a p12.</exception>
    public static KeyDerivationCost Read(ReadOnlyMemory<byte> pkcs12)
    {
        var structure = new Pkcs12Structure();
        structure.ReadFile(Sequence(pkcs12));
        return new KeyDerivationCost(
            structure.counts.DefaultIfEmpty().Max(), structure.counts.Aggregate(BigInteger.Zero, BigInteger.Add), structure.keys);
    }

    private void ReadFile(AsnReader pfx)
    {
        pfx.ReadInteger();
        var authSafe = pfx.ReadSequence();
        if (authSafe.ReadObjectIdentifier() != Data)
            throw new AsnContentException("Only password integrity is supported.");
        if (pfx.HasData)
            ReadMac(pfx.ReadSequence());
        var contents = Sequence(Explicit(authSafe).ReadOctetString());
        while (contents.HasData)
        {
            var content = contents.ReadSequence();
            var type = content.ReadObjectIdentifier();
            if (type == Data)
                ReadBags(Sequence(Explicit(content).ReadOctetString()), 0);
            else if (type == EncryptedData)
                ReadEncrypted(Explicit(content).ReadSequence());
        }
    }

    private void ReadMac(AsnReader macData)
    {
        var algorithm = macData.ReadSequence().ReadSequence();
        if (algorithm.ReadObjectIdentifier() == Pbmac1)
            ReadDerivation(algorithm.ReadSequence());
        macData.ReadOctetString();
        Add(macData.HasData ? macData.ReadInteger() : BigInteger.One);
    }

    private void ReadBags(AsnReader bags, int depth)
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
                    ReadEncryption(Explicit(bag).ReadSequence().ReadSequence());
                    break;
                case SafeContentsBag:
                    ReadBags(Explicit(bag).ReadSequence(), depth + 1);
                    break;
            }
        }
    }

    private void ReadEncrypted(AsnReader encryptedData)
    {
        encryptedData.ReadInteger();
        var info = encryptedData.ReadSequence();
        info.ReadObjectIdentifier();
        ReadEncryption(info.ReadSequence());
    }

    // AlgorithmIdentifier: PBES2 holds its PBKDF2 one level deeper; the PKCS#12 and PBES1 ones are (salt, iterations).
    private void ReadEncryption(AsnReader algorithm)
    {
        if (algorithm.ReadObjectIdentifier() == Pbes2)
            ReadDerivation(algorithm.ReadSequence());
        else
            ReadSaltAndIterations(algorithm.ReadSequence());
    }

    private void ReadDerivation(AsnReader parameters)
    {
        var derivation = parameters.ReadSequence();
        derivation.ReadObjectIdentifier();
        ReadSaltAndIterations(derivation.ReadSequence());
    }

    private void ReadSaltAndIterations(AsnReader parameters)
    {
        parameters.ReadOctetString();
        Add(parameters.ReadInteger());
    }

    // A count below one would be deducted from the others.
    private void Add(BigInteger count) => counts.Add(count >= 1 ? count : throw new AsnContentException("An iteration count is at least one."));

    private static AsnReader Sequence(ReadOnlyMemory<byte> encoded) => new AsnReader(encoded, AsnEncodingRules.BER).ReadSequence();

    private static AsnReader Explicit(AsnReader reader) => reader.ReadSequence(ExplicitContent);
}
