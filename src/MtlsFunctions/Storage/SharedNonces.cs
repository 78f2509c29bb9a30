using System.Globalization;
using Azure;
using Azure.Data.Tables;
using Polly;
using Polly.CircuitBreaker;

namespace MtlsFunctions.Storage;

/// <summary>Nonces that all instances see; partitions by key and minute.</summary>
public sealed class SharedNonces(NonceTables tables, IOptions<StorageOptions> options, TimeProvider clock)
{
    // Every signed request waits for its insert: while the table is down, all but one probe now and then are told at once. Half of
    // what a call may take, because such a request may have waited for its account and may wait for what it asks for.
    private readonly ResiliencePipeline breaker = new ResiliencePipelineBuilder { TimeProvider = clock }
        .AddCircuitBreaker(new CircuitBreakerStrategyOptions
        {
            ShouldHandle = new PredicateBuilder().Handle<DependencyUnavailableException>(),
            FailureRatio = 0.5,
            MinimumThroughput = 2,
            SamplingDuration = TimeSpan.FromSeconds(2),
            BreakDuration = TimeSpan.FromSeconds(5),
        })
        .AddTimeout(options.Value.CallTimeout / 2)
        .Build();

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
        var table = await tables.OfAsync(timestamp, cancellation);
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
}
