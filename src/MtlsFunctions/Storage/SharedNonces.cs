using System.Globalization;
using Azure;
using Azure.Data.Tables;

namespace MtlsFunctions.Storage;

/// <summary>Nonces in tables of their own, one a day, so that old ones go with their table; partitions by key and minute.</summary>
public sealed class SharedNonces(TableServiceClient service, IOptions<StorageOptions> options, TimeProvider clock) : IDisposable
{
    private readonly SemaphoreSlim creating = new(1);
    private volatile string? ready;

    /// <returns>False when it was there before.</returns>
    /// <exception cref="DependencyUnavailableException">The table can't be reached.</exception>
    public Task<bool> AddAsync(DateTimeOffset timestamp, string consumerKey, string hash, CancellationToken cancellation) =>
        TableCalls.CallAsync(async () =>
        {
            // By the request's own day, so that a repeat looks into the same table whenever it comes.
            var table = service.GetTableClient(await EnsureAsync(timestamp, cancellation));
            var minute = timestamp.ToUniversalTime().ToString("HHmm", CultureInfo.InvariantCulture);
            try
            {
                await table.AddEntityAsync(new TableEntity($"{minute}_{RowKeys.Of("key", consumerKey)}", hash), cancellation);
                return true;
            }
            catch (RequestFailedException fault) when (fault.Status == StatusCodes.Status409Conflict)
            {
                return false;
            }
        }, cancellation);

    public void Dispose() => creating.Dispose();

    private async Task<string> EnsureAsync(DateTimeOffset timestamp, CancellationToken cancellation)
    {
        var name = NameOf(timestamp);
        if (ready == name)
            return name;
        await creating.WaitAsync(cancellation);
        try
        {
            await service.CreateTableIfNotExistsAsync(name, cancellation);
            // Timestamps are refused long before their table is this old.
            await service.DeleteTableAsync(NameOf(clock.GetUtcNow().AddDays(-2)), cancellation);
            return ready = name;
        }
        finally
        {
            creating.Release();
        }
    }

    private string NameOf(DateTimeOffset day) =>
        options.Value.TableName + "nonces" + day.ToUniversalTime().ToString("yyyyMMdd", CultureInfo.InvariantCulture);
}
