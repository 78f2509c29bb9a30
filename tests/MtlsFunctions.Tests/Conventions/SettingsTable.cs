using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Reflection;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace MtlsFunctions.Tests.Conventions;

/// <summary>Every setting of the product as a table in Markdown: names and types from the options classes, meanings from their comments.</summary>
public static partial class SettingsTable
{
    /// <summary>Comment of every property and class, by class and, for properties, their name.</summary>
    private static readonly Dictionary<(string Class, string? Property), string> Comments = new(ReadComments());

    public static string Write()
    {
        var text = new StringBuilder();
        foreach (var type in ProductSettings.OptionTypes)
        {
            text.Append(CultureInfo.InvariantCulture, $"### {ProductSettings.SectionOf(type)}\n\n");
            if (SectionName().Replace(Comments[(type.Name, null)], "") is { Length: > 0 } purpose)
                text.Append(char.ToUpperInvariant(purpose[0])).Append(purpose[1..]).Append("\n\n");
            text.Append("| setting | kind | meaning |\n| --- | --- | --- |\n");
            Rows(text, type, ProductSettings.SectionOf(type)!);
            text.Append('\n');
        }

        return text.ToString();
    }

    private static void Rows(StringBuilder text, Type type, string prefix)
    {
        foreach (var property in type.GetProperties().Where(property => property.CanWrite))
        {
            var element = ProductSettings.ElementOf(property);
            var many = element is null ? "" : property.PropertyType.GetGenericArguments().Length == 1 ? "__0" : "__{name}";
            var meaning = Comments[(type.Name, property.Name)];
            if (element is null || element == typeof(string))
                text.Append(CultureInfo.InvariantCulture, $"| `{prefix}__{property.Name}{many}` | {KindOf(element ?? property.PropertyType, property)} | {meaning} |\n");
            else
                Rows(text, element, $"{prefix}__{property.Name}{many}");
        }
    }

    private static string KindOf(Type type, PropertyInfo property)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        var kind = type == typeof(bool) ? "true, false"
            : type == typeof(TimeSpan) ? "time"
            : type == typeof(Uri) ? "URL"
            : type == typeof(string) ? "text"
            : type.IsEnum ? string.Join(", ", Enum.GetNames(type))
            : "number";
        if (property.GetCustomAttribute<AllowedValuesAttribute>() is { } allowed)
            return string.Join(", ", allowed.Values);
        return property.GetCustomAttribute<RangeAttribute>() is { } range ? $"{kind}, {Limit(range.Minimum)} to {Limit(range.Maximum)}" : kind;
    }

    private static string Limit(object limit) => limit is IFormattable number ? number.ToString("N0", CultureInfo.InvariantCulture) : $"{limit}";

    private static IEnumerable<KeyValuePair<(string, string?), string>> ReadComments() =>
        from path in Directory.EnumerateFiles(Repository.PathOf("src", "MtlsFunctions"), "*.cs", SearchOption.AllDirectories)
        where !path.Split(Path.DirectorySeparatorChar).Any(part => part is "bin" or "obj")
        from declared in CSharpSyntaxTree.ParseText(File.ReadAllText(path)).GetRoot().DescendantNodes().OfType<ClassDeclarationSyntax>()
        where declared.Identifier.Text.EndsWith("Options", StringComparison.Ordinal) || declared.Identifier.Text == nameof(GatewayLimits)
        from member in declared.Members.OfType<PropertyDeclarationSyntax>().Prepend<MemberDeclarationSyntax>(declared)
        let name = (member as PropertyDeclarationSyntax)?.Identifier.Text
        select KeyValuePair.Create((declared.Identifier.Text, name), SummaryOf(member));

    private static string SummaryOf(MemberDeclarationSyntax member)
    {
        var comment = member.GetLeadingTrivia().ToFullString();
        var summary = Slashes().Replace(Summary().Match(comment).Groups["text"].Value, " ");
        summary = Code().Replace(summary, found => $"`{found.Groups["code"].Value}`");
        summary = Reference().Replace(summary, found => $"`{found.Groups["name"].Value.Split('.')[^1]}`");
        return Spaces().Replace(summary, " ").Trim().Replace("&lt;", "<", StringComparison.Ordinal).Replace("|", "\\|", StringComparison.Ordinal);
    }

    [GeneratedRegex("^Section `[^`]+`[.:] ?")]
    private static partial Regex SectionName();

    [GeneratedRegex("<summary>(?<text>.*?)</summary>", RegexOptions.Singleline)]
    private static partial Regex Summary();

    [GeneratedRegex(@"\n\s*///")]
    private static partial Regex Slashes();

    [GeneratedRegex("<c>(?<code>.*?)</c>")]
    private static partial Regex Code();

    [GeneratedRegex("""<see cref="(?<name>.*?)"\s*/>""")]
    private static partial Regex Reference();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Spaces();
}
