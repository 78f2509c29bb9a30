using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace MtlsFunctions.Shared.HashiCorp;

/// <summary>Times as they stand in requests and answers.</summary>
internal static class VaultDuration
{
    /// <param name="value">Seconds as a number, or text such as "90s", "20m", "1h"; null is zero.</param>
    public static TimeSpan Parse(JsonNode? value) => value switch
    {
        null => TimeSpan.Zero,
        _ when value.GetValueKind() == JsonValueKind.Number => TimeSpan.FromSeconds(value.GetValue<int>()),
        _ => Parse(value.GetValue<string>()),
    };

    public static string Instant(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fffffff'Z'", CultureInfo.InvariantCulture);

    public static string Text(TimeSpan time) => $"{(int)time.TotalSeconds}s";

    private static TimeSpan Parse(string text)
    {
        if (text.Length == 0)
            return TimeSpan.Zero;
        var unit = text[^1] switch { 'h' => 3600, 'm' => 60, _ => 1 };
        return TimeSpan.FromSeconds(unit * int.Parse(text.TrimEnd('s', 'm', 'h'), CultureInfo.InvariantCulture));
    }
}
