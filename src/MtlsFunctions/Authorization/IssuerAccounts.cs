using System.Text.RegularExpressions;

namespace MtlsFunctions.Authorization;

/// <summary>The accounts that an issuer may speak for: ids, beginnings of ids with a <c>*</c> at the end, and either with claims in braces.</summary>
internal static partial class IssuerAccounts
{
    private const char Any = '*';

    /// <summary>Whether an entry can be understood: legal characters, claims in braces, a star at the end only.</summary>
    public static bool IsLegal(string entry) => Entry().IsMatch(entry);

    /// <param name="entries">None allows every account.</param>
    /// <param name="valuesOf">The values of a claim. One that a token has not exactly once names no account.</param>
    public static bool Allow(IReadOnlyCollection<string> entries, AccountId account, Func<string, IEnumerable<string>> valuesOf) =>
        entries.Count == 0 || entries.Any(entry => Matches(entry, account.Value, valuesOf));

    private static bool Matches(string entry, string account, Func<string, IEnumerable<string>> valuesOf)
    {
        var isWhole = true;
        // The star is the entry's own: one that comes from a claim is a character like any other, and in no account's id.
        var named = Claim().Replace(entry.TrimEnd(Any), claim =>
        {
            var values = valuesOf(claim.Groups[1].Value).Distinct(StringComparer.Ordinal).Take(2).ToArray();
            isWhole &= values is [{ Length: > 0 }];
            return values.FirstOrDefault() ?? "";
        });
        return isWhole && (entry.EndsWith(Any) ? account.StartsWith(named, StringComparison.Ordinal) : account == named);
    }

    [GeneratedRegex(@"\A([A-Za-z0-9_-]|\{[^{}*]+\})*\*?\z(?<!\A)", RegexOptions.ExplicitCapture)]
    private static partial Regex Entry();

    [GeneratedRegex(@"\{([^{}]+)\}")]
    private static partial Regex Claim();
}
