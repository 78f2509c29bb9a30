using System.Text.Json.Nodes;

namespace MtlsFunctions.Tests.Infrastructure;

/// <summary>What the compiler makes of main.bicep: one template with its modules nested inside. A literal in it can't be changed by any parameter.</summary>
public sealed class ArmTemplate(JsonObject root)
{
    private const string NestedDeployment = "Microsoft.Resources/deployments";

    public JsonObject Root => root;

    /// <summary>This template and those of its modules.</summary>
    public IReadOnlyList<JsonObject> All { get; } = [.. Nested(root)];

    /// <summary>Resources that are made (not those that are only read), of every module.</summary>
    public IReadOnlyList<JsonObject> Resources =>
        [.. All.SelectMany(ResourcesOf).Where(resource => resource["existing"] is null && (string?)resource["type"] != NestedDeployment)];

    public JsonObject[] Of(string type) => [.. Resources.Where(resource => (string?)resource["type"] == type)];

    private static IEnumerable<JsonObject> Nested(JsonObject template) =>
        ResourcesOf(template)
            .Where(resource => (string?)resource["type"] == NestedDeployment)
            .SelectMany(resource => Nested(resource["properties"]!["template"]!.AsObject()))
            .Prepend(template);

    private static IEnumerable<JsonObject> ResourcesOf(JsonObject template) => template["resources"] switch
    {
        JsonObject byName => byName.Select(resource => resource.Value!.AsObject()),
        JsonArray list => list.Select(resource => resource!.AsObject()),
        _ => [],
    };
}
