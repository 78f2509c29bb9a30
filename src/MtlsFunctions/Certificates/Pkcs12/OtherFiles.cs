using System.Buffers.Text;
using System.Formats.Asn1;
using System.Text;

namespace MtlsFunctions.Certificates.Pkcs12;

/// <summary>What people send where a p12 is expected, by its first bytes, and how they come to a p12.</summary>
internal static class OtherFiles
{
    private const string SignedData = "1.2.840.113549.1.7.2";
    private static readonly (byte[] Start, string What)[] Starts =
    [
        ([0xFE, 0xED, 0xFE, 0xED], $"This is a Java keystore (JKS), not a p12. {Keystore("JKS")}"),
        ([0xCE, 0xCE, 0xCE, 0xCE], $"This is a Java keystore (JCEKS), not a p12. {Keystore("JCEKS")}"),
        ([0, 0, 0, 1, 0, 0, 0, 20], Bks),
        ([0, 0, 0, 2, 0, 0, 0, 20], Bks),
        ("PK\x03\x04"u8.ToArray(), "This is a zip archive, not a p12: unpack it (unzip client.zip) and send the .p12 or .pfx file that is in it."),
        ([0x1F, 0x8B], "This is a gzip archive, not a p12: unpack it (gunzip or tar -xzf) and send the .p12 or .pfx file that is in it."),
        // 0x30 begins a p12, and the length behind it is no text.
        ([0x30, 0xEF, 0xBF, 0xBD], Text),
        ([0x30, 0xC2, 0x82], Text),
        ([0x30, 0xE2, 0x80, 0x9A], Text),
        ([0xEF, 0xBF, 0xBD], Text),
    ];

    private const string NotOne = "The file is not a p12 (PKCS#12), or it is damaged. Send the .p12 or .pfx file itself, in binary.";
    private const string Text =
        "This was a p12 once, but it was sent or stored as text, and that destroyed it: take the original, and send it in binary (curl -F file=@client.p12, base64 in JSON).";
    private const string Certificate = $"This is a certificate without its private key, not a p12. {Pkcs12Commands.FromPem}";
    private const string Pkcs7 =
        "This is PKCS#7 (.p7b), which holds certificates without a private key. Make a p12 with your key: openssl pkcs7 -print_certs -in client.p7b -out client.pem "
        + "(with -inform DER if it is binary), then openssl pkcs12 -export -inkey client.key -in client.pem -out client.p12.";
    private const string Key = $"This is a private key without its certificate, not a p12. {Pkcs12Commands.FromPem}";

    private static string Bks => $"This is a BouncyCastle keystore (BKS), not a p12. {Keystore("BKS")} It needs -provider and -providerpath of BouncyCastle.";

    public static string Explain(ReadOnlyMemory<byte> file)
    {
        var bytes = file.Span;
        if (bytes.IsEmpty)
            return "The file is empty: send the .p12 or .pfx file itself, in binary.";
        foreach (var (start, what) in Starts)
        {
            if (bytes.StartsWith(start))
                return what;
        }

        return bytes[0] == 0x30 ? Der(file) : OfText(file);
    }

    private static string Der(ReadOnlyMemory<byte> file)
    {
        try
        {
            var inside = new AsnReader(file, AsnEncodingRules.BER).ReadSequence();
            if (inside.PeekTag() == Asn1Tag.ObjectIdentifier)
                return inside.ReadObjectIdentifier() == SignedData ? Pkcs7 : NotOne;
            if (inside.PeekTag() == Asn1Tag.Integer)
                return inside.ReadInteger() <= 1 ? Key : NotOne;
            var signed = inside.ReadSequence();
            if (signed.PeekTag() == Asn1Tag.ObjectIdentifier)
                return $"This is an encrypted private key without its certificate, not a p12. {Pkcs12Commands.FromPem}";
            return signed.PeekTag() == Asn1Tag.Integer && signed.ReadInteger() == 0
                ? "This is a certificate request (CSR), not a p12: send it to your certificate authority. What it issues, with your key, makes a p12: "
                    + "openssl pkcs12 -export -inkey client.key -in client.pem -out client.p12."
                : $"{Certificate} (A binary one becomes client.pem with openssl x509 -inform DER -in client.cer -out client.pem.)";
        }
        catch (AsnContentException)
        {
            return NotOne;
        }
    }

    private static string OfText(ReadOnlyMemory<byte> file)
    {
        var text = Encoding.UTF8.GetString(file.Span).Replace("\0", "", StringComparison.Ordinal);
        if (text.Contains("-----BEGIN ", StringComparison.Ordinal))
            return Pem(text);
        byte[]? decoded = null;
        var compact = string.Concat(text.Where(one => !char.IsWhiteSpace(one) && one != '\uFEFF'));
        if (Base64.IsValid(compact))
            decoded = Convert.FromBase64String(compact);
        return decoded is [_, ..]
            ? Pkcs12Structure.TryRead(decoded, out _)
                ? "This is a p12 in base64. Send it in binary: base64 -d client.b64 > client.p12 (in the JSON of a certificate: base64 once, not twice)."
                : decoded[0] == 0x30 || Starts.Any(one => decoded.AsSpan().StartsWith(one.Start)) ? $"This is base64. Decoded: {Explain(decoded)}" : NotOne
            : NotOne;
    }

    private static string Pem(string text)
    {
        if (text.Contains("-----BEGIN PKCS7", StringComparison.Ordinal) || text.Contains("-----BEGIN CMS", StringComparison.Ordinal))
            return Pkcs7;
        if (text.Contains("-----BEGIN PKCS12", StringComparison.Ordinal))
            return "This is a p12 in PEM. Send it in binary: grep -v -- ----- client.pem | base64 -d > client.p12.";
        var certificate = text.Contains("-----BEGIN CERTIFICATE-----", StringComparison.Ordinal)
            || text.Contains("-----BEGIN TRUSTED CERTIFICATE-----", StringComparison.Ordinal);
        var key = text.Contains("PRIVATE KEY-----", StringComparison.Ordinal);
        return (certificate, key) switch
        {
            (true, true) => "This is PEM, not a p12. Make a p12 of it: openssl pkcs12 -export -in client.pem -out client.p12.",
            (true, false) => $"This is PEM with a certificate, without its private key. {Pkcs12Commands.FromPem}",
            (false, true) => $"This is PEM with a private key, without its certificate. {Pkcs12Commands.FromPem}",
            _ => $"This is PEM, not a p12. {Pkcs12Commands.FromPem}",
        };
    }

    private static string Keystore(string type) =>
        $"Make a p12 of it: keytool -importkeystore -srckeystore client.jks -srcstoretype {type} -destkeystore client.p12 -deststoretype PKCS12.";
}
