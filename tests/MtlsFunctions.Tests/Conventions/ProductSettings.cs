using System.Collections;
using System.Reflection;

namespace MtlsFunctions.Tests.Conventions;

/// <summary>The settings that the product reads, as its options classes (those with a <c>Section</c>) say.</summary>
public static class ProductSettings
{
    public static IReadOnlyList<Type> OptionTypes { get; } =
        [.. typeof(Gateway).Assembly.GetTypes().Where(type => SectionOf(type) is not null).OrderBy(SectionOf, StringComparer.Ordinal)];

    /// <summary>Names with <c>:</c> between sections; <c>*</c> stands for a list's index and for a name of the operator's choice.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. OptionTypes.SectionNames()];

    /// <param name="name">As configuration knows it: <c>Authorization:Issuers:entra:Audiences:0</c>.</param>
    public static bool Read(string name) => Names.Any(pattern => Matches(pattern, name));

    public static bool Matches(string pattern, string name)
    {
        var (wanted, found) = (pattern.Split(':'), name.Split(':'));
        return wanted.Length == found.Length && wanted.Zip(found).All(pair => pair.First == "*" || pair.First == pair.Second);
    }

    public static string? SectionOf(Type type) =>
        type.Namespace?.Contains("LocalHost", StringComparison.Ordinal) == false
            ? type.GetField("Section", BindingFlags.Public | BindingFlags.Static)?.GetRawConstantValue() as string
            : null;

    /// <summary>What a list or dictionary holds; null for anything else.</summary>
    public static Type? ElementOf(PropertyInfo property) =>
        property.PropertyType is { IsGenericType: true } generic && property.PropertyType.IsAssignableTo(typeof(IEnumerable))
            ? generic.GetGenericArguments()[^1]
            : null;

    private static IEnumerable<string> SectionNames(this IEnumerable<Type> types) => types.SelectMany(type => NamesOf(type, SectionOf(type)!));

    private static IEnumerable<string> NamesOf(Type type, string prefix)
    {
        foreach (var property in type.GetProperties().Where(property => property.CanWrite))
        {
            var name = $"{prefix}:{property.Name}";
            if (ElementOf(property) is not { } element)
                yield return name;
            else if (element == typeof(string))
                yield return name + ":*";
            else
                foreach (var inner in NamesOf(element, name + ":*"))
                    yield return inner;
        }
    }
}
