using System.Collections.Concurrent;
using MtlsFunctions.Authorization;
using MtlsFunctions.Storage;

namespace MtlsFunctions.Mappings;

/// <summary>
/// What forward and check see of the mappings: look-ups, absence included, remembered together with the account's revision at
/// which they were made. A warm look-up costs no call; see docs/decisions.md, "The runtime view".
/// </summary>
public sealed partial class RuntimeView
{
    private const int Looks = 3;

    private readonly AccountTable table;
    private readonly AccountRevisions revisions;
    private readonly MappingMetrics metrics;
    private readonly ILogger log;
    private readonly FairCache<Key, Remembered> lookups;
    private readonly ConcurrentDictionary<(Key Key, long Revision), Task<Resolution>> underWay = new();

    public RuntimeView(AccountTable table, AccountRevisions revisions, IOptions<RuntimeOptions> options, MappingMetrics metrics, ILogger<RuntimeView> log)
    {
        this.table = table;
        this.revisions = revisions;
        this.metrics = metrics;
        this.log = log;
        lookups = new FairCache<Key, Remembered>(options.Value.MaxEntries);
    }

    /// <exception cref="DependencyUnavailableException">The table is down, and nothing is known that may be used instead.</exception>
    public async ValueTask<Resolution> ResolveAsync(AccountId account, ServiceName service, TargetUrl url, CancellationToken cancellation)
    {
        var (revision, current) = await revisions.GetAsync(account, cancellation);
        var key = new Key(account, service, url.Canonical);
        var known = lookups.Find(key);
        if (known?.Revision == revision && MayUse(known, current))
        {
            metrics.Known(current);
            return known.Resolution;
        }

        try
        {
            var found = await LookUpOnceAsync(key, url, revision).WaitAsync(cancellation);
            metrics.Read();
            return found;
        }
        catch (DependencyUnavailableException) when (known is not null && MayUse(known, current: false))
        {
            metrics.Known(current: false);
            LogStale(account.Value, known.Resolution.Mapping!.Id);
            return known.Resolution;
        }
    }

    // A mapping may outlive its confirmation during an outage. Its absence may not: somebody may have mapped a certificate
    // since, and a forward without it would be a silent downgrade.
    private static bool MayUse(Remembered known, bool current) => current || known.Resolution.Mapping is not null;

    // Shared by all who ask at the same revision; whoever knows of a later change starts a look-up of their own.
    private async Task<Resolution> LookUpOnceAsync(Key key, TargetUrl url, long revision)
    {
        var mine = new TaskCompletionSource<Resolution>(TaskCreationOptions.RunContinuationsAsynchronously);
        var running = underWay.GetOrAdd((key, revision), mine.Task);
        if (running != mine.Task)
            return await running;
        try
        {
            // Bounded by the table client's own time-outs, not by one of many callers' patience.
            var found = await LookUpAsync(key.Account, MappingKey.Of(key.Service, url));
            lookups.Set(
                key, key.Account.Value, new Remembered(found, revision), FairShare.WeightOf(key.Url, found.Mapping?.Url, found.Mapping?.TrustedCa));
            mine.SetResult(found);
            return found;
        }
        catch (Exception fault)
        {
            mine.SetException(fault);
            _ = mine.Task.Exception;
            throw;
        }
        finally
        {
            underWay.TryRemove((key, revision), out _);
        }
    }

    // Three reads aren't one: a change in between shows as rows that don't belong together, and it is looked again. What never
    // fits is no absence either, because that would send a request without the certificate that somebody mapped.
    private async Task<Resolution> LookUpAsync(AccountId account, string mappingKey)
    {
        for (var look = 1; ; look++)
        {
            if (await FindAsync<OwnerRow>(account, mappingKey) is not { } owner)
                return Resolution.NotMapped;
            if (await FindAsync<MappingRow>(account, MappingRow.KeyOf(owner.Id)) is { } mapping && MappingKey.Of(mapping) == mappingKey)
            {
                if (!mapping.Enabled)
                    return Resolution.NotMapped;
                var certificate = await FindAsync<CertificateRow>(account, CertificateRow.KeyOf(mapping.CertificateId));
                if (certificate is not null || look == Looks)
                    return new Resolution(mapping, certificate);
            }
            else if (look == Looks)
            {
                throw new DependencyUnavailableException(
                    FailureKind.StorageUnavailable, new InvalidOperationException($"The rows of a mapping of account {account} don't fit together."));
            }
        }
    }

    private Task<TRow?> FindAsync<TRow>(AccountId account, string key)
        where TRow : Row => table.FindAsync<TRow>(account, key, CancellationToken.None);

    private sealed record Key(AccountId Account, ServiceName Service, string Url);

    private sealed record Remembered(Resolution Resolution, long Revision);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The table is down: account {Account} goes on with mapping {MappingId} as it was known before")]
    private partial void LogStale(string account, long mappingId);
}
