using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using MtlsFunctions.Authorization;
using MtlsFunctions.Certificates;
using MtlsFunctions.CertificateVaults;
using MtlsFunctions.Storage;

namespace MtlsFunctions.Accounts;

/// <summary>
/// The gateway's own keys: rows in its own partition, private parts in the vault, in the form of self-signed certificates, which
/// every vault can hold. All instances use the same ones; whoever needs a new one first makes it for all.
/// </summary>
public sealed partial class GatewayKeys(AccountTable table, ICertificateVault vault, TimeProvider clock, ILogger<GatewayKeys> log)
{
    private readonly ConcurrentDictionary<long, Lazy<Task<Outcome<X509Certificate2>>>> loaded = new();

    /// <returns>Newest first.</returns>
    /// <exception cref="DependencyUnavailableException">The table is down.</exception>
    public async Task<GatewayKeyRow[]> ListAsync(string purpose, CancellationToken cancellation) =>
    [
        .. (await table.ListAsync<GatewayKeyRow>(AccountId.Gateway, RowKinds.GatewayKey, cancellation))
            .Where(row => row.Purpose == purpose).OrderByDescending(row => row.Created),
    ];

    /// <summary>The newest key of the purpose, made when there is none, the vault has lost it, or it is older than <paramref name="lifetime"/>.</summary>
    /// <param name="makeKey">Makes a certificate request for a new key; the key belongs to the caller of the factory.</param>
    public async Task<Outcome<GatewayKeyRow>> CurrentAsync(
        string purpose, TimeSpan lifetime, Func<(AsymmetricAlgorithm Key, CertificateRequest Request)> makeKey, CancellationToken cancellation)
    {
        if (!(await FindCurrentAsync(purpose, lifetime, cancellation)).TryGet(out var current, out var failure))
            return failure;
        return current ?? await MakeAsync(purpose, lifetime, makeKey);
    }

    // Finished even if the caller has gone: others wait for the same key.
    private async Task<Outcome<GatewayKeyRow>> MakeAsync(
        string purpose, TimeSpan lifetime, Func<(AsymmetricAlgorithm Key, CertificateRequest Request)> makeKey)
    {
        var id = Ids.Next();
        var entry = new VaultEntry(AccountId.Gateway, VaultEntry.NewName(), id);
        var (key, request) = makeKey();
        using var owned = key;
        using var certificate = request.CreateSelfSigned(clock.GetUtcNow().AddDays(-1), clock.GetUtcNow().AddYears(20));
        using var stored = new ClientCertificate(certificate, []);
        if (!(await vault.StoreAsync(entry, stored.ToPkcs12(), CancellationToken.None)).TryGet(out var version, out var failure))
            return failure;
        var isUsed = false;
        try
        {
            var chosen = await InsertAsync(lifetime, new GatewayKeyRow
            {
                PartitionKey = AccountId.Gateway.Value,
                RowKey = GatewayKeyRow.KeyOf(id),
                Id = id,
                Purpose = purpose,
                VaultName = entry.Name,
                VaultVersion = version,
                Thumbprint = stored.Thumbprint,
                Created = clock.GetUtcNow(),
            });
            isUsed = chosen.TryGet(out var winner, out _) && winner.VaultName == entry.Name;
            return chosen;
        }
        finally
        {
            // Should the row be there after all, its answer lost, then its key counts as lost too, and is replaced.
            if (!isUsed)
                await vault.DeleteAsync(entry, CancellationToken.None);
        }
    }

    private Task<Outcome<GatewayKeyRow>> InsertAsync(TimeSpan lifetime, GatewayKeyRow row) =>
        table.ChangeAsync<GatewayKeyRow>(AccountId.Gateway, async change =>
        {
            // Another instance may have made one meanwhile.
            if (!(await FindCurrentAsync(row.Purpose, lifetime, CancellationToken.None)).TryGet(out var others, out var failure))
                return failure;
            if (others is null)
                change.Insert(row);
            return others ?? row;
        }, CancellationToken.None);

    /// <summary>The newest one that is young enough and still in the vault: what the vault has lost can serve nobody again.</summary>
    private async Task<Outcome<GatewayKeyRow?>> FindCurrentAsync(string purpose, TimeSpan lifetime, CancellationToken cancellation)
    {
        foreach (var row in await ListAsync(purpose, cancellation))
        {
            if (lifetime != TimeSpan.MaxValue && clock.GetUtcNow() - row.Created >= lifetime)
                break;
            if ((await LoadAsync(row)).TryGet(out _, out var failure))
                return row;
            if (failure.Kind != FailureKind.VaultEntryMissing)
                return failure;
            LogLost(purpose, row.Id);
        }

        return default(GatewayKeyRow);
    }

    /// <summary>The private key of a row, loaded once.</summary>
    public async Task<Outcome<X509Certificate2>> LoadAsync(GatewayKeyRow row)
    {
        var loading = loaded.GetOrAdd(row.Id, _ => new Lazy<Task<Outcome<X509Certificate2>>>(() => LoadAfreshAsync(row)));
        var isLoaded = false;
        try
        {
            var outcome = await loading.Value;
            isLoaded = outcome.TryGet(out _, out _);
            return outcome;
        }
        finally
        {
            // Whatever went wrong, the next one tries again.
            if (!isLoaded)
                loaded.TryRemove(KeyValuePair.Create(row.Id, loading));
        }
    }

    private async Task<Outcome<X509Certificate2>> LoadAfreshAsync(GatewayKeyRow row)
    {
        var pkcs12 = await vault.LoadAsync(
            new VaultEntry(AccountId.Gateway, row.VaultName, row.Id) { StoredAt = row.Created }, row.VaultVersion, CancellationToken.None);
        if (!pkcs12.TryGet(out var bytes, out var failure))
            return failure;
        try
        {
            var found = ClientCertificate.FromVault(bytes);
            // Rows from before thumbprints were kept name none.
            if (row.Thumbprint.Length == 0 || found.Thumbprint == row.Thumbprint)
                return found.Leaf;
            found.Dispose();
            return new Failure(FailureKind.VaultEntryMissing, "The vault holds another key in its place.");
        }
        catch (CryptographicException fault)
        {
            LogUnreadable(fault, row.Id);
            return new Failure(FailureKind.VaultEntryMissing, "What the vault holds for this key can't be read.");
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "The vault has lost gateway key {Id} for {Purpose}; a new one takes its place")]
    private partial void LogLost(string purpose, long id);

    [LoggerMessage(Level = LogLevel.Error, Message = "The vault holds something unreadable for gateway key {Id}")]
    private partial void LogUnreadable(Exception fault, long id);
}
