using System.Collections.Concurrent;
using Microsoft.Extensions.Caching.Memory;
using MtlsFunctions.Authorization;
using MtlsFunctions.Storage;

namespace MtlsFunctions.Mappings;

/// <summary>
/// What forward and check see of the mappings: look-ups, absence included, remembered together with the account's revision at
/// which they were made. A warm look-up costs no call; see docs/decisions.md, "The runtime view".
/// </summary>
public sealed partial class RuntimeView : IDisposable
{
    private readonly AccountTable table;
    private readonly RuntimeOptions options;
    private readonly TimeProvider clock;
    private readonly ILogger log;
    private readonly MemoryCache accounts;
    private readonly MemoryCache lookups;
    private readonly ConcurrentDictionary<(Key Key, long Revision), Task<Resolution>> underWay = new();

    public RuntimeView(AccountTable table, IOptions<RuntimeOptions> options, TimeProvider clock, ILogger<RuntimeView> log)
    {
        this.table = table;
        this.options = options.Value;
        this.clock = clock;
        this.log = log;
        accounts = new MemoryCache(new MemoryCacheOptions { SizeLimit = this.options.MaxAccounts });
        lookups = new MemoryCache(new MemoryCacheOptions { SizeLimit = this.options.MaxEntries });
        table.Committed += Advance;
    }

    /// <exception cref="DependencyUnavailableException">The table is down, and nothing is known that may be used instead.</exception>
    public async ValueTask<Resolution> ResolveAsync(AccountId account, ServiceName service, TargetUrl url, CancellationToken cancellation)
    {
        var (revision, current) = await FreshnessOf(account).GetAsync(cancellation);
        var key = new Key(account, service, url.Canonical);
        var known = lookups.Get<Remembered>(key);
        if (known?.Revision == revision && MayUse(known, current))
            return known.Resolution;
        try
        {
            return await LookUpOnceAsync(key, url, revision).WaitAsync(cancellation);
        }
        catch (DependencyUnavailableException) when (known is not null && MayUse(known, current: false))
        {
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
            lookups.Set(key, new Remembered(found, revision), new MemoryCacheEntryOptions { Size = 1 });
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

    private async Task<Resolution> LookUpAsync(AccountId account, string mappingKey)
    {
        if (await table.FindAsync<OwnerRow>(account, mappingKey, CancellationToken.None) is not { } owner)
            return Resolution.NotMapped;
        if (await table.FindAsync<MappingRow>(account, MappingRow.KeyOf(owner.Id), CancellationToken.None) is not { Enabled: true } mapping)
            return Resolution.NotMapped;
        return new Resolution(mapping, await table.FindAsync<CertificateRow>(account, CertificateRow.KeyOf(mapping.CertificateId), CancellationToken.None));
    }

    private async Task<long> ReadRevisionAsync(AccountId account)
    {
        try
        {
            return (await table.RevisionAsync(account, CancellationToken.None)).Value;
        }
        catch (DependencyUnavailableException fault)
        {
            LogLookFailed(fault, account.Value);
            throw;
        }
    }

    private AccountFreshness FreshnessOf(AccountId account) =>
        accounts.TryGetValue(account, out AccountFreshness? known) && known is not null ? known : Add(account);

    private AccountFreshness Add(AccountId account)
    {
        lock (accounts)
        {
            return accounts.GetOrCreate(account, entry =>
            {
                entry.Size = 1;
                return new AccountFreshness(() => ReadRevisionAsync(account), options, clock);
            })!;
        }
    }

    private void Advance(AccountId account, long revision)
    {
        if (accounts.TryGetValue(account, out AccountFreshness? known))
            known?.Advance(revision);
    }

    public void Dispose()
    {
        table.Committed -= Advance;
        accounts.Dispose();
        lookups.Dispose();
    }

    private sealed record Key(AccountId Account, ServiceName Service, string Url);

    private sealed record Remembered(Resolution Resolution, long Revision);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The table is down: account {Account} goes on with mapping {MappingId} as it was known before")]
    private partial void LogStale(string account, long mappingId);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The revision of account {Account} could not be read")]
    private partial void LogLookFailed(Exception fault, string account);
}
