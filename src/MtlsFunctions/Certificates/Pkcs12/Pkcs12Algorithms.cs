using System.Collections.Frozen;
using System.Formats.Asn1;

namespace MtlsFunctions.Certificates.Pkcs12;

/// <summary>Which algorithms of a p12 are read, and the names of those that aren't. What has no name here is told by its number.</summary>
internal static class Pkcs12Algorithms
{
    private const string Pbkdf2 = "1.2.840.113549.1.5.12";
    private const string Aes = "2.16.840.1.101.3.4.1.";
    private const string Hashes = "2.16.840.1.101.3.4.2.";

    private static readonly FrozenSet<string> Read = new[]
    {
        "1.2.840.113549.1.5.13", // PBES2
        "1.2.840.113549.1.5.3", "1.2.840.113549.1.5.6", "1.2.840.113549.1.5.10", "1.2.840.113549.1.5.11", // PBES1
        "1.2.840.113549.1.12.1.3", "1.2.840.113549.1.12.1.4", "1.2.840.113549.1.12.1.5", "1.2.840.113549.1.12.1.6", // 3DES, RC2
        Aes + "2", Aes + "22", Aes + "42", "1.2.840.113549.3.7", "1.2.840.113549.3.2", "1.3.14.3.2.7", // ciphers of PBES2
        "1.2.840.113549.2.7", "1.2.840.113549.2.9", "1.2.840.113549.2.10", "1.2.840.113549.2.11", // HMAC with SHA-1 and SHA-2
        "1.2.840.113549.2.5", "1.3.14.3.2.26", Hashes + "1", Hashes + "2", Hashes + "3", // MD5, SHA-1, SHA-2
    }.ToFrozenSet();

    private static readonly FrozenDictionary<string, string> Names = new Dictionary<string, string>
    {
        ["1.2.840.113549.1.12.1.1"] = "RC4 (128 bits)",
        ["1.2.840.113549.1.12.1.2"] = "RC4 (40 bits)",
        ["1.2.840.113549.1.5.1"] = "DES with MD2",
        ["1.2.840.113549.3.4"] = "RC4",
        ["1.2.392.200011.61.1.1.1.2"] = "Camellia-128",
        ["1.2.392.200011.61.1.1.1.3"] = "Camellia-192",
        ["1.2.392.200011.61.1.1.1.4"] = "Camellia-256",
        ["1.2.410.200046.1.1.2"] = "ARIA-128",
        ["1.2.410.200046.1.1.7"] = "ARIA-192",
        ["1.2.410.200046.1.1.12"] = "ARIA-256",
        ["1.2.410.200004.1.4"] = "SEED",
        [Aes + "6"] = "AES-128-GCM",
        [Aes + "26"] = "AES-192-GCM",
        [Aes + "46"] = "AES-256-GCM",
        ["1.3.6.1.4.1.11591.4.11"] = "scrypt",
        ["1.2.840.113549.2.8"] = "HMAC with SHA-224",
        ["1.2.840.113549.2.12"] = "HMAC with SHA-512/224",
        ["1.2.840.113549.2.13"] = "HMAC with SHA-512/256",
        [Hashes + "4"] = "SHA-224",
        [Hashes + "5"] = "SHA-512/224",
        [Hashes + "6"] = "SHA-512/256",
        [Hashes + "7"] = "SHA3-224",
        [Hashes + "8"] = "SHA3-256",
        [Hashes + "9"] = "SHA3-384",
        [Hashes + "10"] = "SHA3-512",
        [Hashes + "13"] = "HMAC with SHA3-224",
        [Hashes + "14"] = "HMAC with SHA3-256",
        [Hashes + "15"] = "HMAC with SHA3-384",
        [Hashes + "16"] = "HMAC with SHA3-512",
        ["1.2.643.2.2.21"] = "GOST 28147-89",
        ["1.2.643.2.2.9"] = "GOST R 34.11-94",
        ["1.2.643.7.1.1.2.2"] = "GOST R 34.11-2012 (256 bits)",
        ["1.2.643.7.1.1.2.3"] = "GOST R 34.11-2012 (512 bits)",
        ["1.2.643.7.1.1.4.1"] = "HMAC with GOST R 34.11-2012",
        ["1.2.643.7.1.1.4.2"] = "HMAC with GOST R 34.11-2012",
        ["1.2.643.7.1.1.5.1.1"] = "GOST R 34.12-2015",
        ["1.2.643.7.1.1.5.2.1"] = "GOST R 34.12-2015",
    }.ToFrozenDictionary();

    public static string? UnreadEncryption(string oid) => Unread(oid);

    public static string? UnreadCipher(string oid) => Unread(oid);

    public static string? UnreadDigest(string oid) => Unread(oid);

    /// <param name="algorithm">The key derivation of PBES2: an AlgorithmIdentifier.</param>
    public static string? UnreadDerivation(ReadOnlyMemory<byte> algorithm)
    {
        var reader = new AsnReader(algorithm, AsnEncodingRules.BER).ReadSequence();
        var oid = reader.ReadObjectIdentifier();
        if (oid != Pbkdf2)
            return Names.GetValueOrDefault(oid, oid);
        var parameters = reader.ReadSequence();
        parameters.ReadOctetString();
        parameters.ReadInteger();
        if (parameters.HasData && parameters.PeekTag() == Asn1Tag.Integer)
            parameters.ReadInteger();
        return parameters.HasData ? Unread(parameters.ReadSequence().ReadObjectIdentifier()) : null;
    }

    public static Failure Refuse(string name) => new(
        FailureKind.Pkcs12Unreadable,
        $"The p12 is protected with {name}, which this gateway doesn't read. {(name.StartsWith("RC4", StringComparison.Ordinal) ? Pkcs12Commands.WriteLegacyAnew : Pkcs12Commands.WriteAnew)}");

    private static string? Unread(string oid) => Read.Contains(oid) ? null : Names.GetValueOrDefault(oid, $"the algorithm {oid}");
}
