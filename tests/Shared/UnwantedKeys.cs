using System.Formats.Asn1;
using System.Numerics;
using System.Security.Cryptography;
using System.Security.Cryptography.Pkcs;
using System.Security.Cryptography.X509Certificates;

namespace MtlsFunctions.Shared;

/// <summary>Keys that can be in a p12 and that nobody should accept, each with its PKCS#8 form.</summary>
public static class UnwantedKeys
{
    private const string RsaEncryption = "1.2.840.113549.1.1.1";

    private static readonly byte[] NoParameters = [5, 0];

    public static (PublicKey Public, byte[] Private) Dsa()
    {
        using var key = DSA.Create(1024);
        return (new PublicKey(key), key.ExportPkcs8PrivateKey());
    }

    /// <summary>The example of RFC 8410, section 10: .NET has no Ed25519 to make one with.</summary>
    public static (PublicKey Public, byte[] Private) Ed25519() => (
        PublicKey.CreateFromSubjectPublicKeyInfo(
            Convert.FromBase64String("MCowBQYDK2VwAyEAGb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE="), out _),
        Convert.FromBase64String("MC4CAQAwBQYDK2VwBCIEINTuctv5E1hK1bbY8fdp+K06/nwoy/HU++CXqI9EdVhC"));

    /// <param name="curve">Such as <c>brainpoolP256r1</c>.</param>
    public static (PublicKey Public, byte[] Private) OnCurve(string curve)
    {
        using var key = ECDsa.Create(ECCurve.CreateFromFriendlyName(curve));
        return (new PublicKey(key), key.ExportPkcs8PrivateKey());
    }

    /// <summary>P-256 written out number by number: TLS knows curves by name only (RFC 8422 section 5.1.1).</summary>
    public static (PublicKey Public, byte[] Private) ExplicitP256()
    {
        using var named = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var key = ECDsa.Create(named.ExportExplicitParameters(includePrivateParameters: true));
        return (new PublicKey(key), key.ExportPkcs8PrivateKey());
    }

    /// <summary>
    /// RSA keys that would take minutes to find, from Mersenne primes: 2^exponent - 1, so the modulus has the sum of both as bits.
    /// </summary>
    public static (PublicKey Public, byte[] Private) MersenneRsa(int exponentOfP, int exponentOfQ)
    {
        BigInteger e = 65537, p = BigInteger.Pow(2, exponentOfP) - 1, q = BigInteger.Pow(2, exponentOfQ) - 1;
        var d = Inverse(e, (p - 1) * (q - 1));
        var key = Sequence(0, p * q, e, d, p, q, d % (p - 1), d % (q - 1), Inverse(q, p));
        return (PublicRsa(p * q, e), new Pkcs8PrivateKeyInfo(new Oid(RsaEncryption), NoParameters, key).Encode());
    }

    /// <summary>An RSA key of that many bits that nobody has: good enough to look at.</summary>
    public static PublicKey RsaOf(int bits) => PublicRsa(BigInteger.Pow(2, bits) - 1, 65537);

    private static PublicKey PublicRsa(BigInteger modulus, BigInteger exponent)
    {
        var algorithm = new Oid(RsaEncryption);
        return new PublicKey(algorithm, new AsnEncodedData(algorithm, NoParameters), new AsnEncodedData(algorithm, Sequence(modulus, exponent)));
    }

    private static byte[] Sequence(params BigInteger[] integers)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
            foreach (var integer in integers)
                writer.WriteInteger(integer);
        return writer.Encode();
    }

    // The extended Euclidean algorithm.
    private static BigInteger Inverse(BigInteger value, BigInteger modulus)
    {
        BigInteger inverse = 0, next = 1, rest = modulus, nextRest = value % modulus;
        while (nextRest != 0)
        {
            var quotient = rest / nextRest;
            (inverse, next) = (next, inverse - quotient * next);
            (rest, nextRest) = (nextRest, rest - quotient * nextRest);
        }

        return inverse < 0 ? inverse + modulus : inverse;
    }
}
