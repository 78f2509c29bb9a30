using System.Text.Json.Nodes;
using FunctionsTestHost.Protocol;

namespace FunctionsTestHost;

/// <summary>A function as the worker describes it.</summary>
public sealed record HostedFunction
{
    private HostedFunction(RpcFunctionMetadata metadata, IReadOnlyList<JsonNode> bindings) => (Metadata, Bindings) = (metadata, bindings);

    public string Name => Metadata.Name;

    public string Id => Metadata.FunctionId;

    /// <summary>Every binding as the worker wrote it.</summary>
    public IReadOnlyList<JsonNode> Bindings { get; }

    /// <summary>The HTTP trigger; null where something else starts the function.</summary>
    public JsonNode? HttpTrigger => Bindings.FirstOrDefault(binding => Is(binding, "httpTrigger"));

    /// <summary>Without a slash in front; the name where the trigger has none. The prefix of host.json isn't part of it.</summary>
    public string Route => (string?)HttpTrigger?["route"] ?? Name;

    /// <summary>Lower case; empty means all.</summary>
    public IReadOnlyList<string> Methods => [.. (HttpTrigger?["methods"]?.AsArray() ?? []).Select(method => ((string)method!).ToLowerInvariant())];

    /// <summary>As the worker writes it: <c>Anonymous</c>, <c>Function</c>, <c>Admin</c>.</summary>
    public string? AuthorizationLevel => (string?)HttpTrigger?["authLevel"];

    internal RpcFunctionMetadata Metadata { get; }

    /// <exception cref="FormatException">No name or id, or a binding that is no JSON object with name and type.</exception>
    internal static HostedFunction Of(RpcFunctionMetadata metadata)
    {
        if (metadata.Name.Length == 0 || metadata.FunctionId.Length == 0)
            throw new FormatException($"A function has no name or no id: {metadata}");
        try
        {
            var bindings = metadata.RawBindings.Select(raw => JsonNode.Parse(raw)!).ToArray();
            foreach (var binding in bindings)
                metadata.Bindings[(string)binding["name"]!] = new BindingInfo
                {
                    Type = (string)binding["type"]!,
                    Direction = Enum.Parse<BindingInfo.Types.Direction>((string?)binding["direction"] ?? "In", ignoreCase: true),
                };
            return new HostedFunction(metadata, bindings);
        }
        catch (Exception fault) when (fault is System.Text.Json.JsonException or ArgumentException or InvalidOperationException or NullReferenceException)
        {
            throw new FormatException($"A binding of function {metadata.Name} can't be read: {string.Join(", ", metadata.RawBindings)}", fault);
        }
    }

    private static bool Is(JsonNode binding, string type) => string.Equals((string?)binding["type"], type, StringComparison.OrdinalIgnoreCase);
}
