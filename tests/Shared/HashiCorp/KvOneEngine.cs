using System.Text.Json.Nodes;

namespace MtlsFunctions.Shared.HashiCorp;

/// <summary>A KV version 1 secrets engine: any path holds what was last written there, and says nothing of versions.</summary>
internal sealed class KvOneEngine(string description) : IVaultEngine
{
    // 32 days, what a reader may keep it for.
    private const int Lease = 2_764_800;

    private readonly Dictionary<string, JsonObject> secrets = new(StringComparer.Ordinal);

    public string Description => description;

    public JsonObject Options => new() { ["version"] = "1" };

    public VaultReply Answer(VaultRequest request, string rest) => request.Method switch
    {
        "GET" when secrets.TryGetValue(rest, out var secret) => Read(secret),
        "POST" or "PUT" when request.Body is null or { Count: 0 } => VaultReply.Error(400, "missing data fields"),
        "POST" or "PUT" => Write(rest, request.Body),
        "DELETE" => Delete(rest),
        _ => VaultReply.NotFound,
    };

    private static VaultReply Read(JsonObject secret)
    {
        var reply = VaultReply.Data(secret.DeepClone());
        reply.Body!["lease_duration"] = Lease;
        return reply;
    }

    private VaultReply Write(string path, JsonObject body)
    {
        secrets[path] = body.DeepClone().AsObject();
        return VaultReply.NoContent;
    }

    private VaultReply Delete(string path)
    {
        secrets.Remove(path);
        return VaultReply.NoContent;
    }
}
