using Microsoft.Extensions.Options;
using MtlsFunctions.Authorization;

namespace MtlsFunctions.Tests.Authorization;

/// <summary>An account has a share of an instance, and no more.</summary>
public sealed class RequestsUnderWayTests
{
    private static readonly AccountId Demo = AccountId.FromCredential("demo")!;
    private static readonly AccountId Other = AccountId.FromCredential("other")!;

    [Theory]
    [InlineData(100, null, 25)]
    [InlineData(40, null, 10)]
    [InlineData(2, null, 1)]
    [InlineData(100, 3, 3)]
    public void The_ceiling_is_a_quarter_of_the_instance_unless_it_is_set(int instance, int? set, int ceiling)
    {
        var requests = new RequestsUnderWay(Options.Create(new GatewayLimits { ConcurrentRequests = instance, ConcurrentRequestsPerAccount = set }));
        for (var number = 0; number < ceiling; number++)
            Assert.True(requests.Enter(Demo).TryGet(out _, out _));

        Assert.False(requests.Enter(Demo).TryGet(out _, out var failure));

        Assert.Equal((FailureKind.Busy, TimeSpan.FromSeconds(1)), (failure.Kind, failure.RetryAfter));
        Assert.True(requests.Enter(Other).TryGet(out _, out _));
    }

    [Fact]
    public void A_place_is_free_again_once_and_nothing_is_kept_of_those_who_have_gone()
    {
        var requests = new RequestsUnderWay(Options.Create(new GatewayLimits { ConcurrentRequestsPerAccount = 2 }));
        Assert.True(requests.Enter(Demo).TryGet(out var first, out _));
        Assert.True(requests.Enter(Demo).TryGet(out var second, out _));
        first.Dispose();
        first.Dispose();

        Assert.True(requests.Enter(Demo).TryGet(out var third, out _));
        Assert.False(requests.Enter(Demo).TryGet(out _, out _));

        second.Dispose();
        third.Dispose();
        Assert.Equal(0, requests.Accounts);
    }

    [Fact]
    public async Task However_many_come_at_once_the_count_holds()
    {
        var requests = new RequestsUnderWay(Options.Create(new GatewayLimits { ConcurrentRequestsPerAccount = 5 }));
        var (inside, most) = (0, 0);
        await Parallel.ForEachAsync(Enumerable.Range(0, 10_000), async (_, _) =>
        {
            if (!requests.Enter(Demo).TryGet(out var place, out var _))
                return;
            InterlockedMax(ref most, Interlocked.Increment(ref inside));
            await Task.Yield();
            Interlocked.Decrement(ref inside);
            place.Dispose();
        });
        Assert.InRange(most, 1, 5);
        Assert.Equal(0, requests.Accounts);
    }

    private static void InterlockedMax(ref int most, int value)
    {
        int seen;
        while ((seen = Volatile.Read(ref most)) < value)
            Interlocked.CompareExchange(ref most, value, seen);
    }
}
