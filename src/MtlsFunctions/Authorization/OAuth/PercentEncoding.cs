using System.Buffers;
using System.Globalization;
using System.Net;
using System.Text;

namespace MtlsFunctions.Authorization.OAuth;

/// <summary>Percent-encoding as RFC 5849 section 3.6 wants it: everything but unreserved characters, upper-case hex, UTF-8.</summary>
public static class PercentEncoding
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private static readonly SearchValues<byte> Unreserved =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~"u8);

    public static string Encode(string text) => Encode(Encoding.UTF8.GetBytes(text));

    public static string Encode(ReadOnlySpan<byte> bytes)
    {
        if (!bytes.ContainsAnyExcept(Unreserved))
            return Encoding.ASCII.GetString(bytes);
        var encoded = new StringBuilder(bytes.Length + 16);
        foreach (var one in bytes)
        {
            if (Unreserved.Contains(one))
                encoded.Append((char)one);
            else
                encoded.Append('%').Append(one.ToString("X2", CultureInfo.InvariantCulture));
        }

        return encoded.ToString();
    }

    /// <summary>
    /// Brings what a query or a form encodes in whatever way ('+', small hex, more escapes than needed) into the one way of section 3.6.
    /// On bytes, because what isn't UTF-8 would otherwise be signed as something else than it is; an escape that is none stands for itself.
    /// </summary>
    public static string Normalize(byte[] sent) => Encode(WebUtility.UrlDecodeToBytes(sent, 0, sent.Length));

    /// <param name="encoded">In the encoding of section 3.6, as <see cref="Normalize"/> gives it.</param>
    /// <returns>Null where the bytes that it stands for aren't UTF-8.</returns>
    public static string? Decode(string encoded)
    {
        var bytes = Encoding.ASCII.GetBytes(encoded);
        try
        {
            return Strict.GetString(WebUtility.UrlDecodeToBytes(bytes, 0, bytes.Length));
        }
        catch (DecoderFallbackException)
        {
            return null;
        }
    }
}
