using System.Text.Json.Nodes;

namespace MtlsFunctions.Shared.HashiCorp;

/// <summary>Setting up over the API, as an operator does: engines, login methods, policies, namespaces.</summary>
internal sealed class VaultSystem(VaultServerOptions options, VaultTokens tokens, VaultSeal seal)
{
    private const int RaftValueBytes = 1024 * 1024;

    private readonly Dictionary<string, VaultNamespace> namespaces = new(StringComparer.Ordinal) { [""] = new() };

    public VaultNamespace Root => namespaces[""];

    /// <summary>Null when there is none of that name. Community Vault knows only the root and ignores what is asked.</summary>
    public VaultNamespace? Find(string? name) =>
        options.Dialect == VaultDialect.Vault18 || name is null ? Root : namespaces.GetValueOrDefault(name.Trim('/'));

    /// <summary>The namespace that stands in front of a path, and the path behind it.</summary>
    public (VaultNamespace? Space, string Path) Split(string path)
    {
        var first = path.Split('/')[0];
        return first.Length > 0 && namespaces.TryGetValue(first, out var space) ? (space, path[(first.Length + 1)..]) : (null, path);
    }

    public VaultReply Answer(VaultRequest request, VaultNamespace space) => (request.IsWrite, request.Path["sys/".Length..].Split('/', 3)) switch
    {
        (true, ["mounts", var mount]) => Mount(space, mount, request),
        (true, ["auth", var mount]) => Enable(space, mount, request),
        (true, ["policies", "acl", var name]) => SetPolicy(space, name, request),
        (true, ["namespaces", var name]) => AddNamespace(name),
        (true, ["seal"]) => Seal(),
        (false, ["mounts", var mount]) when request.Method == "DELETE" => Remove(space.Mounts, mount),
        (false, ["auth", var mount]) when request.Method == "DELETE" => Remove(space.Logins, mount),
        (false, ["policies", "acl", var name]) when request.Method == "DELETE" => Remove(space.Policies, name),
        (false, ["policies", "acl", var name]) when request.Method == "GET" && space.Policies.ContainsKey(name) =>
            VaultReply.Data(new JsonObject { ["name"] = name, ["policy"] = space.Policies[name].Text }),
        (false, ["internal", "ui", var rest]) => LookUpMount(space, rest),
        _ => VaultReply.NotFound,
    };

    private VaultReply Mount(VaultNamespace space, string mount, VaultRequest request)
    {
        var description = request.Text("description");
        IVaultEngine engine = request.Body?["options"]?["version"]?.GetValue<string>() == "2"
            ? new KvEngine(options.Dialect, options.Clock, options.Raft ? RaftValueBytes : int.MaxValue, description, options.ReadLag)
            : new KvOneEngine(description);
        return space.Mounts.TryAdd(mount, engine) ? VaultReply.NoContent : VaultReply.Error(400, $"path is already in use at {mount}/");
    }

    private static VaultReply Remove<T>(Dictionary<string, T> of, string name)
    {
        of.Remove(name);
        return VaultReply.NoContent;
    }

    private VaultReply Enable(VaultNamespace space, string mount, VaultRequest request)
    {
        space.Logins[mount] = new VaultLogins(request.Text("type"), mount, space, tokens, options.Dialect, options.Clock);
        return VaultReply.NoContent;
    }

    private static VaultReply SetPolicy(VaultNamespace space, string name, VaultRequest request)
    {
        space.Policies[name] = new VaultPolicy(request.Text("policy"));
        return VaultReply.NoContent;
    }

    private VaultReply AddNamespace(string name)
    {
        namespaces[name] = new();
        return VaultReply.Data(new JsonObject
        {
            ["custom_metadata"] = new JsonObject(),
            ["id"] = VaultTokens.MadeUp(6),
            ["locked"] = false,
            ["path"] = name + "/",
            ["tainted"] = false,
            ["uuid"] = Guid.NewGuid().ToString(),
        });
    }

    private VaultReply Seal()
    {
        seal.IsSealed = true;
        return VaultReply.NoContent;
    }

    private VaultReply LookUpMount(VaultNamespace space, string rest)
    {
        var mount = rest["mounts/".Length..].Split('/')[0];
        if (!space.Mounts.TryGetValue(mount, out var engine))
            return VaultReply.Denied;
        var found = new JsonObject
        {
            ["accessor"] = "kv_" + VaultTokens.MadeUp(8),
            ["config"] = new JsonObject { ["default_lease_ttl"] = 0, ["force_no_cache"] = false, ["max_lease_ttl"] = 0 },
            ["description"] = engine.Description,
            ["external_entropy_access"] = false,
            ["local"] = false,
            ["options"] = engine.Options,
            ["path"] = mount + "/",
            ["seal_wrap"] = false,
            ["type"] = "kv",
            ["uuid"] = Guid.NewGuid().ToString(),
        };
        if (options.Dialect == VaultDialect.OpenBao26)
        {
            found["deprecation_status"] = "supported";
            found["plugin_version"] = "";
            found["running_plugin_version"] = "v2.0.0+builtin.bao";
            found["running_sha256"] = "";
        }

        return VaultReply.Data(found);
    }
}
