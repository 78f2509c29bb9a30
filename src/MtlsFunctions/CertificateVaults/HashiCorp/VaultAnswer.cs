using System.Net;
using System.Text.Json;

namespace MtlsFunctions.CertificateVaults.HashiCorp;

/// <summary>An answer that the vault meant: neither an outage nor a refusal to talk at all.</summary>
internal sealed record VaultAnswer(HttpStatusCode Status, VaultBody Body)
{
    public bool IsSuccess => Status is HttpStatusCode.OK or HttpStatusCode.NoContent;

    /// <summary>
    /// The name or the version isn't there: 404 with no error in the list, or with a body that tells of a deletion. A 404 that
    /// lists an error means that the mount or the namespace is missing, which no upload repairs.
    /// </summary>
    public bool IsMissing => Status == HttpStatusCode.NotFound && Body.Errors is null or [];

    /// <summary>The vault has never heard of it, or this standby not yet: of a version that was taken away it would tell when.</summary>
    public bool IsUnheardOf => IsMissing && Body.Data is null;
}

/// <summary>The fields that we read, of all the answers together.</summary>
internal sealed record VaultBody
{
    public string[]? Errors { get; init; }

    public VaultAuth? Auth { get; init; }

    public VaultData? Data { get; init; }

    /// <summary>Health only.</summary>
    public bool? Initialized { get; init; }

    /// <summary>Health only.</summary>
    public bool? Sealed { get; init; }

    public override string ToString() => nameof(VaultBody);
}

/// <summary>A login or a renewal.</summary>
internal sealed record VaultAuth
{
    public string? ClientToken { get; init; }

    /// <summary>Seconds.</summary>
    public long LeaseDuration { get; init; }

    public bool Renewable { get; init; }

    /// <summary>Requests that the token is good for; 0 sets no limit, null where the vault is too old to say.</summary>
    public long? NumUses { get; init; }

    public override string ToString() => nameof(VaultAuth);
}

/// <summary>What stands under <c>data</c>: a secret, its metadata, the outcome of a write, or the description of a token or an engine.</summary>
internal sealed record VaultData
{
    /// <summary>The secret itself, as whoever wrote it formed it; null for a deleted version.</summary>
    public JsonElement? Data { get; init; }

    /// <summary>Of a write: the version that it made.</summary>
    public long? Version { get; init; }

    /// <summary>Of metadata: the newest version's number, deleted or not; 0 without any.</summary>
    public long CurrentVersion { get; init; }

    /// <summary>Of metadata: this name's own limit; 0 leaves it to the engine.</summary>
    public int MaxVersions { get; init; }

    public Dictionary<long, VaultVersion>? Versions { get; init; }

    /// <summary>Of a token: seconds left; 0 for one that doesn't expire.</summary>
    public long Ttl { get; init; }

    public bool Renewable { get; init; }

    /// <summary>Of a token: requests that are left; 0 sets no limit.</summary>
    public long NumUses { get; init; }

    /// <summary>Of an engine.</summary>
    public VaultEngineOptions? Options { get; init; }

    public override string ToString() => nameof(VaultData);
}

/// <param name="Version">Of a KV engine; version 1 may not say it.</param>
internal sealed record VaultEngineOptions(string? Version);

/// <summary>One version in an entry's metadata.</summary>
/// <param name="DeletionTime">Empty, or the time of its deletion, which may lie ahead.</param>
internal sealed record VaultVersion(string? DeletionTime, bool Destroyed)
{
    public bool IsReadableAt(DateTimeOffset now) =>
        !Destroyed && (string.IsNullOrEmpty(DeletionTime) || (DateTimeOffset.TryParse(DeletionTime, null, out var deletion) && deletion > now));
}
