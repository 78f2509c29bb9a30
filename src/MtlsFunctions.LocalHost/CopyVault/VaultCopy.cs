using System.Collections.Concurrent;
using Azure.Data.Tables;

namespace MtlsFunctions.LocalHost.CopyVault;

/// <summary>
/// Copies a whole table and the keys that its rows name into another table and vault. It deletes nothing anywhere and can be
/// repeated: what an earlier run has copied is verified, what it has not is copied.
/// </summary>
public sealed class VaultCopy(VaultSide from, VaultSide to, Action<string> say)
{
    // Below what Key Vault imports in a second, with the time that each takes.
    private const int EntriesAtOnce = 4;
    private const int RowsAtOnce = 16;
    private const int SayEvery = 100;

    private readonly CopyCounts counts = new();

    /// <exception cref="LocalHostException">Both sides have the same table.</exception>
    public async Task<CopyCounts> RunAsync(CancellationToken cancellation)
    {
        if (from.Table.Uri == to.Table.Uri)
            throw new LocalHostException("Both sides have the same table: give the target another Storage__TableName, and the source stays as it is.");
        await to.Table.CreateIfNotExistsAsync(cancellation);
        var (owners, versions) = await CopyRowsAsync(cancellation);
        say($"{counts.Rows} rows copied; {owners.Length} entries of the vault follow.");

        var entries = new EntryCopy(from, to, counts, say);
        var done = 0;
        await Parallel.ForEachAsync(owners, Degree(EntriesAtOnce, cancellation), async (owner, token) =>
        {
            await entries.CopyAsync(owner, versions[EntryCopy.KeyOf(owner)], token);
            if (Interlocked.Increment(ref done) is var now && now % SayEvery == 0)
                say($"{now} of {owners.Length} entries.");
        });

        // Only a copy without failures knows how many rows of the target are its own.
        if (counts.Failed == 0)
            counts.Foreign = await CountAsync(cancellation) - counts.Rows;
        return counts;
    }

    /// <summary>All rows but those that name a version of the vault, which are given back.</summary>
    private async Task<(TableEntity[] Owners, ILookup<(string, string), TableEntity> Versions)> CopyRowsAsync(CancellationToken cancellation)
    {
        var (owners, versions) = (new ConcurrentQueue<TableEntity>(), new ConcurrentQueue<TableEntity>());
        await Parallel.ForEachAsync(from.Table.QueryAsync<TableEntity>(cancellationToken: cancellation), Degree(RowsAtOnce, cancellation), async (row, token) =>
        {
            if (EntryCopy.IsOwner(row))
            {
                owners.Enqueue(row);
            }
            else if (EntryCopy.IsVersion(row))
            {
                versions.Enqueue(row);
            }
            else
            {
                await to.Table.UpsertEntityAsync(row, TableUpdateMode.Replace, token);
                counts.AddRow();
            }
        });
        return ([.. owners], versions.ToLookup(EntryCopy.KeyOf));
    }

    private async Task<int> CountAsync(CancellationToken cancellation)
    {
        var rows = 0;
        await foreach (var _ in to.Table.QueryAsync<TableEntity>(select: ["PartitionKey"], cancellationToken: cancellation))
            rows++;
        return rows;
    }

    private static ParallelOptions Degree(int most, CancellationToken cancellation) => new() { MaxDegreeOfParallelism = most, CancellationToken = cancellation };
}
