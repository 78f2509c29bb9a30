using System.Text.Json.Nodes;
using Microsoft.OpenApi;
using Microsoft.OpenApi.Reader;

namespace MtlsFunctions.EndToEndTests.Contract;

/// <summary>docs/openapi.yaml as it is built into the product, read by the library that Microsoft's own tools use.</summary>
public sealed class ApiDocument
{
    private static readonly Lazy<Task<ApiDocument>> Loaded = new(LoadAsync);

    private ApiDocument(string text, JsonNode root, OpenApiDiagnostic diagnostic)
    {
        (Text, Root, Diagnostic) = (text, root, diagnostic);
        Validator = new ApiSchemas(this);
        Operations =
        [
            .. from path in root["paths"]!.AsObject()
               from method in path.Value!.AsObject()
               where method.Key is "get" or "put" or "post" or "delete" or "options" or "head" or "patch" or "trace"
               select new ApiOperation(this, method.Key.ToUpperInvariant(), path.Key, method.Value!.AsObject()),
        ];
    }

    public string Text { get; }

    /// <summary>The same as JSON, references unresolved.</summary>
    public JsonNode Root { get; }

    /// <summary>What the library has to say against it.</summary>
    public OpenApiDiagnostic Diagnostic { get; }

    /// <summary>One for all tests, because it remembers the schemas that it has read.</summary>
    public ApiSchemas Validator { get; }

    public IReadOnlyList<ApiOperation> Operations { get; }

    public JsonObject Schemas => Root["components"]!["schemas"]!.AsObject();

    /// <summary>Problem answers by the last part of their type.</summary>
    public JsonObject Problems => Root["components"]!["examples"]!.AsObject();

    public static Task<ApiDocument> ServedAsync() => Loaded.Value;

    public ApiOperation Operation(string id) => Operations.Single(operation => operation.Id == id);

    /// <summary>The method that answers a request; literal segments go before parameters.</summary>
    public ApiOperation Find(string method, string path) => Operations
        .Where(operation => operation.Method == method && operation.Matches(path))
        .MinBy(operation => operation.Shape.Count(character => character == '{')) ?? throw new KeyNotFoundException($"{method} {path}");

    /// <returns>The node, or what its <c>$ref</c> names.</returns>
    /// <exception cref="KeyNotFoundException">It names nothing.</exception>
    public JsonObject Resolve(JsonNode node)
    {
        var found = node;
        while (found["$ref"] is { } reference)
        {
            var steps = ((string)reference!).Split('/')[1..];
            found = steps.Aggregate(Root, (at, step) => at[step] ?? throw new KeyNotFoundException((string)reference!));
        }

        return found.AsObject();
    }

    private static async Task<ApiDocument> LoadAsync()
    {
        await using var resource = typeof(Gateway).Assembly.GetManifestResourceStream("openapi.yaml")!;
        using var reader = new StreamReader(resource);
        var text = await reader.ReadToEndAsync();
        var settings = new OpenApiReaderSettings();
        settings.AddYamlReader();
        var read = OpenApiDocument.Parse(text, OpenApiConstants.Yaml, settings);
        return new ApiDocument(text, JsonNode.Parse(await read.Document!.SerializeAsJsonAsync(OpenApiSpecVersion.OpenApi3_1))!, read.Diagnostic!);
    }
}
