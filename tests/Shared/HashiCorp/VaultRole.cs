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

    /// <summary>Of its tokens; 0 sets no limit.</summary>
    public int NumUses { get; } = created.Body?["token_num_uses"]?.GetValue<int>() ?? 0;

    /// <summary>Of its secret ids; 0 sets no limit.</summary>
    public int SecretIdNumUses { get; } = created.Body?["secret_id_num_uses"]?.GetValue<int>() ?? 0;

    public bool BindsSecretId { get; } = created.Body?["bind_secret_id"]?.GetValue<bool>() ?? true;

    public string RoleId { get; } = Guid.NewGuid().ToString();

    /// <summary>With the logins that each has been used for.</summary>
    public Dictionary<string, int> SecretIds { get; } = new(StringComparer.Ordinal);

    public bool TakesSecretId(string secretId)
    {
        if (!SecretIds.TryGetValue(secretId, out var used) || (SecretIdNumUses > 0 && used >= SecretIdNumUses))
            return false;
        SecretIds[secretId]++;
        return true;
    }

    private static string[] Names(JsonNode? list) => list is JsonArray names ? [.. names.Select(name => name!.GetValue<string>())] : [];
}
