using System.Collections.Concurrent;
using System.Globalization;
using Azure;
using Azure.Data.Tables;

namespace MtlsFunctions.Storage;

/// <summary>Nonces have tables of their own, one a day, so that old ones go with their table.</summary>
public sealed partial class NonceTables(
    TableServiceClient service, IOptions<StorageOptions> options, TimeProvider clock, ILogger<NonceTables> log) : IDisposable
{
    private const string DayFormat = "yyyyMMdd";

    private readonly SemaphoreSlim creating = new(1);

    // One more a day. Around midnight two are in use.
    private readonly ConcurrentDictionary<string, TableClient> ready = new(StringComparer.Ordinal);

    private string Prefix => options.Value.TableName + "nonces";

    /// <summary>The table of that day, made when it is missing.</summary>
    public async ValueTask<TableClient> OfAsync(DateTimeOffset day, CancellationToken cancellation)
    {
        var name = NameOf(day);
        if (ready.TryGetValue(name, out var table))
            return table;
        await creating.WaitAsync(cancellation);
        try
        {
            if (ready.TryGetValue(name, out table))
                return table;
            await service.CreateTableIfNotExistsAsync(name, cancellation);
            await SweepAsync(cancellation);
            return ready[name] = service.GetTableClient(name);
        }
        finally
        {
            creating.Release();
        }
    }

    public void Dispose() => creating.Dispose();

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
