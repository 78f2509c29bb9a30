using System.Text.RegularExpressions;

namespace MtlsFunctions.Tests.Conventions;

/// <summary>
/// A route as both hosts understand it. They order templates differently (Functions by function name, Kestrel by specificity),
/// so two that can match one path would be answered by different functions.
/// </summary>
public sealed partial class RouteTemplate(string template)
{
    private readonly string[] segments = template.Split('/');

    /// <summary>Constraint by parameter, empty where there is none.</summary>
    public IReadOnlyDictionary<string, string> Parameters { get; } = Parameter().Matches(template)
        .ToDictionary(found => found.Groups["name"].Value, found => found.Groups["constraint"].Value);

    /// <summary>Only literals and whole-segment parameters, at most constrained to long: what this class can tell about.</summary>
    public bool IsPlain => segments.All(segment => Literal().IsMatch(segment) || PlainParameter().IsMatch(segment));

    public bool CanMatchSamePathAs(RouteTemplate other) =>
        segments.Length == other.segments.Length && segments.Zip(other.segments).All(pair => CanBeEqual(pair.First, pair.Second));

    public override string ToString() => template;

    private static bool CanBeEqual(string one, string other) => (IsParameter(one), IsParameter(other)) switch
    {
        (true, true) => true, // digits are text too
        (true, false) => Accepts(one, other),
        (false, true) => Accepts(other, one),
        _ => string.Equals(one, other, StringComparison.OrdinalIgnoreCase),
    };

    private static bool Accepts(string parameter, string literal) =>
        !parameter.EndsWith(":long}", StringComparison.OrdinalIgnoreCase) || literal.All(char.IsAsciiDigit);

    private static bool IsParameter(string segment) => segment.Contains('{', StringComparison.Ordinal);

    [GeneratedRegex(@"\{\**(?<name>\w+)(:(?<constraint>[^}]+))?[^}]*\}")]
    private static partial Regex Parameter();

    [GeneratedRegex(@"^[A-Za-z0-9._-]+$")]
    private static partial Regex Literal();

    [GeneratedRegex(@"^\{\w+(:long)?\}$")]
    private static partial Regex PlainParameter();
}
