using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using NJsonSchema;

namespace MtlsFunctions.EndToEndTests.Contract;

/// <summary>Validates JSON against schemas of the document.</summary>
public sealed partial class ApiSchemas(ApiDocument document)
{
    /// <summary>Keywords that the library validates, and those that say nothing about validity. It passes over any other in silence.</summary>
    public static readonly string[] Known =
    [
        "$ref", "type", "enum", "properties", "required", "additionalProperties", "items", "minItems", "maxItems", "minimum", "maximum",
        "minLength", "maxLength", "pattern", "format", "oneOf", "anyOf", "allOf",
        "description", "default", "examples", "contentMediaType", "contentEncoding",
    ];

    private readonly ConcurrentDictionary<string, Task<JsonSchema>> parsed = new();

    /// <param name="closed">Properties that the schema doesn't have are faults: for what we say, not for what we are told.</param>
    /// <returns>The faults, none for a valid value.</returns>
    public async Task<IReadOnlyList<string>> FaultsAsync(JsonNode schema, JsonNode? value, bool closed)
    {
        var definitions = new JsonObject();
        Define(schema, definitions);
        var root = new JsonObject { ["definitions"] = definitions, ["allOf"] = new JsonArray(schema.DeepClone()) };
        if (closed)
            Close(root);
        var text = root.ToJsonString().Replace("#/components/schemas/", "#/definitions/", StringComparison.Ordinal);
        var validator = await parsed.GetOrAdd(text, json => JsonSchema.FromJsonAsync(json));
        return [.. validator.Validate(value?.ToJsonString() ?? "null").Select(fault => fault.ToString())];
    }

    // Only what is referred to: the whole would cost more than all the validating.
    private void Define(JsonNode schema, JsonObject definitions)
    {
        foreach (Match reference in Reference().Matches(schema.ToJsonString()))
        {
            var name = reference.Groups["name"].Value;
            if (definitions.ContainsKey(name))
                continue;
            definitions[name] = document.Schemas[name]!.DeepClone();
            Define(document.Schemas[name]!, definitions);
        }
    }

    [GeneratedRegex("\"#/components/schemas/(?<name>\\w+)\"")]
    private static partial Regex Reference();

    private static void Close(JsonNode? node)
    {
        if (node is JsonObject schema)
        {
            if (schema["properties"] is JsonObject && !schema.ContainsKey("additionalProperties"))
                schema["additionalProperties"] = false;
            foreach (var (_, inner) in schema.ToArray())
                Close(inner);
        }
        else if (node is JsonArray list)
        {
            foreach (var inner in list)
                Close(inner);
        }
    }
}
