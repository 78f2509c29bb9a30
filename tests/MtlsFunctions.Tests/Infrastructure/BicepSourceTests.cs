using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace MtlsFunctions.Tests.Infrastructure;

/// <summary>infra-bicep as its compiler and linter see it.</summary>
[Collection(CompiledInfrastructure.Collection)]
public sealed partial class BicepSourceTests(CompiledInfrastructure infrastructure)
{
    [Fact]
    public void Compiler_and_linter_have_nothing_to_say() => Assert.Empty(infrastructure.Diagnostics);

    [Fact]
    public void Every_file_is_laid_out_as_the_compiler_does_it() => Assert.Empty(infrastructure.Unformatted);

    /// <summary>What they say depends on the compiler's age, and an older one inside somebody's azd has to deploy too.</summary>
    private static readonly string[] OfTheCompilersAge =
        ["use-recent-api-versions", "use-recent-az-powershell-version", "use-recent-module-versions", "use-recognized-resource-type"];

    [Fact]
    public void Every_linter_rule_is_an_error_but_those_that_a_compilers_age_decides()
    {
        var settings = JsonNode.Parse(
            File.ReadAllText(Path.Combine(CompiledInfrastructure.Folder, "bicepconfig.json")),
            documentOptions: new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip })!["analyzers"]!["core"]!;

        Assert.True((bool)settings["enabled"]!);
        Assert.All(settings["rules"]!.AsObject(), rule =>
            Assert.Equal(OfTheCompilersAge.Contains(rule.Key) ? "warning" : "error", (string?)rule.Value!["level"]));
    }

    [Fact]
    public void A_rule_is_switched_off_for_one_line_only_and_never_without_the_reason()
    {
        var switches = from path in CompiledInfrastructure.Files
                       let lines = File.ReadAllLines(path)
                       from at in Enumerable.Range(0, lines.Length)
                       where lines[at].Contains("#disable", StringComparison.Ordinal)
                       select (Line: lines[at].Trim(), Before: lines[at - 1].Trim());

        Assert.All(switches, found =>
        {
            // BCP037: a property that is documented and that the types lack.
            Assert.Contains(found.Line, new[] { "#disable-next-line use-recent-api-versions", "#disable-next-line BCP037" });
            Assert.StartsWith("// ", found.Before, StringComparison.Ordinal);
        });
    }

    [Fact]
    public void Every_parameter_of_a_person_is_bounded() =>
        Assert.All(infrastructure.Template.Root["parameters"]!.AsObject(), parameter =>
            Assert.True(IsBounded(Resolved(parameter.Value!.AsObject())), $"{parameter.Key} takes anything."));

    [Fact]
    public void No_secret_goes_in_or_out()
    {
        var declared = infrastructure.Template.All
            .SelectMany(template => new[] { template["parameters"], template["outputs"] })
            .SelectMany(declarations => declarations?.AsObject() ?? [])
            .ToArray();

        Assert.NotEmpty(declared);
        Assert.All(declared, one =>
        {
            Assert.DoesNotContain("secure", (string?)one.Value!["type"] ?? "", StringComparison.OrdinalIgnoreCase);
            Assert.DoesNotMatch(SecretName(), one.Key);
        });
        // What would read a key: listKeys(), listAccountSas(), listCredentials() …
        Assert.DoesNotMatch(ListFunction(), infrastructure.Template.Root.ToJsonString());
    }

    [Fact]
    public void No_module_comes_from_elsewhere() => Assert.All(CompiledInfrastructure.Files, path =>
        Assert.DoesNotMatch(RegistryReference(), File.ReadAllText(path)));

    private JsonObject Resolved(JsonObject declaration) =>
        (string?)declaration["$ref"] is { } reference
            ? infrastructure.Template.Root["definitions"]![reference.Split('/')[^1]]!.AsObject()
            : declaration;

    private static bool IsBounded(JsonObject declaration) => (string?)declaration["type"] switch
    {
        "bool" => true,
        "int" => declaration["allowedValues"] is not null || (declaration["minValue"] is not null && declaration["maxValue"] is not null),
        "string" => declaration["allowedValues"] is not null || declaration["maxLength"] is not null,
        "array" => declaration["maxLength"] is not null,
        "object" => declaration["properties"] is { } properties
            ? properties.AsObject().All(property => IsBounded(property.Value!.AsObject()))
            : declaration["discriminator"] is not null || declaration["additionalProperties"] is not null,
        _ => false,
    };

    [GeneratedRegex("password|secret(?!s?User)|accountKey|accessKey|sas|connectionString|token$", RegexOptions.IgnoreCase)]
    private static partial Regex SecretName();

    [GeneratedRegex(@"\blist[A-Z]\w*\(")]
    private static partial Regex ListFunction();

    [GeneratedRegex(@"'(br|ts)[:/]")]
    private static partial Regex RegistryReference();
}
