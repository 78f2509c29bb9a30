using System.Buffers;

namespace MtlsFunctions.Mappings;

/// <summary>
/// The URL of a remote endpoint: absolute https, no user info, no fragment. Path and query stay as they were written, byte for
/// byte, in the key as on the wire; scheme, host and default port compare as RFC 3986 section 6.2.2.1 and 6.2.3 say.
/// </summary>
public sealed record TargetUrl
{
    public const int MaxLength = 8_192;
    private const string Scheme = "https://";

    private static readonly UriCreationOptions AsWritten = new() { DangerousDisablePathAndQueryCanonicalization = true };
    private static readonly SearchValues<char> HostCharacters =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~:[]");

    private TargetUrl(string text, Uri uri, string canonical) => (Text, Uri, Canonical) = (text, uri, canonical);

    /// <summary>As it was written.</summary>
    public string Text { get; }

    /// <summary>What is called: as it was written, with "/" for an empty path, which can't be sent.</summary>
    public Uri Uri { get; }

    /// <summary>Equal for two URLs exactly when they are the same endpoint for us.</summary>
    public string Canonical { get; }

    /// <summary>For logs: paths and queries can hold secrets, so neither is told.</summary>
    public string Host => Uri.IsDefaultPort ? Uri.Host : $"{Uri.Host}:{Uri.Port}";

    /// <returns>The URL, or <see cref="FailureKind.UrlInvalid"/> saying which rule it breaks.</returns>
    public static Outcome<TargetUrl> Parse(string? text)
    {
        if (string.IsNullOrEmpty(text))
            return Refuse("A URL is needed.");
        if (text.Length > MaxLength)
            return Refuse($"The URL has {text.Length} characters; {MaxLength} are allowed.");
        if (!text.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase))
            return Refuse("The URL must be absolute and start with https://.");
        if (text.AsSpan().ContainsAnyExceptInRange('!', '~') || text.Contains('\\'))
            return Refuse("The URL may hold printable ASCII characters only, and no backslash: percent-encode the rest, write the host in punycode.");
        if (text.Contains('#'))
            return Refuse("The URL must not have a fragment (#…).");

        var rest = text.AsSpan(Scheme.Length);
        var end = rest.IndexOfAny('/', '?');
        var authority = end < 0 ? rest : rest[..end];
        if (authority.Contains('@'))
            return Refuse("The URL must not have user info (…@): credentials go into LP-authorization-override.");
        var path = end < 0 ? "/" : rest[end] == '?' ? $"/{rest[end..]}" : rest[end..].ToString();
        if (authority.IsEmpty || authority.ContainsAnyExcept(HostCharacters)
            || !Uri.TryCreate($"{Scheme}{authority}{path}", AsWritten, out var uri) || uri.Host.Length == 0 || uri.Port <= 0
            // The parser takes what stands behind "]" for a piece of the path.
            || uri.PathAndQuery != path)
            return Refuse("The URL's host or port is not valid.");

        var port = uri.IsDefaultPort ? "" : $":{uri.Port}";
        return new TargetUrl(text, uri, $"{Scheme}{uri.Host.ToLowerInvariant()}{port}{path}");
    }

    private static Failure Refuse(string why) => new(FailureKind.UrlInvalid, why);
}
