using System.Collections.Concurrent;
using System.Globalization;
using Azure;
using Azure.Data.Tables;

namespace MtlsFunctions.Storage;

/// <summary>Nonces in tables of their own, one a day, so that old ones go with their table; partitions by key and minute.</summary>
public sealed partial class SharedNonces(
    TableServiceClient service, IOptions<StorageOptions> options, TimeProvider clock, ILogger<SharedNonces> log) : IDisposable
{
    private const string DayFormat = "yyyyMMdd";

    private readonly SemaphoreSlim creating = new(1);
    // Two at most matter at any time; one more a day.
    private readonly ConcurrentDictionary<string, bool> ready = new(StringComparer.Ordinal);

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

    private string Prefix => options.Value.TableName + "nonces";

    private async Task<string> EnsureAsync(DateTimeOffset timestamp, CancellationToken cancellation)
    {
        var name = NameOf(timestamp);
        if (ready.ContainsKey(name))
            return name;
        await creating.WaitAsync(cancellation);
        try
        {
            if (ready.ContainsKey(name))
                return name;
            await service.CreateTableIfNotExistsAsync(name, cancellation);
            ready[name] = true;
            await SweepAsync(cancellation);
            return name;
        }
        finally
        {
            creating.Release();
        }
    }

    // Timestamps are refused long before their table is as old as that. All older ones, because nobody may have called for days.
    private async Task SweepAsync(CancellationToken cancellation)
    {
        try
        {
            var end = NameOf(clock.GetUtcNow().AddDays(-1));
            await foreach (var table in service.QueryAsync(
                TableClient.CreateQueryFilter($"TableName ge {Prefix} and TableName lt {end}"), cancellationToken: cancellation))
            {
                if (DateTime.TryParseExact(table.Name.AsSpan(Prefix.Length), DayFormat, CultureInfo.InvariantCulture, DateTimeStyles.None, out _))
                    await service.DeleteTableAsync(table.Name, cancellation);
            }
        }
        catch (RequestFailedException fault)
        {
            // Another instance may be at it; the next day tries again.
            LogNotSwept(fault);
        }
    }

    private string NameOf(DateTimeOffset day) => Prefix + day.ToUniversalTime().ToString(DayFormat, CultureInfo.InvariantCulture);

    [LoggerMessage(Level = LogLevel.Information, Message = "Old tables of nonces could not be deleted now")]
    private partial void LogNotSwept(Exception fault);
}
