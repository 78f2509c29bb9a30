using System.Text.Json.Nodes;

namespace MtlsFunctions.Tests.Infrastructure;

/// <summary>The resources that one choice of parameters leads to. What only Azure knows stays an expression in brackets.</summary>
public sealed class Deployment(IReadOnlyList<JsonObject> resources)
{
    public IReadOnlyList<JsonObject> Resources => resources;

    public static Deployment Read(string snapshot) =>
        new([.. JsonNode.Parse(snapshot)!["predictedResources"]!.AsArray().Select(resource => resource!.AsObject())]);

    public JsonObject[] Of(string type) => [.. resources.Where(resource => (string?)resource["type"] == type)];

    public JsonObject App => Assert.Single(Of("Microsoft.Web/sites"));

    /// <summary>The settings of the app by name, with <c>:</c> between sections as the product reads them.</summary>
    public IReadOnlyDictionary<string, string> AppSettings => App["properties"]!["siteConfig"]!["appSettings"]!.AsArray()
        .ToDictionary(setting => ((string)setting!["name"]!).Replace("__", ":", StringComparison.Ordinal), setting => (string)setting!["value"]!);

    /// <summary>Role and kind of resource that it is held on, for each assignment.</summary>
    public IEnumerable<(string Role, string On)> RolesOf(Func<JsonObject, bool> wanted) => Of("Microsoft.Authorization/roleAssignments").Where(wanted).Select(assignment =>
        (((string)assignment["properties"]!["roleDefinitionId"]!).Split('/')[^1], TargetOf(assignment)));

    /// <summary>Kind of the resource that an extension resource (a role, a diagnostic setting) belongs to.</summary>
    public static string TargetOf(JsonObject extension)
    {
        // …/providers/{namespace}/{kind}/{name}/{kind}/{name}/providers/{the extension itself}
        var parts = ((string)extension["id"]!).Split("/providers/")[^2].Split('/');
        return string.Join('/', parts.Where((_, at) => at == 0 || at % 2 == 1));
    }
}
