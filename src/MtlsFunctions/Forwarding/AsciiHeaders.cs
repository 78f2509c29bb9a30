using System.Text;
using System.Text.RegularExpressions;

namespace MtlsFunctions.Forwarding;

/// <summary>
/// What the server in front of this app can carry. The Functions host answers a bare 500 where a header value has bytes beyond ASCII;
/// Kestrel under LocalHost carries every byte.
/// </summary>
/// <param name="AsciiOnly">Whether values of an answer have to be ASCII.</param>
public sealed record HeaderCarriage(bool AsciiOnly);

/// <summary>Header values beyond ASCII in a form that ASCII can carry. One character stands for one byte, as header values are read here.</summary>
internal static partial class AsciiHeaders
{
    // RFC 8187 section 3.2.1, attr-char, beside letters and digits.
    private const string AttributeMarks = "!#$&+-.^_`|~";

    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    public static bool Fits(string value) => Ascii.IsValid(value);

    /// <returns>A file name becomes the <c>filename*</c> of RFC 8187 (RFC 6266 section 4.3); of anything else each byte beyond ASCII, and
    /// the percent sign with them, is percent-encoded.</returns>
    public static string Encode(string name, string value)
    {
        if (Fits(value))
            return value;
        if (!name.Equals("Content-Disposition", StringComparison.OrdinalIgnoreCase))
            return PercentEncoded(value);
        // Who sends both has thought of it: the extended name stays.
        var extended = ExtendedFileName().IsMatch(value);
        var (result, done) = (new StringBuilder(value.Length * 2), 0);
        foreach (Match found in FileName().Matches(value))
        {
            result.Append(PercentEncoded(value[done..found.Index]));
            result.Append(extended || Fits(found.Value) ? PercentEncoded(found.Value)
                : $"{found.Groups["before"].Value}filename*=UTF-8''{Extended(Unquoted(found.Groups["name"].Value))}");
            done = found.Index + found.Length;
        }

        return result.Append(PercentEncoded(value[done..])).ToString();
    }

    private static string Unquoted(string name) => name is ['"', .. var inner, '"'] ? Escaped().Replace(inner, "$1") : name;

    // Bytes that are no UTF-8 are taken as Latin-1, which all bytes are.
    private static string Extended(string name)
    {
        var bytes = Encoding.Latin1.GetBytes(name);
        if (!System.Text.Unicode.Utf8.IsValid(bytes))
            bytes = StrictUtf8.GetBytes(name);
        return Encoded(bytes, one => char.IsAsciiLetterOrDigit((char)one) || AttributeMarks.Contains((char)one));
    }

    private static string PercentEncoded(string value) => Fits(value) ? value : Encoded(Encoding.Latin1.GetBytes(value), one => one is < 0x80 and not (byte)'%');

    private static string Encoded(byte[] bytes, Func<byte, bool> stays)
    {
        var encoded = new StringBuilder(bytes.Length * 2);
        foreach (var one in bytes)
            _ = stays(one) ? encoded.Append((char)one) : encoded.Append('%').Append(one.ToString("X2", System.Globalization.CultureInfo.InvariantCulture));
        return encoded.ToString();
    }

    [GeneratedRegex("""(?<before>;\s*)filename\s*=\s*(?<name>"(?:[^"\\]|\\.)*"|[^;\s"]*)""", RegexOptions.IgnoreCase | RegexOptions.NonBacktracking)]
    private static partial Regex FileName();

    [GeneratedRegex(@";\s*filename\*\s*=", RegexOptions.IgnoreCase | RegexOptions.NonBacktracking)]
    private static partial Regex ExtendedFileName();

    [GeneratedRegex(@"\\(.)", RegexOptions.Singleline)]
    private static partial Regex Escaped();
}
