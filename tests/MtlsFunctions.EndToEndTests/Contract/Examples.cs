using System.Text.Json.Nodes;

namespace MtlsFunctions.EndToEndTests.Contract;

/// <summary>Every place of the document where an example can stand beside its schema.</summary>
public static class Examples
{
    /// <summary>Parameters, headers and media types with <c>example</c> or <c>examples</c>, and schemas with their own.</summary>
    public static IEnumerable<(string Place, string Name, JsonNode Schema, JsonNode? Value)> In(ApiDocument document) =>
        from found in Objects(document.Root, "#")
        from example in Of(document, found.Place, found.Node)
        select example;

    /// <summary>Places that a reader wants an example of: what is sent, and what is answered as JSON.</summary>
    public static IEnumerable<string> Wanted(ApiDocument document) =>
        from found in Objects(document.Root, "#")
        where found.Node["schema"] is not null
        let name = found.Place.Split('/')[^1]
        where found.Node["in"] is not null || name is "application~json" or "application~problem+json"
        select found.Place;

    /// <summary>Every schema object, those inside others included.</summary>
    public static IEnumerable<JsonObject> Schemas(ApiDocument document) =>
        document.Schemas.Select(named => named.Value)
            .Concat(Objects(document.Root, "#").Select(found => found.Node["schema"]))
            .OfType<JsonObject>()
            .SelectMany(WithInner);

    private static IEnumerable<(string, string, JsonNode, JsonNode?)> Of(ApiDocument document, string place, JsonObject node)
    {
        if (node["schema"] is { } schema && node.ContainsKey("example"))
            yield return (place, "", schema, node["example"]);
        if (node["schema"] is { } media && node["examples"] is JsonObject named)
        {
            foreach (var (name, example) in named)
                yield return (place, name, media, document.Resolve(example!)["value"]);
        }

        if (node["type"] is not null && node["examples"] is JsonArray own)
        {
            foreach (var example in own)
                yield return (place, "", node, example);
        }
    }

    private static IEnumerable<(string Place, JsonObject Node)> Objects(JsonNode? node, string place)
    {
        if (node is JsonObject found)
        {
            yield return (place, found);
            foreach (var inner in found.SelectMany(member => Objects(member.Value, $"{place}/{member.Key.Replace('/', '~')}")))
                yield return inner;
        }
        else if (node is JsonArray list)
        {
            foreach (var inner in list.SelectMany((item, at) => Objects(item, $"{place}/{at}")))
                yield return inner;
        }
    }

    private static IEnumerable<JsonObject> WithInner(JsonObject schema)
    {
        yield return schema;
        var properties = schema["properties"]?.AsObject().Select(property => property.Value) ?? [];
        string[] lists = ["oneOf", "anyOf", "allOf"];
        var parts = lists.SelectMany(keyword => schema[keyword]?.AsArray() ?? []);
        foreach (var inner in properties.Concat(parts).Append(schema["items"]).Append(schema["additionalProperties"]).OfType<JsonObject>().SelectMany(WithInner))
            yield return inner;
    }
}
