using System.Security.Cryptography;
using System.Text.Json.Nodes;

namespace MtlsFunctions.Shared.HashiCorp;

/// <summary>Tokens: issue, look up, renew, revoke, wrap.</summary>
internal sealed class VaultTokens(VaultDialect dialect, TimeProvider clock)
{
    private readonly Dictionary<string, VaultToken> tokens = new(StringComparer.Ordinal);

    public static string MadeUp(int length) => RandomNumberGenerator.GetString("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789", length);

    public VaultToken Add(VaultToken token)
    {
        tokens[token.Id] = token;
        return token;
    }

    public void RevokeAll(Func<VaultToken, bool> which)
    {
        foreach (var token in tokens.Values.Where(which).ToArray())
            tokens.Remove(token.Id);
    }

    public VaultToken? Find(string? id) => id is not null && tokens.TryGetValue(id, out var token) && !token.IsGone(clock.GetUtcNow()) ? token : null;

    /// <summary>As <see cref="Find"/>, and it is one use nearer to its end.</summary>
    public VaultToken? Use(string? id)
    {
        var token = Find(id);
        if (token is not null)
            token.Used++;
        return token;
    }

    /// <summary>A login that succeeded.</summary>
    public VaultReply Issue(VaultNamespace home, VaultRole role, string path, JsonObject metadata)
    {
        var now = clock.GetUtcNow();
        var token = Add(new VaultToken($"{(dialect == VaultDialect.Vault18 ? "s." : "s.b")}{MadeUp(24)}", home, [.. role.Policies.Append("default").Order()])
        {
            Issued = now,
            Ttl = role.Ttl,
            MaxTtl = role.MaxTtl,
            Expires = now + role.Ttl,
            Path = path,
            Metadata = metadata,
            NumUses = role.NumUses,
        });
        return VaultReply.Auth(Auth(token, token.Ttl));
    }

    public VaultReply Answer(VaultRequest request, VaultToken token) => (request.Method, request.Path) switch
    {
        ("GET", "auth/token/lookup-self") => VaultReply.Data(Describe(token)),
        (_, "auth/token/renew-self") when request.IsWrite => Renew(token, request.Duration("increment")),
        (_, "auth/token/revoke-self") when request.IsWrite => Revoke(token),
        _ => VaultReply.NotFound,
    };

    /// <summary>Hands out a token that reads <paramref name="reply"/> once.</summary>
    public VaultReply Wrap(VaultReply reply, VaultRequest request, VaultNamespace home)
    {
        var now = clock.GetUtcNow();
        var ttl = VaultDuration.Parse(request.WrapTtl);
        var data = reply.Body!["data"]!;
        var token = Add(new VaultToken(MadeUp(26), home, []) { Issued = now, Ttl = ttl, Expires = now + ttl, Wrapped = data.DeepClone() });
        var info = new JsonObject
        {
            ["token"] = token.Id,
            ["accessor"] = token.Accessor,
            ["ttl"] = (int)ttl.TotalSeconds,
            ["creation_time"] = VaultDuration.Instant(now),
            ["creation_path"] = request.Path,
        };
        if (dialect == VaultDialect.OpenBao26)
            info["wrapped_accessor"] = data["secret_id_accessor"]?.GetValue<string>() ?? "";
        return VaultReply.Wrapped(info);
    }

    public VaultReply Unwrap(string? id)
    {
        if (Find(id) is not { Wrapped: { } wrapped } token)
            return VaultReply.Error(400, "wrapping token is not valid or does not exist");
        tokens.Remove(token.Id);
        return VaultReply.Data(wrapped.DeepClone());
    }

    private VaultReply Renew(VaultToken token, TimeSpan increment)
    {
        var now = clock.GetUtcNow();
        var left = token.MaxTtl > TimeSpan.Zero ? token.Issued + token.MaxTtl - now : TimeSpan.MaxValue;
        if (left <= TimeSpan.Zero)
            return VaultReply.OneError(500, "past the max TTL, cannot renew");
        var asked = increment > TimeSpan.Zero ? increment : token.Ttl;
        var granted = asked < left ? asked : left;
        token.Expires = now + granted;
        return VaultReply.Auth(Auth(token, granted), granted == asked ? null
            : $"TTL of \"{VaultDuration.Text(asked)}\" exceeded the effective max_ttl of \"{VaultDuration.Text(left)}\"; TTL value is capped accordingly");
    }

    private VaultReply Revoke(VaultToken token)
    {
        tokens.Remove(token.Id);
        return VaultReply.NoContent;
    }

    private JsonObject Auth(VaultToken token, TimeSpan lease)
    {
        var auth = new JsonObject
        {
            ["client_token"] = token.Id,
            ["accessor"] = token.Accessor,
            ["policies"] = new JsonArray([.. token.Policies]),
            ["token_policies"] = new JsonArray([.. token.Policies]),
            ["metadata"] = token.Metadata?.DeepClone(),
            ["lease_duration"] = (int)lease.TotalSeconds,
            ["renewable"] = lease > TimeSpan.Zero,
            ["entity_id"] = token.EntityId,
            ["token_type"] = "service",
            ["orphan"] = true,
        };
        if (dialect == VaultDialect.OpenBao26)
        {
            auth["mfa_requirement"] = null;
            auth["num_uses"] = token.NumUses;
        }

        return auth;
    }

    private JsonObject Describe(VaultToken token) => new()
    {
        ["accessor"] = token.Accessor,
        ["creation_time"] = token.Issued.ToUnixTimeSeconds(),
        ["creation_ttl"] = (int)token.Ttl.TotalSeconds,
        ["display_name"] = token.Path.Split('/')[1],
        ["entity_id"] = token.EntityId,
        ["expire_time"] = token.Ttl > TimeSpan.Zero ? VaultDuration.Instant(token.Expires) : null,
        ["explicit_max_ttl"] = 0,
        ["id"] = token.Id,
        ["issue_time"] = VaultDuration.Instant(token.Issued),
        ["meta"] = token.Metadata?.DeepClone(),
        ["num_uses"] = Math.Max(0, token.NumUses - token.Used),
        ["orphan"] = true,
        ["path"] = token.Path,
        ["policies"] = new JsonArray([.. token.Policies]),
        ["renewable"] = token.Ttl > TimeSpan.Zero,
        ["ttl"] = token.Ttl > TimeSpan.Zero ? (int)(token.Expires - clock.GetUtcNow()).TotalSeconds : 0,
        ["type"] = "service",
    };
}
