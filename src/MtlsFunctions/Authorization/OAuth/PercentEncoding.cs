using System.Buffers;
using System.Text;

namespace MtlsFunctions.Authorization.OAuth;

/// <summary>Percent-encoding as RFC 5849 section 3.6 wants it: everything but unreserved characters, upper-case hex, UTF-8.</summary>
public static class PercentEncoding
{
    private static readonly SearchValues<byte> Unreserved =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~"u8);

    public static string Encode(string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        if (!bytes.AsSpan().ContainsAnyExcept(Unreserved))
            return text;
        var encoded = new StringBuilder(bytes.Length + 16);
        foreach (var one in bytes)
        {
            if (Unreserved.Contains(one))
                encoded.Append((char)one);
            else
                encoded.Append('%').Append(one.ToString("X2", System.Globalization.CultureInfo.InvariantCulture));
        }

        return encoded.ToString();
    }

    /// <param name="plusIsSpace">In queries and forms '+' stands for a space; in the Authorization header for itself.</param>
    public static string Decode(string text, bool plusIsSpace) => Uri.UnescapeDataString(plusIsSpace ? text.Replace('+', ' ') : text);

    /// <summary>The name-value pairs of a query or form, decoded, in order; a name without a value has an empty one.</summary>
    public static IEnumerable<KeyValuePair<string, string>> DecodePairs(string query) =>
        from pair in query.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries)
        let separator = pair.IndexOf('=', StringComparison.Ordinal)
        select KeyValuePair.Create(
            Decode(separator < 0 ? pair : pair[..separator], plusIsSpace: true),
            separator < 0 ? "" : Decode(pair[(separator + 1)..], plusIsSpace: true));
}
