using System.Text.Json.Nodes;

namespace MtlsFunctions.Shared.HashiCorp;

/// <summary>What a login method's role grants.</summary>
internal sealed class VaultRole(VaultRequest created)
{
    // The servers' default when a role names no time.
    private static readonly TimeSpan SystemTtl = TimeSpan.FromHours(768);

    public string[] Policies { get; } = Names(created.Body?["token_policies"]);

    public string[] Audiences { get; } = Names(created.Body?["bound_audiences"]);

    public TimeSpan Ttl { get; } = created.Duration("token_ttl") is { Ticks: > 0 } ttl ? ttl : SystemTtl;

    public TimeSpan MaxTtl { get; } = created.Duration("token_max_ttl") is { Ticks: > 0 } ttl ? ttl : SystemTtl;

    public TimeSpan SecretIdTtl { get; } = created.Duration("secret_id_ttl");

    public string RoleId { get; } = Guid.NewGuid().ToString();

    public HashSet<string> SecretIds { get; } = new(StringComparer.Ordinal);

    private static string[] Names(JsonNode? list) => list is JsonArray names ? [.. names.Select(name => name!.GetValue<string>())] : [];
}
