using System.Globalization;
using System.Net;

namespace MtlsFunctions.CertificateVaults.HashiCorp;

/// <summary>
/// Adds versions by check and set, so that stores of one name have one order however many instances try, and none is lost or
/// stored twice.
/// </summary>
internal sealed partial class VaultWriter(
    VaultClient client, VaultHealth health, OwnWrites writes, IOptions<HashiCorpVaultOptions> options, ILogger<VaultWriter> log)
{
    // Others that can come first are other instances; this one's stores of a name wait for each other.
    private const int MaxTries = 50;

    private readonly SemaphoreSlim[] turns = [.. Enumerable.Range(0, 64).Select(_ => new SemaphoreSlim(1))];

    /// <returns>The new version's number.</returns>
    public async Task<Outcome<string>> WriteAsync(VaultEntry entry, StoredSecret secret, CancellationToken cancellation)
    {
        var path = VaultPath.Data(options.Value, entry);
        var turn = turns[(uint)entry.Name.GetHashCode(StringComparison.Ordinal) % turns.Length];
        await turn.WaitAsync(cancellation);
        try
        {
            // Before a key leaves: an engine of version 1 would take it and keep it.
            if (!health.IsKnownFit && await health.RefuseAsync(cancellation) is { } unfit)
                return unfit;
            for (var tries = 0; tries < MaxTries; tries++)
            {
                if (!(await TryWriteAsync(entry, path, secret, mustLook: tries > 0, cancellation)).TryGet(out var version, out var failure))
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
    private async Task<Outcome<long?>> TryWriteAsync(VaultEntry entry, string path, StoredSecret secret, bool mustLook, CancellationToken cancellation)
    {
        if (!(await NewestAsync(entry, mustLook, cancellation)).TryGet(out var newest, out var failure))
            return failure;
        var request = new WriteRequest(secret, new WriteOptions(newest));
        if (!(await client.PostAsync(path, request, VaultJson.Default.WriteRequest, cancellation)).TryGet(out var answer, out failure))
            return failure;
        if (answer is { IsSuccess: true, Body.Data.Version: { } written })
            return Noted(entry, written);
        if (answer.Status == HttpStatusCode.NoContent)
            return await TakeBackAsync(path, cancellation);
        if (answer.Status != HttpStatusCode.BadRequest)
            return client.Refuse("POST", path, answer);

        // The only mark of a lost race, and of a repetition whose first try was carried out, is the version that came instead.
        if (!(await client.GetUntilAsync($"{path}?version={newest + 1}", found => !found.IsUnheardOf, cancellation)).TryGet(out var next, out failure))
            return failure;
        if (!next.IsUnheardOf)
        {
            Noted(entry, newest + 1);
            return StoredSecret.Read(next.Body.Data?.Data, entry)?.WriteId == secret.WriteId ? newest + 1 : (long?)null;
        }

        // None came. Others may have dropped it since, or the vault counts anew after somebody has removed or restored it.
        writes.Forget(entry);
        if (!(await NewestAsync(entry, mustLook: true, cancellation)).TryGet(out var now, out failure))
            return failure;
        return now != newest ? (long?)null : client.Refuse("POST", path, answer);
    }

    /// <summary>The newest version's number, 0 without any; and the name's limit of versions is seen to.</summary>
    private async Task<Outcome<long>> NewestAsync(VaultEntry entry, bool mustLook, CancellationToken cancellation)
    {
        var path = VaultPath.Metadata(options.Value, entry);
        var most = options.Value.MaxVersions;
        var own = writes.Of(entry) ?? new OwnWrite(0, IsBounded: false);
        var (newest, held, isBounded) = (own.Version, own.Version, own.IsBounded);
        if (mustLook || writes.Of(entry) is null)
        {
            if (!(await client.GetAsync(path, cancellation)).TryGet(out var looked, out var failure))
                return failure;
            if (looked is { IsSuccess: true, Body.Data: { } metadata })
            {
                newest = Math.Max(newest, metadata.CurrentVersion);
                held = (metadata.Versions?.Count ?? 0) + newest - metadata.CurrentVersion;
                isBounded |= metadata.MaxVersions == most;
            }
            else if (!looked.IsMissing)
            {
                return client.Refuse("GET", path, looked);
            }
        }

        if (newest == 0)
            return newest;
        // With the first version the name has none of its own; the engine's is at least 1, so setting it before the second is in time.
        if (!isBounded)
        {
            var request = new MetadataRequest(most);
            if (!(await client.PostAsync(path, request, VaultJson.Default.MetadataRequest, cancellation)).TryGet(out var answer, out var failure))
                return failure;
            if (!answer.IsSuccess)
                return client.Refuse("POST", path, answer);
        }

        if (held >= most)
            LogOldestGoes(entry.Account.Value, entry.Name, most);
        writes.Note(entry, newest, isBounded: true);
        return newest;
    }

    private long Noted(VaultEntry entry, long version)
    {
        writes.Note(entry, version, writes.Of(entry) is { IsBounded: true });
        return version;
    }

    /// <summary>
    /// An answer without a version is of an engine of version 1, where the key lies now, and no policy for version 2 lets us delete it:
    /// nothing is written over it, and then it is deleted if that is allowed.
    /// </summary>
    private async Task<Failure> TakeBackAsync(string path, CancellationToken cancellation)
    {
        var emptied = await client.PostAsync(path, new EmptiedSecret(), VaultJson.Default.EmptiedSecret, cancellation);
        if (!emptied.TryGet(out var answer, out _) || !answer.IsSuccess)
            LogLeft(path);
        else
            await client.DiscardAsync(path, cancellation);
        return health.RefuseEngine();
    }

    [LoggerMessage(Level = LogLevel.Critical, Message = "A private key was written to {Path} of an engine without versions, and could not be removed: remove it")]
    private partial void LogLeft(string path);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Vault entry {Entry} of account {Account} holds {Most} versions, its limit: storing another drops the oldest")]
    private partial void LogOldestGoes(string account, string entry, int most);

    [LoggerMessage(Level = LogLevel.Error, Message = "Vault entry {Entry} of account {Account} was being stored by others, {Tries} tries long")]
    private partial void LogCrowded(string account, string entry, int tries);
}
