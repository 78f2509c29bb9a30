using System.Text.RegularExpressions;

namespace MtlsFunctions.EndToEndTests.Contract;

/// <summary>One request of a file, variables not yet filled in.</summary>
/// <param name="Name">By which later requests refer to its answer.</param>
/// <param name="Status">What a comment says that it answers; null where it succeeds.</param>
public sealed partial record HttpFileRequest(
    string Method, string Url, IReadOnlyList<(string Name, string Value)> Headers, IReadOnlyList<string> Body, string? Name, int? Status)
{
    /// <param name="block">What stands between two separators.</param>
    /// <returns>Null for a block without a request.</returns>
    public static HttpFileRequest? Parse(string block)
    {
        var lines = block.TrimEnd('\n').Split('\n');
        var start = Array.FindIndex(lines, RequestLine().IsMatch);
        if (start < 0)
            return null;
        var above = string.Join('\n', lines[..start]);
        var end = Array.FindIndex(lines, start, line => line.Length == 0);
        var headers = lines[(start + 1)..(end < 0 ? lines.Length : end)].Select(line => line.Split(": ", 2)).Select(parts => (parts[0], parts[1]));
        var (method, url) = (lines[start].Split(' ')[0], lines[start].Split(' ')[1]);
        return new HttpFileRequest(
            method, url, [.. headers], end < 0 ? [] : lines[(end + 1)..],
            NameComment().Match(above) is { Success: true } name ? name.Groups["name"].Value : null,
            StatusComment().Match(above) is { Success: true } status ? int.Parse(status.Groups["status"].Value, null) : null);
    }

    public override string ToString() => $"{Method} {Url}";

    [GeneratedRegex(@"^[A-Z]+ \S+$")]
    private static partial Regex RequestLine();

    [GeneratedRegex(@"^# @name (?<name>\w+)$", RegexOptions.Multiline)]
    private static partial Regex NameComment();

    [GeneratedRegex(@"^# (?<status>\d{3})\b", RegexOptions.Multiline)]
    private static partial Regex StatusComment();
}
