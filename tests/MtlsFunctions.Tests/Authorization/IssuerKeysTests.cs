using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Microsoft.IdentityModel.Tokens;
using MtlsFunctions.Authorization;
using MtlsFunctions.Shared;

namespace MtlsFunctions.Tests.Authorization;

/// <summary>When keys are fetched, and when not, from a real issuer.</summary>
public sealed class IssuerKeysTests : IAsyncLifetime
{
    private static readonly TimeSpan RefetchInterval = TimeSpan.FromSeconds(30);

    private readonly FakeTimeProvider clock = new();
    private readonly HttpClient http = new();
    private TokenIssuer issuer = null!;
    private IssuerKeys keys = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        issuer = await TokenIssuer.StartAsync(clock);
        keys = new IssuerKeys(Verifier.Trusted(issuer), http, clock, NullLogger.Instance);
    }

    public async ValueTask DisposeAsync()
    {
        keys.Dispose();
        http.Dispose();
        await issuer.DisposeAsync();
    }

    [Fact]
    public async Task Keys_are_fetched_when_they_are_first_needed_and_kept_for_their_lifetime()
    {
        Assert.Equal(0, issuer.MetadataRequests);

        var first = await GetAsync();
        Assert.Equal(issuer.KeyId, Assert.Single(first).KeyId);
        clock.Advance(TimeSpan.FromHours(12));
        Assert.Same(first, await GetAsync());
        Assert.Equal(1, issuer.KeyRequests);

        clock.Advance(TimeSpan.FromSeconds(1));
        Assert.NotSame(first, await GetAsync());
        Assert.Equal(2, issuer.KeyRequests);
    }

    [Fact]
    public async Task However_many_callers_come_at_once_the_keys_are_fetched_once()
    {
        var all = await Task.WhenAll(Enumerable.Range(0, 200).Select(_ => Task.Run(GetAsync, Cancellation)));

        Assert.All(all, found => Assert.Same(all[0], found));
        Assert.Equal((1, 1), (issuer.MetadataRequests, issuer.KeyRequests));
    }

    [Fact]
    public async Task However_many_callers_miss_a_key_at_once_the_keys_are_fetched_once()
    {
        var known = await GetAsync();
        issuer.RotateKeys();
        clock.Advance(RefetchInterval);

        var all = await Task.WhenAll(Enumerable.Range(0, 200).Select(_ => Task.Run(() => GetNewerAsync(known), Cancellation)));

        Assert.All(all, found => Assert.Equal(issuer.KeyId, Assert.Single(found).KeyId));
        Assert.Equal(2, issuer.KeyRequests);
    }

    [Fact]
    public async Task Unknown_keys_cause_one_fetch_in_an_interval_at_most()
    {
        var known = await GetAsync();
        for (var second = 0; second < 300; second++)
        {
            clock.Advance(TimeSpan.FromSeconds(1));
            known = await GetNewerAsync(known);
        }

        Assert.Equal(1 + (300 / 30), issuer.KeyRequests);
    }

    [Fact]
    public async Task Whoever_holds_older_keys_than_the_current_ones_gets_those_without_a_fetch()
    {
        var old = await GetAsync();
        clock.Advance(RefetchInterval);
        var current = await GetNewerAsync(old);
        clock.Advance(RefetchInterval);

        Assert.Same(current, await GetNewerAsync(old));
        Assert.Equal(2, issuer.KeyRequests);
    }

    [Fact]
    public async Task A_failed_fetch_keeps_the_keys_that_are_there()
    {
        var known = await GetAsync();
        issuer.Down = true;

        clock.Advance(RefetchInterval);
        Assert.Same(known, await GetNewerAsync(known));
        clock.Advance(TimeSpan.FromDays(30));
        Assert.Same(known, await GetAsync());

        issuer.Down = false;
        issuer.RotateKeys();
        clock.Advance(RefetchInterval);
        Assert.Equal(issuer.KeyId, Assert.Single(await GetAsync()).KeyId);
    }

    [Fact]
    public async Task An_issuer_that_was_never_reached_is_tried_again_after_the_interval_and_not_before()
    {
        issuer.Down = true;
        Assert.Null(await keys.GetAsync(Cancellation));
        var tried = issuer.MetadataRequests;

        issuer.Down = false;
        clock.Advance(RefetchInterval - TimeSpan.FromSeconds(1));
        Assert.Null(await keys.GetAsync(Cancellation));
        Assert.Equal(tried, issuer.MetadataRequests);

        clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(issuer.KeyId, Assert.Single(await GetAsync()).KeyId);
    }

    [Fact]
    public async Task Keys_past_their_lifetime_are_not_asked_for_by_every_request_while_the_issuer_is_down()
    {
        await GetAsync();
        issuer.Down = true;
        clock.Advance(TimeSpan.FromHours(13));
        await GetAsync();
        var tried = issuer.MetadataRequests;

        for (var again = 0; again < 20; again++)
            await GetAsync();

        Assert.Equal(tried, issuer.MetadataRequests);
    }

    private async Task<IReadOnlyCollection<SecurityKey>> GetAsync() => Found(await keys.GetAsync(Cancellation));

    private async Task<IReadOnlyCollection<SecurityKey>> GetNewerAsync(IReadOnlyCollection<SecurityKey> known) =>
        Found(await keys.GetNewerThanAsync(known, Cancellation));

    private static IReadOnlyCollection<SecurityKey> Found(IReadOnlyCollection<SecurityKey>? keys)
    {
        Assert.NotNull(keys);
        return keys;
    }
}
