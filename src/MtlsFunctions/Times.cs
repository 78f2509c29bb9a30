using System.Globalization;

namespace MtlsFunctions;

/// <summary>Times as callers write them: ISO 8601, in UTC unless they say otherwise. Anything looser would be guessed at.</summary>
public static class Times
{
    /// <summary>For messages.</summary>
    public const string Example = "2027-01-31T00:00:00Z";

    private static readonly string[] Formats = ["yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK", "yyyy-MM-dd'T'HH:mmK", "yyyy-MM-dd"];

    public static bool TryParse(string? text, out DateTimeOffset time) => DateTimeOffset.TryParseExact(
        text, Formats, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out time);
}
