using System.Formats.Asn1;
using System.Numerics;
using System.Security.Cryptography;

namespace MtlsFunctions.Certificates.Pkcs12;

/// <summary>The MAC of RFC 9579, which .NET doesn't know: an HMAC under a key that PBKDF2 derives from the password.</summary>
internal sealed class Pbmac1
{
    public const string Oid = "1.2.840.113549.1.5.14";

    // RFC 9879 section 5: a shorter one can be forged by trying.
    private const int MinKeyBytes = 20;
    private const int MaxKeyBytes = 1024;
    private const string HmacWithSha1 = "1.2.840.113549.2.7";

    private readonly byte[] salt;
    private readonly BigInteger iterations;
    private readonly BigInteger? keyBytes;
    private readonly string prf;
    private readonly string scheme;
    private readonly byte[] content;
    private readonly byte[] expected;

    private Pbmac1(AsnReader parameters, byte[] content, byte[] expected)
    {
        (this.content, this.expected) = (content, expected);
        var derivationAlgorithm = parameters.PeekEncodedValue();
        var function = parameters.ReadSequence();
        function.ReadObjectIdentifier();
        var derivation = function.ReadSequence();
        (salt, iterations) = (derivation.ReadOctetString(), derivation.ReadInteger());
        keyBytes = derivation.HasData && derivation.PeekTag() == Asn1Tag.Integer ? derivation.ReadInteger() : null;
        prf = derivation.HasData ? derivation.ReadSequence().ReadObjectIdentifier() : HmacWithSha1;
        scheme = parameters.ReadSequence().ReadObjectIdentifier();
        Unread = Pkcs12Algorithms.UnreadDerivation(derivationAlgorithm)
            ?? (HashOf(scheme) is null ? Pkcs12Algorithms.UnreadDigest(scheme) ?? $"the algorithm {scheme}" : null);
    }

    /// <summary>An algorithm in it that isn't read here, by its name.</summary>
    public string? Unread { get; }

    /// <param name="content">What the MAC is over.</param>
    /// <param name="expected">What it says.</param>
    /// <exception cref="AsnContentException">It is malformed.</exception>
    public static Pbmac1 Read(ReadOnlyMemory<byte> parameters, byte[] content, byte[] expected) =>
        new(new AsnReader(parameters, AsnEncodingRules.BER).ReadSequence(), content, expected);

    /// <returns>Why a MAC like this proves nothing, whatever the password; null for a sound one.</returns>
    public Failure? Refuse() => keyBytes switch
    {
        null => Forged("names no length of its key, which RFC 9579 demands"),
        { } length when length < MinKeyBytes => Forged($"has a key of {length} bytes; less than {MinKeyBytes} can be forged (RFC 9879)"),
        { } length when length > MaxKeyBytes => Forged($"has a key of more than {MaxKeyBytes} bytes"),
        _ => null,
    };

    /// <param name="password">In the encoding that its maker used.</param>
    public bool Verify(byte[] password)
    {
        if (HashOf(prf) is not { } derive || HashOf(scheme) is not { } hash)
            throw new CryptographicException("Not an HMAC that is read here.");
        var key = Rfc2898DeriveBytes.Pbkdf2(password, salt, (int)iterations, derive, (int)keyBytes!.Value);
        return CryptographicOperations.FixedTimeEquals(CryptographicOperations.HmacData(hash, key, content), expected);
    }

    private static Failure Forged(string why) =>
        new(FailureKind.Pkcs12Unreadable, $"The MAC of the p12 (PBMAC1) {why}: the file may be forged. {Pkcs12Commands.WriteAnew}");

    private static HashAlgorithmName? HashOf(string hmac) => hmac switch
    {
        HmacWithSha1 => HashAlgorithmName.SHA1,
        "1.2.840.113549.2.9" => HashAlgorithmName.SHA256,
        "1.2.840.113549.2.10" => HashAlgorithmName.SHA384,
        "1.2.840.113549.2.11" => HashAlgorithmName.SHA512,
        _ => null,
    };
}

/// <summary>The MAC of a p12.</summary>
/// <param name="Iterations">What one try of a password costs.</param>
/// <param name="Pbmac1">Null for the older kind, with PKCS#12's own key derivation.</param>
internal sealed record Pkcs12Mac(BigInteger Iterations, Pbmac1? Pbmac1);
