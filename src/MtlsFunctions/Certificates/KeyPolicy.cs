using System.Collections.Frozen;
using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace MtlsFunctions.Certificates;

/// <summary>
/// Which private keys are accepted: RSA of 2048 to 8192 bits, and ECDSA on P-256, P-384 or P-521 by their names. Read from the
/// certificate alone, so that keys are told apart which .NET can't load.
/// </summary>
public static class KeyPolicy
{
    private const string Rsa = "1.2.840.113549.1.1.1";
    private const string RsaPss = "1.2.840.113549.1.1.10";
    private const string Ec = "1.2.840.10045.2.1";
    private const int MinRsaBits = 2048;
    private const int MaxRsaBits = 8192;

    private static readonly FrozenDictionary<string, string> Curves = new Dictionary<string, string>
    {
        ["1.2.840.10045.3.1.7"] = "P-256",
        ["1.3.132.0.34"] = "P-384",
        ["1.3.132.0.35"] = "P-521",
    }.ToFrozenDictionary();

    /// <returns>Why the key of this certificate is refused; null when it is fine.</returns>
    /// <exception cref="CryptographicException">The certificate's key is malformed.</exception>
    public static Failure? Refuse(X509Certificate2 certificate) => certificate.PublicKey switch
    {
        { Oid.Value: Rsa } key => RsaBits(key) switch
        {
            < MinRsaBits and var bits => new Failure(FailureKind.Pkcs12KeyWeak, $"The RSA key has {bits} bits; at least {MinRsaBits} are needed. Make a new key and have it certified."),
            > MaxRsaBits and var bits => new Failure(FailureKind.Pkcs12KeyUnsupported, $"The RSA key has {bits} bits; at most {MaxRsaBits} are supported."),
            _ => null,
        },
        { Oid.Value: Ec } key when Curve(key) is not null => null,
        { Oid.Value: RsaPss } => new Failure(
            FailureKind.Pkcs12KeyUnsupported,
            "The key is an RSA-PSS one (id-RSASSA-PSS), which isn't supported. Make a plain RSA key and have it certified: "
            + "openssl req -new -newkey rsa:3072 -nodes -keyout client.key -out client.csr. Plain RSA keys sign with PSS too."),
        var key => new Failure(FailureKind.Pkcs12KeyUnsupported, $"The key is of another kind ({key.Oid.FriendlyName ?? key.Oid.Value}). Use an RSA key, or an ECDSA key on P-256, P-384 or P-521."),
    };

    /// <returns>For people: <c>RSA 4096</c>, <c>ECDSA P-256</c>.</returns>
    /// <exception cref="CryptographicException">The certificate's key is malformed.</exception>
    public static string Describe(X509Certificate2 certificate) => certificate.PublicKey switch
    {
        { Oid.Value: Rsa } key => $"RSA {RsaBits(key)}",
        { Oid.Value: Ec } key => $"ECDSA {Curve(key) ?? "on another curve"}",
        var key => key.Oid.FriendlyName ?? "unknown",
    };

    private static long RsaBits(PublicKey key) => Read(key.EncodedKeyValue, value => value.ReadSequence().ReadInteger().GetBitLength());

    /// <returns>Null for a curve that isn't accepted, or that is described by its numbers instead of its name.</returns>
    private static string? Curve(PublicKey key) => Read(key.EncodedParameters, parameters =>
        parameters.PeekTag() == Asn1Tag.ObjectIdentifier ? Curves.GetValueOrDefault(parameters.ReadObjectIdentifier()) : null);

    private static T Read<T>(AsnEncodedData? encoded, Func<AsnReader, T> read)
    {
        try
        {
            return read(new AsnReader(encoded?.RawData, AsnEncodingRules.DER));
        }
        catch (AsnContentException fault)
        {
            throw new CryptographicException("The key is malformed.", fault);
        }
    }
}
