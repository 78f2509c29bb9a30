using System.Globalization;
using System.Net;

namespace MtlsFunctions.CertificateVaults.HashiCorp;

/// <summary>
/// Adds versions by check and set, so that stores of one name have one order however many instances try, and none is lost or
/// stored twice.
/// </summary>
internal sealed partial class VaultWriter(VaultClient client, IOptions<HashiCorpVaultOptions> options, ILogger<VaultWriter> log)
{
    // Others that can come first are other instances; this one's stores of a name wait for each other.
    private const int MaxTries = 10;

    private readonly SemaphoreSlim[] turns = [.. Enumerable.Range(0, 64).Select(_ => new SemaphoreSlim(1))];

    /// <returns>The new version's number.</returns>
    public async Task<Outcome<string>> WriteAsync(VaultEntry entry, StoredSecret secret, CancellationToken cancellation)
    {
        var turn = turns[(uint)entry.Name.GetHashCode(StringComparison.Ordinal) % turns.Length];
        await turn.WaitAsync(cancellation);
        try
        {
            for (var tries = 0; tries < MaxTries; tries++)
            {
                if (!(await TryWriteAsync(entry, secret, cancellation)).TryGet(out var version, out var failure))
                    return failure;
                if (version is { } stored)
                    return stored.ToString(CultureInfo.InvariantCulture);
            }
        }
        finally
        {
            turn.Release();
        }

        LogCrowded(entry.Account.Value, entry.Name, MaxTries);
        return VaultHttp.Unavailable;
    }

    /// <returns>The version; null when somebody else's came first.</returns>
    private async Task<Outcome<long?>> TryWriteAsync(VaultEntry entry, StoredSecret secret, CancellationToken cancellation)
    {
        var path = VaultPath.Data(options.Value, entry);
        if (!(await NewestAsync(entry, cancellation)).TryGet(out var newest, out var failure))
            return failure;
        var request = new WriteRequest(secret, new WriteOptions(newest));
        if (!(await client.PostAsync(path, request, VaultJson.Default.WriteRequest, cancellation)).TryGet(out var answer, out failure))
            return failure;
        if (answer is { IsSuccess: true, Body.Data.Version: { } written })
            return written;
        // The only mark of a lost race, and of a repetition whose first try was carried out, is that there is a newer version now.
        if (answer.Status != HttpStatusCode.BadRequest)
            return client.Refuse("POST", path, answer);
        if (!(await client.GetAsync($"{path}?version={newest + 1}", cancellation)).TryGet(out var next, out failure))
            return failure;
        if (StoredSecret.Read(next.Body.Data?.Data, entry)?.WriteId == secret.WriteId)
            return newest + 1;
        if (!(await NewestAsync(entry, cancellation)).TryGet(out var now, out failure))
            return failure;
        return now > newest ? (long?)null : client.Refuse("POST", path, answer);
    }

    /// <summary>The newest version's number, 0 without any; and the name's limit of versions is seen to.</summary>
    private async Task<Outcome<long>> NewestAsync(VaultEntry entry, CancellationToken cancellation)
    {
        var path = VaultPath.Metadata(options.Value, entry);
        if (!(await client.GetAsync(path, cancellation)).TryGet(out var answer, out var failure))
            return failure;
        if (answer.IsMissing)
            return 0;
        if (answer is not { IsSuccess: true, Body.Data: { } metadata })
            return client.Refuse("GET", path, answer);

        // With the first version the name has none of its own; the engine's is at least 1, so setting it before the second is in time.
        var most = options.Value.MaxVersions;
        if (metadata.MaxVersions != most)
        {
            var request = new MetadataRequest(most);
            if (!(await client.PostAsync(path, request, VaultJson.Default.MetadataRequest, cancellation)).TryGet(out answer, out failure))
                return failure;
            if (!answer.IsSuccess)
                return client.Refuse("POST", path, answer);
        }

        if (metadata.Versions?.Count >= most)
            LogOldestGoes(entry.Account.Value, entry.Name, most);
        return metadata.CurrentVersion;
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Vault entry {Entry} of account {Account} holds {Most} versions, its limit: storing another drops the oldest")]
    private partial void LogOldestGoes(string account, string entry, int most);

    [LoggerMessage(Level = LogLevel.Error, Message = "Vault entry {Entry} of account {Account} was being stored by others, {Tries} tries long")]
    private partial void LogCrowded(string account, string entry, int tries);
}
