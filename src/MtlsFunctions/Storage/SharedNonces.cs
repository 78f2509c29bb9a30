using System.Globalization;
using Azure;
using Azure.Data.Tables;
using Polly;
using Polly.CircuitBreaker;

namespace MtlsFunctions.Storage;

/// <summary>Nonces in tables of their own, one a day, so that old ones go with their table; partitions by key and minute.</summary>
public sealed class SharedNonces(TableServiceClient service, IOptions<StorageOptions> options, TimeProvider clock) : IDisposable
{
    // Every signed request waits for its insert: while the table is down, all but one probe now and then are told at once.
    private readonly ResiliencePipeline breaker = new ResiliencePipelineBuilder { TimeProvider = clock }
        .AddCircuitBreaker(new CircuitBreakerStrategyOptions
        {
            ShouldHandle = new PredicateBuilder().Handle<DependencyUnavailableException>(),
            FailureRatio = 0.5,
            MinimumThroughput = 2,
            SamplingDuration = TimeSpan.FromSeconds(2),
            BreakDuration = TimeSpan.FromSeconds(5),
        })
        .AddTimeout(options.Value.CallTimeout)
        .Build();

    private readonly SemaphoreSlim creating = new(1);
    private volatile string? ready;

    /// <returns>False when it was there before.</returns>
    /// <exception cref="DependencyUnavailableException">The table can't be reached.</exception>
    public async Task<bool> AddAsync(DateTimeOffset timestamp, string consumerKey, string hash, CancellationToken cancellation)
    {
        try
        {
            return await breaker.ExecuteAsync(
                async bounded => await TableCalls.CallAsync(() => InsertAsync(timestamp, consumerKey, hash, bounded), cancellation), cancellation);
        }
        catch (BrokenCircuitException fault)
        {
            throw new DependencyUnavailableException(FailureKind.StorageUnavailable, fault);
        }
    }

    private async Task<bool> InsertAsync(DateTimeOffset timestamp, string consumerKey, string hash, CancellationToken cancellation)
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
    }

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
