using System.Text.RegularExpressions;

namespace MtlsFunctions.Shared.HashiCorp;

/// <summary>An ACL policy: <c>path "…" { capabilities = ["…"] }</c>, with <c>*</c> at the end and <c>+</c> for a segment. Rules add up.</summary>
internal sealed partial class VaultPolicy(string text)
{
    private readonly (Regex Path, string[] Capabilities)[] rules =
    [
        .. Rule().Matches(text).Select(rule => (Pattern(rule.Groups["path"].Value), Word().Matches(rule.Groups["list"].Value).Select(word => word.Value).ToArray())),
    ];

    /// <summary>What every token may do.</summary>
    public static VaultPolicy Default { get; } = new("""
        path "auth/token/lookup-self" { capabilities = ["read"] }
        path "auth/token/renew-self" { capabilities = ["update"] }
        path "auth/token/revoke-self" { capabilities = ["update"] }
        """);

    public string Text => text;

    public bool Reaches(string mount) => text.Contains($"path \"{mount}/", StringComparison.Ordinal);

    public bool Allows(VaultRequest request) =>
        rules.Any(rule => rule.Path.IsMatch(request.Path) && rule.Capabilities.Intersect(request.Capabilities).Any());

    private static Regex Pattern(string path) =>
        new("^" + Regex.Escape(path).Replace(@"\+", "[^/]+", StringComparison.Ordinal).Replace(@"\*", ".*", StringComparison.Ordinal) + "$");

    [GeneratedRegex("""path\s+"(?<path>[^"]+)"\s*\{\s*capabilities\s*=\s*\[(?<list>[^\]]*)\]""")]
    private static partial Regex Rule();

    [GeneratedRegex("[a-z]+")]
    private static partial Regex Word();
}
