using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace MtlsFunctions.Shared.HashiCorp;

/// <summary>A KV version 2 secrets engine.</summary>
/// <param name="maxValueBytes">What the storage behind it holds at most.</param>
/// <param name="lag">Null when every reader is up to date.</param>
internal sealed class KvEngine(VaultDialect dialect, TimeProvider clock, int maxValueBytes, string description, VaultReadLag? lag) : IVaultEngine
{
    private readonly SortedDictionary<string, KvSecret> secrets = new(StringComparer.Ordinal);
    private readonly KvHistory? history = lag is null ? null : new KvHistory(clock, lag);
    private int maxVersions;
    private bool casRequired;

    public string Description => description;

    public JsonObject Options => new() { ["version"] = "2" };

    public VaultReply Answer(VaultRequest request, string rest)
    {
        var (verb, name) = rest.IndexOf('/', StringComparison.Ordinal) is var slash and >= 0 ? (rest[..slash], rest[(slash + 1)..]) : (rest, "");
        if (history is null)
            return Answer(request, verb, name, secrets.GetValueOrDefault(name));
        if (request.Method == "GET" && request.Token != VaultServer.RootToken)
            return Answer(request, verb, name, history.Find(name));
        var reply = Answer(request, verb, name, secrets.GetValueOrDefault(name));
        history.Note(name, secrets.GetValueOrDefault(name));
        return reply;
    }

    private VaultReply Answer(VaultRequest request, string verb, string name, KvSecret? secret)
    {
        return (verb, request.Method) switch
        {
            ("config", "GET") => VaultReply.Data(Config()),
            ("config", "POST" or "PUT") => Configure(request),
            ("data", "GET") => Read(secret, request),
            ("data", "POST" or "PUT") => Write(request, name, secret),
            ("data", "PATCH") => Patch(request, secret),
            ("data", "DELETE") => Change(secret, secret is null ? [] : [secret.Current], version => version.Deleted ??= clock.GetUtcNow()),
            ("delete", "POST" or "PUT") => Change(secret, Numbers(request), version => version.Deleted ??= clock.GetUtcNow()),
            ("undelete", "POST" or "PUT") => Change(secret, Numbers(request), version => version.Deleted = null),
            ("destroy", "POST" or "PUT") => Change(secret, Numbers(request), version => version.Destroy()),
            ("metadata", "GET") => secret is null ? VaultReply.NotFound : VaultReply.Data(secret.Metadata(dialect)),
            ("metadata", "LIST") => List(name, request),
            ("metadata", "POST" or "PUT" or "PATCH") => SetMetadata(request, name, secret),
            ("metadata", "DELETE") => Forget(name),
            ("subkeys", "GET") when IsOpenBao => SubKeys(secret),
            _ => VersionOnePath,
        };
    }

    private bool IsOpenBao => dialect == VaultDialect.OpenBao26;

    private VaultReply VersionOnePath => VaultReply.Data(null, 404,
        "Invalid path for a versioned K/V secrets engine. See the API docs for the appropriate API endpoints to use. "
        + (IsOpenBao ? "If using the OpenBao CLI, use 'bao kv put' for this operation." : "If using the Vault CLI, use 'vault kv put' for this operation."));

    private JsonObject Config()
    {
        var config = new JsonObject { ["cas_required"] = casRequired, ["delete_version_after"] = "0s", ["max_versions"] = maxVersions };
        if (IsOpenBao)
            config["metadata_cas_required"] = false;
        return config;
    }

    private VaultReply Configure(VaultRequest request)
    {
        maxVersions = request.Body?["max_versions"]?.GetValue<int>() ?? maxVersions;
        casRequired = request.Body?["cas_required"]?.GetValue<bool>() ?? casRequired;
        return VaultReply.NoContent;
    }

    private VaultReply Read(KvSecret? secret, VaultRequest request)
    {
        var asked = request.Query.TryGetValue("version", out var text) ? long.Parse(text, CultureInfo.InvariantCulture) : 0;
        var number = asked == 0 ? secret?.Current ?? 0 : asked;
        if (secret is null || !secret.Versions.TryGetValue(number, out var version))
            return VaultReply.NotFound;
        var isThere = version is { Data: not null, Deleted: null };
        return VaultReply.Data(
            new JsonObject { ["data"] = isThere ? version.Data!.DeepClone() : null, ["metadata"] = secret.Describe(number, dialect) }, isThere ? 200 : 404);
    }

    private VaultReply Write(VaultRequest request, string name, KvSecret? secret)
    {
        if (request.Body?["data"] is not JsonObject data)
            return VaultReply.Error(400, "no data provided");
        if (RefuseByCas(request, secret) is { } refused)
            return refused;
        var bytes = JsonSerializer.SerializeToUtf8Bytes(data).Length;
        if (bytes > maxValueBytes)
            return VaultReply.OneError(500, $"put failed due to value being too large; got {bytes} bytes, max: {maxValueBytes} bytes");
        return Store(data, secret ?? (secrets[name] = new KvSecret(clock.GetUtcNow())));
    }

    private VaultReply Patch(VaultRequest request, KvSecret? secret)
    {
        if (secret is null || !secret.Versions.TryGetValue(secret.Current, out var current) || current is not { Data: not null, Deleted: null })
            return VaultReply.NotFound;
        if (RefuseByCas(request, secret) is { } refused)
            return refused;
        var data = current.Data.DeepClone().AsObject();
        foreach (var (key, value) in request.Body!["data"]!.AsObject())
            data[key] = value?.DeepClone();
        return Store(data, secret);
    }

    private VaultReply Store(JsonObject data, KvSecret secret)
    {
        secret.Add(data.DeepClone().AsObject(), clock.GetUtcNow(), maxVersions);
        return VaultReply.Data(secret.Describe(secret.Current, dialect));
    }

    private VaultReply? RefuseByCas(VaultRequest request, KvSecret? secret) => request.Body?["options"]?["cas"]?.GetValue<long>() switch
    {
        null when casRequired || secret?.CasRequired == true => VaultReply.Error(400, "check-and-set parameter required for this call"),
        { } cas when cas != (secret?.Current ?? 0) => VaultReply.Error(400, "check-and-set parameter did not match the current version"),
        _ => null,
    };

    private static VaultReply Change(KvSecret? secret, IEnumerable<long> numbers, Action<KvVersion> change)
    {
        foreach (var number in numbers)
            if (secret is not null && secret.Versions.TryGetValue(number, out var version))
                change(version);
        return VaultReply.NoContent;
    }

    private static IEnumerable<long> Numbers(VaultRequest request) => request.Body!["versions"]!.AsArray().Select(number => number!.GetValue<long>());

    private VaultReply List(string folder, VaultRequest request)
    {
        var prefix = folder.Length == 0 ? "" : folder.TrimEnd('/') + "/";
        var keys = secrets.Keys
            .Where(name => name.StartsWith(prefix, StringComparison.Ordinal))
            .Select(name => name[prefix.Length..])
            .Select(name => name.IndexOf('/', StringComparison.Ordinal) is var slash and >= 0 ? name[..(slash + 1)] : name)
            .Distinct(StringComparer.Ordinal)
            .Take(IsOpenBao && request.Query.TryGetValue("limit", out var limit) ? int.Parse(limit, CultureInfo.InvariantCulture) : int.MaxValue)
            .ToArray();
        return keys.Length == 0 ? VaultReply.NotFound : VaultReply.Data(new JsonObject { ["keys"] = new JsonArray([.. keys]) });
    }

    private VaultReply SetMetadata(VaultRequest request, string name, KvSecret? secret)
    {
        if (IsOpenBao && KvCustomMetadata.Refuse(request.Body?["custom_metadata"] as JsonObject) is { } refused)
            return refused;
        (secret ?? (secrets[name] = new KvSecret(clock.GetUtcNow()))).Configure(request, clock.GetUtcNow());
        return VaultReply.NoContent;
    }

    private VaultReply Forget(string name)
    {
        secrets.Remove(name);
        return VaultReply.NoContent;
    }

    private VaultReply SubKeys(KvSecret? secret)
    {
        if (secret is null || !secret.Versions.TryGetValue(secret.Current, out var version) || version.Data is null)
            return VaultReply.NotFound;
        var names = new JsonObject(version.Data.Select(value => KeyValuePair.Create<string, JsonNode?>(value.Key, null)));
        return VaultReply.Data(new JsonObject { ["metadata"] = secret.Describe(secret.Current, dialect), ["subkeys"] = names });
    }
}
