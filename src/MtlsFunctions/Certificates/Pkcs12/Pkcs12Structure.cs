using System.Diagnostics.CodeAnalysis;
using System.Formats.Asn1;
using System.Numerics;
using System.Security.Cryptography;

namespace MtlsFunctions.Certificates.Pkcs12;

/// <summary>Walks through a p12 (RFC 7292) as far as the eye reaches without the password, and gathers every iteration count and algorithm on the way.</summary>
internal sealed class Pkcs12Structure
{
    private const string Data = "1.2.840.113549.1.7.1";
    private const string EncryptedData = "1.2.840.113549.1.7.6";
    private const string KeyBag = "1.2.840.113549.1.12.10.1.1";
    private const string ShroudedKeyBag = "1.2.840.113549.1.12.10.1.2";
    private const string SafeContentsBag = "1.2.840.113549.1.12.10.1.6";
    private const string Pbes2 = "1.2.840.113549.1.5.13";
    private const int MaxNesting = 4;

    private static readonly Asn1Tag ExplicitContent = new(TagClass.ContextSpecific, 0);

    private readonly List<BigInteger> counts = [];
    private int keys;

    private Pkcs12Structure()
    {
    }

    public KeyDerivationCost Cost => new(
        counts.DefaultIfEmpty().Max(), counts.Aggregate(BigInteger.Zero, BigInteger.Add), keys);

    /// <summary>The first algorithm on the way that isn't read here, by its name; null when there is none.</summary>
    public string? Unread { get; private set; }

    /// <summary>For each of the contents, in their order: encrypted under PBES2, whose PBKDF2 takes the password as bytes.</summary>
    public List<bool> Pbes2Contents { get; } = [];

    /// <summary>Null for a p12 without one.</summary>
    public Pkcs12Mac? Mac { get; private set; }

    /// <returns>False: not a p12, or a damaged one.</returns>
    public static bool TryRead(ReadOnlyMemory<byte> pkcs12, [NotNullWhen(true)] out Pkcs12Structure? structure)
    {
        try
        {
            var read = new Pkcs12Structure();
            read.ReadFile(Sequence(pkcs12));
            structure = read;
            return true;
        }
        catch (Exception fault) when (fault is AsnContentException or CryptographicException)
        {
            structure = null;
            return false;
        }
    }

    /// <summary>The algorithm of a shrouded key that could not be seen without the password.</summary>
    /// <exception cref="CryptographicException">It is malformed.</exception>
    public static Pkcs12Structure OfShroudedKey(ReadOnlyMemory<byte> encryptedPkcs8)
    {
        try
        {
            var read = new Pkcs12Structure();
            read.Pbes2Contents.Add(read.ReadEncryption(Sequence(encryptedPkcs8).ReadSequence()));
            return read;
        }
        catch (AsnContentException fault)
        {
            throw new CryptographicException("A key in the p12 is malformed.", fault);
        }
    }

    private void ReadFile(AsnReader pfx)
    {
        pfx.ReadInteger();
        var authSafe = pfx.ReadSequence();
        if (authSafe.ReadObjectIdentifier() != Data)
            throw new AsnContentException("Only password integrity is supported.");
        var content = Explicit(authSafe).ReadOctetString();
        if (pfx.HasData)
            ReadMac(pfx.ReadSequence(), content);
        ReadContents(Sequence(content));
    }

    private void ReadContents(AsnReader contents)
    {
        while (contents.HasData)
        {
            var content = contents.ReadSequence();
            var type = content.ReadObjectIdentifier();
            if (type == Data)
                ReadBags(Sequence(Explicit(content).ReadOctetString()), 0);
            Pbes2Contents.Add(type == EncryptedData && ReadEncrypted(Explicit(content).ReadSequence()));
        }
    }

    private void ReadMac(AsnReader macData, byte[] content)
    {
        var digest = macData.ReadSequence();
        var algorithm = digest.ReadSequence();
        var expected = digest.ReadOctetString();
        var oid = algorithm.ReadObjectIdentifier();
        var counted = counts.Count;
        Pbmac1? pbmac1 = null;
        if (oid == Pbmac1.Oid)
        {
            var parameters = algorithm.PeekEncodedValue();
            ReadDerivation(algorithm.ReadSequence());
            pbmac1 = Pbmac1.Read(parameters, content, expected);
        }

        Note(oid == Pbmac1.Oid ? pbmac1?.Unread : Pkcs12Algorithms.UnreadDigest(oid));
        macData.ReadOctetString();
        Add(macData.HasData ? macData.ReadInteger() : BigInteger.One);
        Mac = new Pkcs12Mac(counts.Skip(counted).Max(), pbmac1);
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

    private bool ReadEncrypted(AsnReader encryptedData)
    {
        encryptedData.ReadInteger();
        var info = encryptedData.ReadSequence();
        info.ReadObjectIdentifier();
        return ReadEncryption(info.ReadSequence());
    }

    // AlgorithmIdentifier: PBES2 holds its PBKDF2 one level deeper; the PKCS#12 and PBES1 ones are (salt, iterations).
    private bool ReadEncryption(AsnReader algorithm)
    {
        var oid = algorithm.ReadObjectIdentifier();
        Note(Pkcs12Algorithms.UnreadEncryption(oid));
        if (oid != Pbes2)
        {
            ReadSaltAndIterations(algorithm.ReadSequence());
            return false;
        }

        var parameters = algorithm.ReadSequence();
        Note(Pkcs12Algorithms.UnreadDerivation(parameters.PeekEncodedValue()));
        ReadDerivation(parameters);
        Note(Pkcs12Algorithms.UnreadCipher(parameters.ReadSequence().ReadObjectIdentifier()));
        return true;
    }

    private void Note(string? unread) => Unread ??= unread;

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
