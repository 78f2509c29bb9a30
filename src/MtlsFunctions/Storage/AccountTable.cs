using System.Security.Cryptography;
using Azure;
using Azure.Data.Tables;
using MtlsFunctions.Authorization;

namespace MtlsFunctions.Storage;

/// <summary>
/// The table, seen one account at a time: the account is the partition, so every invariant of an account can be one transaction.
/// </summary>
/// <remarks>Throws <see cref="DependencyUnavailableException"/> when the table service can't be reached; the gate makes a 503 of it.</remarks>
public sealed class AccountTable(TableClient table, IOptions<StorageOptions>? options = null) : IDisposable
{
    private const int Tries = 6;
    private const int LargestPage = 1000;

    private readonly long quota = (options?.Value ?? new StorageOptions()).MaxBytesPerAccount;

    // With the time that a call may take by itself this stays below the 10 s within which an outage must show.
    private static readonly TimeSpan LongestQueue = TimeSpan.FromSeconds(3);

    // Changes of one account by this instance wait for each other here instead of colliding at the table. Accounts share
    // stripes: memory stays bounded, and a stranger on the same stripe only waits.
    private readonly SemaphoreSlim[] stripes = [.. Enumerable.Range(0, 256).Select(_ => new SemaphoreSlim(1))];
    private readonly Lock sync = new();
    private Task creating = Task.CompletedTask;
    private volatile bool created;

    /// <summary>Raised after a change of this instance was committed, with the account's new revision.</summary>
    public event Action<AccountId, long>? Committed;

    public async Task<TRow?> FindAsync<TRow>(AccountId account, string rowKey, CancellationToken cancellation)
        where TRow : Row
    {
        await EnsureTableAsync(cancellation);
        return await TableCalls.CallAsync(async () =>
        {
            var found = await table.GetEntityIfExistsAsync<TRow>(account.Value, rowKey, cancellationToken: cancellation);
            return found.HasValue ? found.Value : null;
        }, cancellation);
    }

    /// <param name="where">A further condition, made by <see cref="TableClient.CreateQueryFilter(FormattableString)"/>.</param>
    /// <param name="columns">Null for all.</param>
    public async Task<List<TRow>> ListAsync<TRow>(
        AccountId account, string kind, CancellationToken cancellation, string? where = null, string[]? columns = null)
        where TRow : Row
    {
        await EnsureTableAsync(cancellation);
        var (from, to) = RowKeys.Range(kind);
        var filter = TableClient.CreateQueryFilter($"PartitionKey eq {account.Value} and RowKey ge {from} and RowKey lt {to}");
        if (where is not null)
            filter = $"{filter} and {where}";
        return await TableCalls.CallAsync(async () =>
        {
            var rows = new List<TRow>();
            await foreach (var row in table.QueryAsync<TRow>(filter, select: columns, cancellationToken: cancellation))
                rows.Add(row);
            return rows;
        }, cancellation);
    }

    /// <summary>Looks at the first <paramref name="most"/> rows of a kind one after the other, so that no more than a page of them is in memory.</summary>
    public async Task ScanAsync<TRow>(
        AccountId account, string kind, int most, string[] columns, Action<TRow> look, CancellationToken cancellation)
        where TRow : Row
    {
        await EnsureTableAsync(cancellation);
        var (from, to) = RowKeys.Range(kind);
        var filter = TableClient.CreateQueryFilter($"PartitionKey eq {account.Value} and RowKey ge {from} and RowKey lt {to}");
        await TableCalls.CallAsync(async () =>
        {
            var looked = 0;
            await foreach (var row in table.QueryAsync<TRow>(filter, LargestPage, columns, cancellation))
            {
                look(row);
                if (++looked == most)
                    break;
            }

            return looked;
        }, cancellation);
    }

    /// <summary>The first <paramref name="size"/> rows with keys in [<paramref name="from"/>, <paramref name="to"/>), in their order.</summary>
    public async Task<List<TRow>> PageAsync<TRow>(AccountId account, string from, string to, int size, CancellationToken cancellation)
        where TRow : Row
    {
        await EnsureTableAsync(cancellation);
        var filter = TableClient.CreateQueryFilter($"PartitionKey eq {account.Value} and RowKey ge {from} and RowKey lt {to}");
        return await TableCalls.CallAsync(async () =>
        {
            // The service's own pages are of 1,000 at most, and may be shorter without being the last.
            var rows = new List<TRow>();
            await foreach (var row in table.QueryAsync<TRow>(filter, Math.Min(size, LargestPage), cancellationToken: cancellation))
            {
                rows.Add(row);
                if (rows.Count == size)
                    break;
            }

            return rows;
        }, cancellation);
    }

    /// <summary>Adds a row that no forward depends on, so the account's revision stays.</summary>
    public async Task AppendAsync(Row row, CancellationToken cancellation)
    {
        await EnsureTableAsync(cancellation);
        await TableCalls.CallAsync(() => table.AddEntityAsync(row, cancellation), cancellation);
    }

    /// <summary>Writes a row that no forward depends on, whatever stands there.</summary>
    public async Task OverwriteAsync(Row row, CancellationToken cancellation)
    {
        await EnsureTableAsync(cancellation);
        await TableCalls.CallAsync(() => table.UpsertEntityAsync(row, TableUpdateMode.Replace, cancellation), cancellation);
    }

    public async Task<RevisionRow> RevisionAsync(AccountId account, CancellationToken cancellation) =>
        await FindAsync<RevisionRow>(account, RowKeys.Revision, cancellation) ?? new RevisionRow { PartitionKey = account.Value, RowKey = RowKeys.Revision };

    /// <summary>Plans and commits one change. When somebody else changed the account meanwhile, it is planned again, 5 times at most.</summary>
    /// <param name="plan">Reads what it needs, adds rows to the change, returns the value for the caller; a failure commits nothing.</param>
    public async Task<Outcome<T>> ChangeAsync<T>(
        AccountId account, Func<AccountChange, Task<Outcome<T>>> plan, CancellationToken cancellation)
    {
        await EnsureTableAsync(cancellation);
        var stripe = stripes[(uint)StringComparer.Ordinal.GetHashCode(account.Value) % stripes.Length];
        if (!await stripe.WaitAsync(LongestQueue, cancellation))
            return new Failure(FailureKind.StorageUnavailable, "Other changes of this account are still waiting for the table: try again in a moment.");
        try
        {
            for (var attempt = 1; attempt <= Tries; attempt++)
            {
                var change = new AccountChange(await RevisionAsync(account, cancellation));
                var planned = await plan(change);
                if (!planned.TryGet(out _, out _))
                    return planned;
                if (RefuseByQuota(change) is { } full)
                    return full;
                try
                {
                    await CommitAsync(change, cancellation);
                    Committed?.Invoke(account, change.Revision);
                    return planned;
                }
                catch (RequestFailedException fault) when (fault.Status is StatusCodes.Status409Conflict or StatusCodes.Status412PreconditionFailed)
                {
                    if (change.ConflictAt((fault as TableTransactionFailedException)?.FailedTransactionActionIndex) is { } taken)
                        return taken;
                }

                // Not by the clock that certificates and tokens go by: whoever was faster is done with it in real time.
                await Task.Delay(TimeSpan.FromMilliseconds(RandomNumberGenerator.GetInt32(10, 60) * attempt), cancellation);
            }

            return new Failure(FailureKind.Conflict, "Read the current state and try again.");
        }
        finally
        {
            stripe.Release();
        }
    }

    public void Dispose()
    {
        foreach (var stripe in stripes)
            stripe.Dispose();
    }

    private Failure? RefuseByQuota(AccountChange change)
    {
        var bytes = change.Before.Bytes + change.Growth;
        return change.Growth <= 0 || change.IgnoresQuota || bytes <= quota ? null : new Failure(
            FailureKind.QuotaExceeded,
            $"This would make {bytes:N0} bytes of certificates and mappings, and an account has {quota:N0}: delete some, or leave out what makes them large (trustedCa, long URLs).");
    }

    private async Task CommitAsync(AccountChange change, CancellationToken cancellation)
    {
        var revision = new RevisionRow { PartitionKey = change.Before.PartitionKey, RowKey = RowKeys.Revision, Value = change.Revision, ETag = change.Before.ETag };
        revision.Bytes = Math.Max(0, change.Before.Bytes + change.Growth);
        var step = change.Before.ETag == default
            ? new TableTransactionAction(TableTransactionActionType.Add, revision)
            : new TableTransactionAction(TableTransactionActionType.UpdateReplace, revision, revision.ETag);
        await TableCalls.CallAsync(() => table.SubmitTransactionAsync([.. change.Actions, step], cancellation), cancellation);
    }

    private async ValueTask EnsureTableAsync(CancellationToken cancellation)
    {
        if (!created)
            await CreateOnceAsync().WaitAsync(cancellation);
    }

    // One try for all who wait: behind a table that keeps silent they would wait for each other's, one after the other.
    private Task CreateOnceAsync()
    {
        lock (sync)
        {
            return creating.IsCompleted ? creating = CreateAsync() : creating;
        }
    }

    private async Task CreateAsync()
    {
        if (created)
            return;
        await TableCalls.CallAsync(() => table.CreateIfNotExistsAsync(CancellationToken.None), CancellationToken.None);
        created = true;
    }
}
