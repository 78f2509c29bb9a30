using System.Text.Json.Nodes;

namespace MtlsFunctions.Shared.HashiCorp;

/// <summary>A token that the imitation has given out.</summary>
internal sealed record VaultToken(string Id, VaultNamespace Home, string[] Policies)
{
    public string Accessor { get; } = VaultTokens.MadeUp(24);

    public string EntityId { get; } = Guid.NewGuid().ToString();

    public DateTimeOffset Issued { get; init; }

    /// <summary>Zero never expires.</summary>
    public TimeSpan Ttl { get; init; }

    /// <summary>Zero sets no limit to renewals.</summary>
    public TimeSpan MaxTtl { get; init; }

    public DateTimeOffset Expires { get; set; }

    /// <summary>The login path that gave it out.</summary>
    public string Path { get; init; } = "auth/token/root";

    public JsonObject? Metadata { get; init; }

    /// <summary>Single use, for what it wraps.</summary>
    public JsonNode? Wrapped { get; init; }

    /// <summary>Requests that it is still good for; 0 sets no limit.</summary>
    public int NumUses { get; init; }

    public int Used { get; set; }

    public bool IsRoot => Policies.Contains("root");

    public bool IsGone(DateTimeOffset now) => (Ttl > TimeSpan.Zero && now > Expires) || (NumUses > 0 && Used >= NumUses);
}
