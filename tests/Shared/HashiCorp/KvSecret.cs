using System.Globalization;
using System.Text.Json.Nodes;

namespace MtlsFunctions.Shared.HashiCorp;

/// <summary>One name of a KV version 2 engine: its settings and its versions.</summary>
internal sealed class KvSecret
{
    private const int DefaultMaxVersions = 10;

    public SortedDictionary<long, KvVersion> Versions { get; private set; } = [];

    public long Current { get; private set; }

    public long Oldest { get; private set; }

    public int MaxVersions { get; private set; }

    public bool CasRequired { get; private set; }

    public JsonObject? Custom { get; private set; }

    private readonly DateTimeOffset created;
    private int metadataVersion;
    private string deleteVersionAfter = "0s";
    private DateTimeOffset updated;

    public KvSecret(DateTimeOffset now) => created = updated = now;

    /// <summary>As it is now, whatever becomes of it.</summary>
    public KvSecret Clone()
    {
        var clone = (KvSecret)MemberwiseClone();
        clone.Versions = new(Versions.ToDictionary(version => version.Key, version => version.Value.Clone()));
        return clone;
    }

    /// <summary>Adds a version; when there are more than the larger of the name's and the engine's limit, the oldest are gone without a word.</summary>
    public KvVersion Add(JsonObject data, DateTimeOffset now, int engineMaxVersions)
    {
        Versions[++Current] = new KvVersion(data, now);
        updated = now;
        var most = Math.Max(MaxVersions, engineMaxVersions) is var set and > 0 ? set : DefaultMaxVersions;
        if (Current - Oldest < most)
            return Versions[Current];
        for (; Oldest <= Current - most; Oldest++)
            Versions.Remove(Oldest);
        return Versions[Current];
    }

    public void Configure(VaultRequest request, DateTimeOffset now)
    {
        MaxVersions = request.Body?["max_versions"]?.GetValue<int>() ?? MaxVersions;
        CasRequired = request.Body?["cas_required"]?.GetValue<bool>() ?? CasRequired;
        deleteVersionAfter = request.Body?["delete_version_after"]?.GetValue<string>() ?? deleteVersionAfter;
        if (request.Body?["custom_metadata"] is JsonObject custom)
            Custom = request.Method == "PATCH" && Custom is not null ? Merge(Custom, custom) : custom.DeepClone().AsObject();
        metadataVersion++;
        updated = now;
    }

    public JsonObject Metadata(VaultDialect dialect)
    {
        var versions = new JsonObject();
        foreach (var (number, version) in Versions)
            versions[number.ToString(CultureInfo.InvariantCulture)] = version.Describe();
        var metadata = new JsonObject
        {
            ["cas_required"] = CasRequired,
            ["created_time"] = VaultDuration.Instant(created),
            ["current_version"] = Current,
            ["delete_version_after"] = deleteVersionAfter,
            ["max_versions"] = MaxVersions,
            ["oldest_version"] = Oldest,
            ["updated_time"] = VaultDuration.Instant(updated),
            ["versions"] = versions,
        };
        if (dialect == VaultDialect.OpenBao26)
        {
            metadata["current_metadata_version"] = metadataVersion;
            metadata["custom_metadata"] = Custom?.DeepClone();
            metadata["metadata_cas_required"] = false;
        }

        return metadata;
    }

    /// <summary>What an answer says of one version.</summary>
    public JsonObject Describe(long number, VaultDialect dialect)
    {
        var described = Versions[number].Describe();
        if (dialect == VaultDialect.OpenBao26)
            described["custom_metadata"] = Custom?.DeepClone();
        described["version"] = number;
        return described;
    }

    private static JsonObject Merge(JsonObject old, JsonObject patch)
    {
        var merged = old.DeepClone().AsObject();
        foreach (var (name, value) in patch)
            merged[name] = value?.DeepClone();
        return merged;
    }
}

/// <summary>A version; its data is null once it is destroyed.</summary>
internal sealed class KvVersion(JsonObject data, DateTimeOffset created)
{
    public JsonObject? Data { get; private set; } = data;

    public DateTimeOffset? Deleted { get; set; }

    public void Destroy() => Data = null;

    public KvVersion Clone() => (KvVersion)MemberwiseClone();

    public JsonObject Describe() => new()
    {
        ["created_time"] = VaultDuration.Instant(created),
        ["deletion_time"] = Deleted is { } deleted ? VaultDuration.Instant(deleted) : "",
        ["destroyed"] = Data is null,
    };
}
