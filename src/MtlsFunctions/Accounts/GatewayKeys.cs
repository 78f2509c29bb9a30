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
public sealed class GatewayKeys(AccountTable table, ICertificateVault vault, TimeProvider clock)
{
    private readonly ConcurrentDictionary<long, Lazy<Task<Outcome<X509Certificate2>>>> loaded = new();

    /// <returns>Newest first.</returns>
    /// <exception cref="DependencyUnavailableException">The table is down.</exception>
    public async Task<GatewayKeyRow[]> ListAsync(string purpose, CancellationToken cancellation) =>
    [
        .. (await table.ListAsync<GatewayKeyRow>(AccountId.Gateway, RowKinds.GatewayKey, cancellation))
            .Where(row => row.Purpose == purpose).OrderByDescending(row => row.Created),
    ];

    /// <summary>The newest key of the purpose, made when there is none or it is older than <paramref name="lifetime"/>.</summary>
    /// <param name="makeKey">Makes a certificate request for a new key; the key belongs to the caller of the factory.</param>
    public async Task<Outcome<GatewayKeyRow>> CurrentAsync(
        string purpose, TimeSpan lifetime, Func<(AsymmetricAlgorithm Key, CertificateRequest Request)> makeKey, CancellationToken cancellation)
    {
        if (Current(await ListAsync(purpose, cancellation), lifetime) is { } current)
            return current;

        var id = Ids.Next();
        var entry = new VaultEntry(AccountId.Gateway, VaultEntry.NewName(), id);
        var (key, request) = makeKey();
        using var owned = key;
        using var certificate = request.CreateSelfSigned(clock.GetUtcNow().AddDays(-1), clock.GetUtcNow().AddYears(20));
        using var stored = new ClientCertificate(certificate, []);
        if (!(await vault.StoreAsync(entry, stored.ToPkcs12(), cancellation)).TryGet(out var version, out var failure))
            return failure;
        var chosen = await table.ChangeAsync<GatewayKeyRow>(AccountId.Gateway, async change =>
        {
            // Another instance may have made one meanwhile.
            if (Current(await ListAsync(purpose, cancellation), lifetime) is { } others)
                return others;
            var row = new GatewayKeyRow
            {
                PartitionKey = AccountId.Gateway.Value,
                RowKey = GatewayKeyRow.KeyOf(id),
                Id = id,
                Purpose = purpose,
                VaultName = entry.Name,
                VaultVersion = version,
                Created = clock.GetUtcNow(),
            };
            change.Insert(row);
            return row;
        }, cancellation);
        if (!chosen.TryGet(out var winner, out _) || winner.VaultName != entry.Name)
            await vault.DeleteAsync(entry, CancellationToken.None);
        return chosen;
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
        var pkcs12 = await vault.LoadAsync(new VaultEntry(AccountId.Gateway, row.VaultName, row.Id), row.VaultVersion, CancellationToken.None);
        return pkcs12.TryGet(out var bytes, out var failure) ? ClientCertificate.FromVault(bytes).Leaf : failure;
    }

    private GatewayKeyRow? Current(GatewayKeyRow[] newestFirst, TimeSpan lifetime) =>
        newestFirst.FirstOrDefault(row => lifetime == TimeSpan.MaxValue || clock.GetUtcNow() - row.Created < lifetime);
}
