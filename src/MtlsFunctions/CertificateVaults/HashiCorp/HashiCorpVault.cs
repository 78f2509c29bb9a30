using System.Globalization;
using MtlsFunctions.Authorization;

namespace MtlsFunctions.CertificateVaults.HashiCorp;

/// <summary>
/// A KV version 2 engine of HashiCorp Vault or OpenBao: <c>{mount}/data/{folder}/{account}/{name}</c> holds a
/// <see cref="StoredSecret"/>, and its versions are ours. Deleting removes the name with everything under it.
/// </summary>
internal sealed partial class HashiCorpVault(
    VaultClient client, VaultWriter writer, VaultHealth health, OwnWrites writes, IOptions<HashiCorpVaultOptions> options, TimeProvider clock, ILogger<HashiCorpVault> log)
    : ICertificateVault
{
    /// <summary>Never stored: looking for it shows whether this app gets through to its folder.</summary>
    private static readonly VaultEntry Probe = new(AccountId.Gateway, "probe", OwnerId: 0);

    // Read here, so that wrong ones are refused before the first call even where no host validates them at start.
    private readonly HashiCorpVaultOptions settings = options.Value;

    private static Failure Missing { get; } =
        new(FailureKind.VaultEntryMissing, "Upload the certificate again: its key is no longer in the vault.");

    public Task<Outcome<string>> StoreAsync(VaultEntry entry, ReadOnlyMemory<byte> pkcs12, CancellationToken cancellation) =>
        InTimeAsync<string>(cancellation, async either =>
        {
            if (VaultEntry.RefuseSize(pkcs12) is { } tooLarge)
                return tooLarge;
            return await writer.WriteAsync(entry, StoredSecret.Of(entry, pkcs12), either);
        });

    public Task<Outcome<byte[]>> LoadAsync(VaultEntry entry, string version, CancellationToken cancellation) =>
        InTimeAsync<byte[]>(cancellation, async either =>
        {
            // Exactly as it was told: 0 would mean the newest.
            if (!long.TryParse(version, NumberStyles.None, CultureInfo.InvariantCulture, out var number) || number == 0 || Text(number) != version)
                return Missing;
            var path = VaultPath.Data(settings, entry);
            if (writes.Of(entry) is { IsDeletion: true })
                return Missing;
            var isYoung = writes.IsYoung(entry, number);
            if (!(await client.GetUntilAsync($"{path}?version={version}", found => !isYoung || !found.IsUnheardOf, either)).TryGet(out var answer, out var failure))
                return failure;
            if (!answer.IsSuccess)
                return answer.IsMissing ? Missing : client.Refuse("GET", path, answer);
            if (StoredSecret.Read(answer.Body.Data?.Data, entry) is { } secret)
                return secret.Pkcs12;
            LogUnreadable(entry.Account.Value, entry.Name, number);
            return Missing;
        });

    public Task<Outcome<string[]>> ListVersionsAsync(VaultEntry entry, CancellationToken cancellation) =>
        InTimeAsync<string[]>(cancellation, async either =>
        {
            var path = VaultPath.Metadata(settings, entry);
            var own = writes.Of(entry);
            if (own is { IsDeletion: true })
                return Array.Empty<string>();
            if (!(await client.GetUntilAsync(path, found => !(own?.Version > (found.Body.Data?.CurrentVersion ?? 0)), either)).TryGet(out var answer, out var failure))
                return failure;
            if (!answer.IsSuccess)
                return answer.IsMissing ? Array.Empty<string>() : client.Refuse("GET", path, answer);
            return (answer.Body.Data?.Versions ?? [])
                .Where(version => version.Value.IsReadableAt(clock.GetUtcNow()))
                .Select(version => version.Key).OrderDescending().Select(Text).ToArray();
        });

    public Task<Outcome<bool>> DeleteAsync(VaultEntry entry, CancellationToken cancellation) =>
        InTimeAsync<bool>(cancellation, async either =>
        {
            var path = VaultPath.Metadata(settings, entry);
            if (!(await client.DeleteAsync(path, either)).TryGet(out var answer, out var failure))
                return failure;
            if (answer is { IsSuccess: false, IsMissing: false })
                return client.Refuse("DELETE", path, answer);
            writes.NoteDeleted(entry);
            return true;
        });

    /// <summary>The vault says that it is up, its engine is the right one, and it lets this app look into its folder.</summary>
    public async Task<bool> IsReachableAsync(CancellationToken cancellation)
    {
        var reached = await InTimeAsync<bool>(cancellation, async either =>
            await health.IsUpAsync(either)
            && await health.RefuseAsync(either) is null
            && (await client.GetAsync(VaultPath.Metadata(settings, Probe), either)).TryGet(out var answer, out _)
            && (answer.IsSuccess || answer.IsMissing));
        return reached.TryGet(out var isUp, out _) && isUp;
    }

    private async Task<Outcome<T>> InTimeAsync<T>(CancellationToken cancellation, Func<CancellationToken, Task<Outcome<T>>> work)
    {
        cancellation.ThrowIfCancellationRequested();
        using var patience = new CancellationTokenSource(settings.Timeout, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellation, patience.Token);
        try
        {
            return await work(either.Token);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            LogTooSlow(settings.Timeout);
            return VaultHttp.Unavailable;
        }
    }

    private static string Text(long version) => version.ToString(CultureInfo.InvariantCulture);

    [LoggerMessage(Level = LogLevel.Error, Message = "Version {Version} of vault entry {Entry} of account {Account} is not in a shape that this app writes")]
    private partial void LogUnreadable(string account, string entry, long version);

    [LoggerMessage(Level = LogLevel.Warning, Message = "A call of the vault was given up after {Timeout}")]
    private partial void LogTooSlow(TimeSpan timeout);
}
