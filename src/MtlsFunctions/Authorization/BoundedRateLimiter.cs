using System.Threading.RateLimiting;

namespace MtlsFunctions.Authorization;

/// <summary>
/// Token buckets by name, in bounded memory: names share 65,536 buckets by a hash that differs in every process, so a million
/// callers can't fill the memory, and nobody can choose whose bucket to share. Holds per instance.
/// </summary>
public sealed class BoundedRateLimiter : IDisposable
{
    private const uint Buckets = 65_536;

    private readonly PartitionedRateLimiter<string> limiter;

    public BoundedRateLimiter(TokenBucketRateLimiterOptions bucket)
    {
        // One timer replenishes all buckets; those that are full again are forgotten.
        bucket.AutoReplenishment = true;
        bucket.QueueLimit = 0;
        limiter = PartitionedRateLimiter.Create<string, uint>(
            name => RateLimitPartition.GetTokenBucketLimiter((uint)string.GetHashCode(name, StringComparison.Ordinal) % Buckets, _ => bucket));
    }

    /// <returns><see cref="FailureKind.Throttled"/> when the name's bucket is empty; null, and one token taken, when not.</returns>
    public Failure? Refuse(string name)
    {
        using var lease = limiter.AttemptAcquire(name);
        if (lease.IsAcquired)
            return null;
        var wait = lease.TryGetMetadata(MetadataName.RetryAfter, out var told) ? told : TimeSpan.FromSeconds(1);
        return new Failure(FailureKind.Throttled, "Wait as long as Retry-After says, then go on more slowly.") { RetryAfter = wait };
    }

    /// <returns>What <see cref="Refuse"/> would say; no token is taken from a bucket that has one.</returns>
    public Failure? RefuseNext(string name) =>
        // Asking for no token at all would succeed as soon as a part of one is there again.
        limiter.GetStatistics(name) is { CurrentAvailablePermits: > 0 } ? null : Refuse(name);

    public void Dispose() => limiter.Dispose();
}
