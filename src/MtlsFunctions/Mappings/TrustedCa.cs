using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace MtlsFunctions.Mappings;

/// <summary>
/// The certificates that one mapping brings for its remote endpoint: each is an anchor, at which the remote's chain may end, as with
/// curl's --cacert. That can be a root, an intermediate, or the remote's own certificate, which is then the only one that fits.
/// </summary>
public sealed class TrustedCa
{
    /// <summary>Characters of PEM text, which are bytes, at most.</summary>
    public const int MaxLength = 16 * 1024;

    private TrustedCa(string pem)
    {
        Pem = pem;
        Digest = Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(pem)));
    }

    /// <summary>In one spelling, whatever was submitted.</summary>
    public string Pem { get; }

    /// <summary>SHA-256 of <see cref="Pem"/>, lower-case hex: equal for the same certificates in the same order.</summary>
    public string Digest { get; }

    /// <param name="pem">As <see cref="Parse"/> made it.</param>
    public static TrustedCa OfStored(string pem) => new(pem);

    /// <returns>Null for a text that is missing or empty, which is none; otherwise what <see cref="Parse"/> says.</returns>
    public static Outcome<TrustedCa?> ParseOptional(string? text) =>
        string.IsNullOrEmpty(text) ? (TrustedCa?)null
        : Parse(text).TryGet(out var parsed, out var failure) ? parsed
        : failure;

    /// <returns>The anchors; or <see cref="FailureKind.TrustedCaInvalid"/>, which repeats nothing of the text.</returns>
    public static Outcome<TrustedCa> Parse(string text)
    {
        if (text.Length > MaxLength)
            return TooLong();
        var pem = new StringBuilder();
        var rest = text.AsSpan();
        while (PemEncoding.TryFind(rest, out var block))
        {
            if (!rest[..block.Location.Start].IsWhiteSpace() || !rest[block.Label].SequenceEqual("CERTIFICATE"))
                return Refuse("holds something else than certificates: send CERTIFICATE blocks and nothing between them, never a private key");
            var bytes = Convert.FromBase64String(rest[block.Base64Data].ToString());
            if (ReadStrictly(bytes) is not { } certificate)
                return Refuse("holds a CERTIFICATE block that is no certificate: export it again");
            using (certificate)
                pem.Append(certificate.ExportCertificatePem()).Append('\n');

            rest = rest[block.Location.End..];
        }

        return !rest.IsWhiteSpace() ? Refuse("holds text that is no PEM: send CERTIFICATE blocks and nothing between them")
            : pem.Length == 0 ? Refuse("holds no certificate: send the PEM of a root, an intermediate or the remote's own certificate, or leave it out")
            : pem.Length > MaxLength ? TooLong()
            : new TrustedCa(pem.ToString());
    }

    public X509Certificate2Collection Load()
    {
        var all = new X509Certificate2Collection();
        all.ImportFromPem(Pem);
        return all;
    }

    // The loader takes PEM within the block, and passes over what stands behind the certificate.
    private static X509Certificate2? ReadStrictly(byte[] bytes)
    {
        try
        {
            var certificate = X509CertificateLoader.LoadCertificate(bytes);
            if (certificate.RawDataMemory.Span.SequenceEqual(bytes))
                return certificate;
            certificate.Dispose();
            return null;
        }
        catch (CryptographicException)
        {
            return null;
        }
    }

    private static Failure TooLong() => Refuse($"is longer than {MaxLength} characters: send one certificate of the remote's chain alone");

    private static Failure Refuse(string why) => new(FailureKind.TrustedCaInvalid, $"\"trustedCa\" {why}.");
}
