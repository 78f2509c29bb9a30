using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json.Nodes;

namespace MtlsFunctions.Shared.HashiCorp;

/// <summary>Initialised, sealed, electing, standby: what <c>sys/health</c> tells, with the status codes that the question may choose.</summary>
internal sealed class VaultSeal
{
    private static readonly TimeSpan ElectionTime = TimeSpan.FromSeconds(5);

    private readonly VaultDialect dialect;
    private readonly TimeProvider clock;
    private readonly bool raft;
    private readonly string clusterId = Guid.NewGuid().ToString();
    private DateTimeOffset unsealedAt = DateTimeOffset.MinValue;

    public VaultSeal(VaultServerOptions options)
    {
        (dialect, clock, raft) = (options.Dialect, options.Clock, options.Raft);
        (IsInitialized, IsSealed) = (!raft, raft);
    }

    public bool IsInitialized { get; private set; }

    public bool IsSealed { get; set; }

    /// <summary>Another node is the active one, and this one passes requests on to it.</summary>
    public bool IsStandby { get; set; }

    /// <summary>Unsealed, but no node is active yet.</summary>
    public bool IsElecting => raft && !IsSealed && clock.GetUtcNow() - unsealedAt < ElectionTime;

    public VaultReply? Answer(VaultRequest request, Action<string> addRoot) => (request.Method, request.Path) switch
    {
        ("GET" or "HEAD", "sys/health") => Health(request),
        ("GET", "sys/seal-status") => VaultReplyOf(Status()),
        ("GET", "sys/init") => VaultReplyOf(new JsonObject { ["initialized"] = IsInitialized }),
        ("POST" or "PUT", "sys/init") => Initialize(addRoot),
        ("POST" or "PUT", "sys/unseal") => Unseal(),
        _ => null,
    };

    private static VaultReply VaultReplyOf(JsonObject body) => new(200, body);

    private VaultReply Health(VaultRequest request)
    {
        if (dialect == VaultDialect.OpenBao26 && request.Namespace is not null)
            return VaultReply.Error(400, "operation unavailable in namespaces");
        var status = (IsInitialized, IsSealed, IsStandby || IsElecting) switch
        {
            (false, _, _) => Code(request, "uninitcode", 501),
            (_, true, _) => Code(request, "sealedcode", 503),
            (_, _, true) => request.Query.ContainsKey("standbyok") ? Code(request, "activecode", 200) : Code(request, "standbycode", 429),
            _ => Code(request, "activecode", 200),
        };
        // Codes without content have none, whatever the question.
        return status == 204 || request.Method == "HEAD" ? new VaultReply(status) : new VaultReply(status, HealthBody());
    }

    private JsonObject HealthBody()
    {
        var replication = IsSealed || IsElecting ? "unknown" : "disabled";
        var body = new JsonObject { ["initialized"] = IsInitialized, ["sealed"] = IsSealed, ["standby"] = IsSealed || IsStandby || IsElecting };
        if (dialect == VaultDialect.Vault18)
            body["performance_standby"] = false;
        body["replication_performance_mode"] = replication;
        body["replication_dr_mode"] = replication;
        body["server_time_utc"] = clock.GetUtcNow().ToUnixTimeSeconds();
        body["version"] = Version;
        if (!IsSealed)
        {
            body["cluster_name"] = $"vault-cluster-{clusterId[..8]}";
            body["cluster_id"] = clusterId;
        }

        return body;
    }

    private string Version => dialect == VaultDialect.Vault18 ? "1.8.0-dev" : "2.0.0-HEAD";

    private JsonObject Status()
    {
        var status = new JsonObject
        {
            ["type"] = "shamir",
            ["initialized"] = IsInitialized,
            ["sealed"] = IsSealed,
            ["t"] = 1,
            ["n"] = 1,
            ["progress"] = 0,
            ["nonce"] = "",
            ["recovery_seal"] = false,
            ["version"] = Version,
            ["migration"] = false,
            ["cluster_name"] = $"vault-cluster-{clusterId[..8]}",
            ["cluster_id"] = clusterId,
            ["storage_type"] = raft ? "raft" : "inmem",
        };
        if (dialect == VaultDialect.OpenBao26)
            status["commit_date"] = "";
        return status;
    }

    private VaultReply Initialize(Action<string> addRoot)
    {
        IsInitialized = true;
        var key = RandomNumberGenerator.GetBytes(32);
        var root = VaultTokens.MadeUp(26);
        addRoot(root);
        return VaultReplyOf(new JsonObject
        {
            ["keys"] = new JsonArray(Convert.ToHexStringLower(key)),
            ["keys_base64"] = new JsonArray(Convert.ToBase64String(key)),
            ["root_token"] = root,
        });
    }

    // Any key will do: what it opens isn't locked.
    private VaultReply Unseal()
    {
        IsSealed = false;
        unsealedAt = clock.GetUtcNow();
        return VaultReplyOf(Status());
    }

    private static int Code(VaultRequest request, string name, int usual) =>
        request.Query.TryGetValue(name, out var chosen) ? int.Parse(chosen, CultureInfo.InvariantCulture) : usual;
}
