using System.Text;

namespace MtlsFunctions.Certificates.Pkcs12;

/// <summary>
/// One way in which a tool turned a password into bytes. PKCS#12's own key derivation takes UTF-16, PBKDF2 takes UTF-8, and tools
/// differ beyond ASCII. Which one a file's maker took is certain only where the MAC tells.
/// </summary>
/// <param name="Chars">For PKCS#12's own key derivation; null is no password at all, which differs from an empty one.</param>
/// <param name="Bytes">For PBKDF2.</param>
/// <param name="Remark">What to tell when the file opens this way; null for the way that the standards describe.</param>
internal sealed record PasswordReading(string? Chars, byte[] Bytes, string? Remark)
{
    private const char Replacement = '\uFFFD';

    static PasswordReading() => Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);

    /// <summary>As the standards say first, then as tools have done it.</summary>
    public static IReadOnlyList<PasswordReading> Of(string password)
    {
        var readings = new List<PasswordReading> { new(password, Encoding.UTF8.GetBytes(password), null) };
        if (password.Length == 0)
            readings.Add(new(null, [], null));
        if (!Ascii.IsValid(password))
            readings.AddRange(BeyondAscii(password));
        var trimmed = password.TrimEnd();
        if (trimmed != password)
            readings.Add(Plain(trimmed, "The password was read without the blanks or the newline at its end."));
        if (password.Length > 0)
            readings.Add(Plain(password + "\n", "The password of the file ends with a newline, which was added."));
        return readings;
    }

    /// <returns>Why a password that opens nothing probably doesn't.</returns>
    public static string Explain(string password) => password switch
    {
        _ when password.Contains(Replacement, StringComparison.Ordinal) =>
            "The password didn't arrive as UTF-8, so some of its characters were lost: send it in UTF-8, not in a code page.",
        _ when password != password.Trim() => "It begins or ends with a blank or a newline: was that meant to be part of it?",
        _ when !Ascii.IsValid(password) =>
            "It has characters beyond ASCII, which tools encode differently. If you are sure of it, write the file anew with an ASCII password where it was made.",
        "" => "It is empty.",
        _ => "",
    };

    private static IEnumerable<PasswordReading> BeyondAscii(string password)
    {
        var utf8 = Encoding.UTF8.GetBytes(password);
        yield return new(Encoding.Latin1.GetString(utf8), utf8, Named("UTF-8 read as ISO 8859-1 (OpenSSL before 1.1)"));
        var windows = Encoding.GetEncoding(1252, EncoderFallback.ReplacementFallback, DecoderFallback.ReplacementFallback).GetBytes(password);
        var latin1 = Encoding.Latin1.GetBytes(password);
        if (Encoding.Latin1.GetString(latin1) == password)
            yield return new(password, latin1, Named("ISO 8859-1"));
        if (Encoding.GetEncoding(1252).GetString(windows) == password)
            yield return new(Encoding.Latin1.GetString(windows), windows, Named("Windows-1252"));
        if (!password.Any(char.IsSurrogate))
            yield break;
        // Each half of a pair by itself, as tools do that know 16-bit characters only.
        yield return new(password, [.. password.SelectMany(HalfPair)], Named("UTF-8 of 16-bit characters (CESU-8)"));
        yield return new(string.Concat(password.EnumerateRunes().Select(rune => (char)(rune.Value & 0xFFFF))), utf8, Named("UTF-16 cut to 16 bits"));

        static string Named(string encoding) =>
            $"The password was encoded as {encoding} when the file was made: a tool of today may not open it. Writing it anew with an ASCII password avoids that.";
    }

    private static byte[] HalfPair(char one) => char.IsSurrogate(one)
        ? [(byte)(0xE0 | one >> 12), (byte)(0x80 | one >> 6 & 0x3F), (byte)(0x80 | one & 0x3F)]
        : Encoding.UTF8.GetBytes([one]);

    private static PasswordReading Plain(string password, string remark) => new(password, Encoding.UTF8.GetBytes(password), remark);
}
