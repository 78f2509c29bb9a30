using System.Collections.Concurrent;
using System.Text.Json.Nodes;

namespace MtlsFunctions.Shared;

/// <summary>The entries of <see cref="KeyVaultServer"/>, with soft delete: a deleted name stays reserved, and a recovery takes a moment.</summary>
internal sealed class KeyVaultStore(KeyVaultServer server)
{
    private enum State
    {
        Live,
        Deleted,
        Recovering,
    }

    private readonly Lock turn = new();
    // The service doesn't tell upper case from lower case.
    private readonly Dictionary<string, Entry> entries = new(StringComparer.OrdinalIgnoreCase);

    public JsonObject Import(string name, JsonObject request)
    {
        var version = KeyVaultVersion.Import(server.Uri, name, request);
        lock (turn)
        {
            if (!entries.TryGetValue(name, out var entry))
                entries[name] = entry = new Entry();
            switch (entry.State)
            {
                case State.Deleted:
                    throw KeyVaultError.Conflict(
                        $"Certificate {name} is currently in a deleted but recoverable state, and its name cannot be reused; in this state, the certificate can only be recovered or purged.",
                        "ObjectIsDeletedButRecoverable");
                case State.Recovering:
                    entry.State = State.Live;
                    throw KeyVaultError.Conflict($"Certificate {name} is currently being recovered. Retry after recovery completes.", "ObjectIsBeingRecovered");
            }

            entry.Versions.Add(version);
            return version.Bundle(withPolicy: true);
        }
    }

    public JsonObject ListVersions(string name, string? skipToken, string apiVersion)
    {
        lock (turn)
        {
            // By their random names: the service promises no order either.
            var all = Live(name)?.Versions.OrderBy(version => version.Name, StringComparer.Ordinal).ToArray() ?? [];
            var from = skipToken is null ? 0 : int.Parse(skipToken, System.Globalization.CultureInfo.InvariantCulture);
            var next = from + server.PageSize;
            return new JsonObject
            {
                ["value"] = new JsonArray([.. all.Skip(from).Take(server.PageSize).Select(version => version.Item())]),
                ["nextLink"] = next < all.Length
                    ? $"{server.Uri}certificates/{name}/versions?api-version={apiVersion}&$skiptoken={next}&maxresults={server.PageSize}"
                    : null,
            };
        }
    }

    public JsonObject GetSecret(string name, string version)
    {
        lock (turn)
        {
            var found = Live(name)?.Versions.Find(one => one.Name == version) ?? throw KeyVaultError.NotFound(
                "SecretNotFound", $"A secret with (name/id) {name}/{version} was not found in this key vault. If you recently deleted this secret you may be able to recover it using the correct recovery command.");
            return found.Enabled
                ? found.Secret()
                : throw new KeyVaultError(403, "Forbidden", "Operation get is not allowed on a disabled secret.", "SecretDisabled");
        }
    }

    public KeyVaultVersion Find(string version)
    {
        lock (turn)
            return entries.Values.SelectMany(entry => entry.Versions).Single(one => one.Name == version);
    }

    public JsonObject Delete(string name)
    {
        lock (turn)
        {
            var entry = Live(name) ?? throw KeyVaultError.NotFound("CertificateNotFound", $"A certificate with (name/id) {name} was not found in this key vault.");
            entry.State = State.Deleted;
            var bundle = entry.Versions[^1].Bundle(withPolicy: true);
            bundle["recoveryId"] = $"{server.Uri}deletedcertificates/{name}";
            bundle["deletedDate"] = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds();
            bundle["scheduledPurgeDate"] = TimeProvider.System.GetUtcNow().AddDays(KeyVaultVersion.RecoverableDays).ToUnixTimeSeconds();
            return bundle;
        }
    }

    public JsonObject Recover(string name)
    {
        lock (turn)
        {
            var entry = Deleted(name);
            entry.State = State.Recovering;
            return entry.Versions[^1].Bundle(withPolicy: true);
        }
    }

    public JsonObject? Purge(string name)
    {
        lock (turn)
        {
            Deleted(name);
            if (server.PurgeProtection)
                throw new KeyVaultError(403, "Forbidden", "Operation \"purge\" is not enabled for this vault.");
            entries.Remove(name);
            return null;
        }
    }

    private Entry? Live(string name) => entries.TryGetValue(name, out var entry) && entry.State == State.Live ? entry : null;

    private Entry Deleted(string name) => entries.TryGetValue(name, out var entry) && entry.State == State.Deleted
        ? entry
        : throw KeyVaultError.NotFound("CertificateNotFound", $"Deleted Certificate not found: {name}");

    private sealed class Entry
    {
        public List<KeyVaultVersion> Versions { get; } = [];

        public State State { get; set; }
    }
}
