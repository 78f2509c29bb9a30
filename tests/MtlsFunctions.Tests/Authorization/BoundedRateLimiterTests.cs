using System.Threading.RateLimiting;
using MtlsFunctions.Authorization;

namespace MtlsFunctions.Tests.Authorization;

public sealed class BoundedRateLimiterTests
{
    private const int Buckets = 65_536;

    [Fact]
    public void A_million_names_have_65536_buckets_between_them()
    {
        // A bucket that lets one through, ever, can be counted from outside.
        using var limiter = new BoundedRateLimiter(new TokenBucketRateLimiterOptions
        {
            TokenLimit = 1,
            TokensPerPeriod = 1,
            ReplenishmentPeriod = TimeSpan.FromDays(1),
        });

        var letThrough = Enumerable.Range(0, 1_000_000).Count(name => limiter.Refuse($"{name}") is null);

        // All of them are in use: nobody is shut out by an uneven spread.
        Assert.InRange(letThrough, Buckets - 10, Buckets);
    }
}
