using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace MtlsFunctions.EndToEndTests.Contract;

/// <summary>One method of the document.</summary>
public sealed partial class ApiOperation(ApiDocument document, string method, string path, JsonObject node)
{
    private const string ProblemType = "application/problem+json";

    public string Id { get; } = (string)node["operationId"]!;

    public string Method => method;

    /// <summary>With its parameters in braces.</summary>
    public string Path => path;

    /// <summary>The path with its parameters' names and constraints left out: what makes two routes the same.</summary>
    public string Shape => ShapeOf(path);

    /// <summary>Anybody may call it.</summary>
    public bool IsOpen => node["security"] is JsonArray { Count: 0 };

    /// <summary>Resolved responses by status, <c>default</c> among them.</summary>
    public IEnumerable<(string Status, JsonObject Response)> Responses =>
        node["responses"]!.AsObject().Select(response => (response.Key, document.Resolve(response.Value!)));

    /// <summary>Problems that it lists: the names of the examples.</summary>
    public IEnumerable<(string Status, string Problem)> Problems =>
        from response in Responses
        from example in response.Response["content"]?[ProblemType]?["examples"]?.AsObject() ?? []
        select (response.Status, example.Key);

    /// <summary>Answers that are not problems, each as <c>{operation} {status}</c>.</summary>
    public IEnumerable<string> Answers =>
        from response in Responses
        where response.Response["content"]?.AsObject().Any(media => media.Key != ProblemType) ?? true
        select $"{Id} {response.Status}";

    public bool Matches(string requestPath) => Regex.IsMatch(requestPath, $"^{Regex.Escape(Shape).Replace(@"\{}", "[^/]+", StringComparison.Ordinal)}$");

    public JsonNode? RequestSchema(string mediaType) =>
        node["requestBody"] is { } body ? document.Resolve(body)["content"]![mediaType]?["schema"] : null;

    /// <returns>Null for a status that the document doesn't have.</returns>
    public JsonObject? Response(string status) => Responses.FirstOrDefault(response => response.Status == status).Response;

    public static string ShapeOf(string route) => Parameter().Replace(route, "{}");

    public override string ToString() => $"{Id} ({method} {path})";

    [GeneratedRegex(@"\{[^}]+\}")]
    private static partial Regex Parameter();
}
