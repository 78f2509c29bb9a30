using Microsoft.Extensions.Diagnostics.Metrics.Testing;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using MtlsFunctions.Certificates;
using MtlsFunctions.Forwarding;
using MtlsFunctions.Shared;

namespace MtlsFunctions.Tests.Forwarding;

public sealed class HandlerCacheTests : IDisposable
{
    private readonly FakeTimeProvider clock = new(new DateTimeOffset(2026, 5, 1, 12, 0, 0, TimeSpan.Zero));
    private readonly ForwardingOptions options = new() { MaxHandlers = 20, HandlerIdleTimeout = TimeSpan.FromMinutes(10) };
    private readonly Meters meters = new();
    private readonly HandlerCache cache;

    public HandlerCacheTests() => cache = Cache();

    [Fact]
    public async Task The_second_one_finds_what_the_first_one_made()
    {
        var (first, wasWarm) = await UseAsync(Key(1), new Disposals());
        var (second, isWarm) = await UseAsync(Key(1), new Disposals());

        Assert.Same(first, second);
        Assert.Equal((false, true), (wasWarm, isWarm));
    }

    [Fact]
    public async Task Another_instance_of_the_process_finds_it_too()
    {
        var (first, _) = await UseAsync(Key(1), new Disposals());
        var found = The.Of(await Cache().RentAsync(Key(1), Never, TestContext.Current.CancellationToken));

        Assert.Same(first, found.Handler);
    }

    [Fact]
    public async Task Whatever_differs_in_the_key_is_another_handler()
    {
        HandlerKey[] keys =
        [
            Key(1), Key(2), Key(1) with { Thumbprint = "b" }, Key(1) with { Version = 2 }, Key(1) with { Account = The.Account("other") },
            Key(1) with { TrustedCa = "a" }, Key(1) with { TrustedCa = "b" },
            Key(1) with { CertificateId = null, Thumbprint = null }, new(options, The.Account("other"), null, null, 0, null), Key(1) with { Settings = new ForwardingOptions() },
        ];
        var handlers = new List<WarmHandler>();
        foreach (var key in keys)
            handlers.Add((await UseAsync(key, new Disposals())).Handler);

        Assert.Equal(keys.Length, handlers.Distinct().Count());
    }

    [Fact]
    public async Task Nothing_but_another_version_of_the_same_identity_stands_in()
    {
        var next = Key(1) with { Thumbprint = "b", Version = 2 };
        foreach (var stranger in new[] { Key(2), Key(1) with { Account = The.Account("other") }, Key(1) with { TrustedCa = "a" }, Key(1) with { Settings = new ForwardingOptions() } })
            await UseAsync(stranger, new Disposals());
        Assert.Null(cache.TryRentOtherVersion(next));

        var (old, _) = await UseAsync(Key(1), new Disposals());
        Assert.Same(old, cache.TryRentOtherVersion(next));
    }

    [Fact]
    public async Task However_many_ask_it_is_made_once()
    {
        var gate = new TaskCompletionSource<Outcome<WarmHandler>>(TaskCreationOptions.RunContinuationsAsynchronously);
        var made = 0;
        var asking = Enumerable.Range(0, 100).Select(_ => cache.RentAsync(Key(1), () =>
        {
            Interlocked.Increment(ref made);
            return gate.Task;
        }, TestContext.Current.CancellationToken).AsTask()).ToArray();
        gate.SetResult(Handler(new Disposals()));

        var handlers = (await Task.WhenAll(asking)).Select(rented => The.Of(rented).Handler).ToArray();

        Assert.Equal(1, made);
        Assert.Single(handlers.Distinct());
    }

    [Fact]
    public async Task One_who_loses_patience_leaves_the_others_waiting_for_the_same()
    {
        var gate = new TaskCompletionSource<Outcome<WarmHandler>>(TaskCreationOptions.RunContinuationsAsynchronously);
        using var impatience = new CancellationTokenSource();
        var impatient = cache.RentAsync(Key(1), () => gate.Task, impatience.Token).AsTask();
        var patient = cache.RentAsync(Key(1), Never, TestContext.Current.CancellationToken).AsTask();

        await impatience.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => impatient);
        gate.SetResult(Handler(new Disposals()));

        The.Of(await patient);
    }

    [Fact]
    public async Task A_failure_is_not_kept()
    {
        var failed = await cache.RentAsync(Key(1), () => Task.FromResult<Outcome<WarmHandler>>(new Failure(FailureKind.VaultEntryMissing, "Gone.")), TestContext.Current.CancellationToken);
        The.FailureOf(FailureKind.VaultEntryMissing, failed);
        await Assert.ThrowsAsync<DependencyUnavailableException>(async () => await cache.RentAsync(
            Key(1), () => throw new DependencyUnavailableException(FailureKind.VaultUnavailable, null!), TestContext.Current.CancellationToken));

        Assert.False((await UseAsync(Key(1), new Disposals())).Warm);
        Assert.True((await UseAsync(Key(1), new Disposals())).Warm);
    }

    [Fact]
    public async Task An_idle_one_ends_and_a_used_one_stays()
    {
        var (idle, used) = (new Disposals(), new Disposals());
        await UseAsync(Key(1), idle);
        await UseAsync(Key(2), used);
        for (var minute = 0; minute < 10; minute++)
        {
            clock.Advance(TimeSpan.FromMinutes(1));
            await UseAsync(Key(2), used);
        }

        clock.Advance(TimeSpan.FromMinutes(1));
        await UseAsync(Key(2), used);

        Assert.Equal((1, 0), (idle.Count, used.Count));
        Assert.False((await UseAsync(Key(1), new Disposals())).Warm);
    }

    [Fact]
    public async Task It_ends_when_its_certificate_does()
    {
        var (ending, other) = (new Disposals(), new Disposals());
        var notAfter = clock.GetUtcNow().AddMinutes(5);
        var client = new TestPki(clock).IssueClient(configure: issue => issue.NotAfter = notAfter);
        await UseAsync(Key(1), () => new WarmHandler(ending.Invoker(), new ClientCertificate(client.Certificate, [])));

        clock.SetUtcNow(notAfter.AddMinutes(-1));
        await UseAsync(Key(2), other);
        Assert.Equal(0, ending.Count);
        clock.SetUtcNow(notAfter);
        await UseAsync(Key(2), other);
        Assert.Equal((1, 0), (ending.Count, other.Count));
    }

    [Fact]
    public async Task Above_the_limit_the_least_recently_used_go_first()
    {
        var disposals = Enumerable.Range(0, options.MaxHandlers + 5).Select(_ => new Disposals()).ToArray();
        foreach (var (number, counter) in disposals.Index())
        {
            clock.Advance(TimeSpan.FromMilliseconds(1));
            await UseAsync(Key(number), counter);
            await UseAsync(Key(0), disposals[0]);
        }

        Assert.InRange(disposals.Count(counter => counter.Count == 0), 1, options.MaxHandlers + 1);
        Assert.Equal((0, 1, 0), (disposals[0].Count, disposals[1].Count, disposals[^1].Count));
    }

    [Fact]
    public async Task A_flood_of_one_account_leaves_the_handlers_of_another()
    {
        var quiet = Enumerable.Range(0, 5).Select(number => (Key: Key(number) with { Account = The.Account("quiet") }, Counter: new Disposals())).ToArray();
        foreach (var (key, counter) in quiet)
            await UseAsync(key, counter);
        clock.Advance(TimeSpan.FromMilliseconds(1));
        for (var number = 0; number < 10 * options.MaxHandlers; number++)
            await UseAsync(Key(1) with { TrustedCa = $"{number}" }, new Disposals());

        Assert.All(quiet, one => Assert.Equal(0, one.Counter.Count));
        foreach (var (key, counter) in quiet)
            Assert.True((await UseAsync(key, counter)).Warm);
    }

    [Fact]
    public async Task One_in_flight_is_retired_and_ends_with_its_user()
    {
        var inFlight = new Disposals();
        var rented = The.Of(await cache.RentAsync(Key(1), () => Task.FromResult<Outcome<WarmHandler>>(Handler(inFlight)), TestContext.Current.CancellationToken));
        clock.Advance(TimeSpan.FromMinutes(11));
        await UseAsync(Key(2), new Disposals());

        Assert.Equal(0, inFlight.Count);
        Assert.False((await UseAsync(Key(1), new Disposals())).Warm);
        rented.Handler.Leave();
        Assert.Equal(1, inFlight.Count);
    }

    [Fact]
    public async Task Hits_misses_and_why_a_handler_was_given_up_are_counted()
    {
        using var requests = Collect<long>("mtls.handler.requests");
        using var evictions = Collect<long>("mtls.handler.evictions");
        using var count = Collect<long>("mtls.handler.count");

        await UseAsync(Key(1), new Disposals());
        await UseAsync(Key(1), new Disposals());
        cache.TryRent(Key(1))!.Leave();
        Assert.Null(cache.TryRent(Key(2)));
        clock.Advance(TimeSpan.FromMinutes(11));
        for (var number = 2; number <= options.MaxHandlers + 2; number++)
            await UseAsync(Key(number), new Disposals());
        await UseAsync(Key(0), new Disposals());

        Assert.Equal(["miss", "hit", "hit", "miss"], Values(requests, "mtls.result").Take(4));
        Assert.Equal(["idle", "surplus"], Values(evictions, "mtls.handler.eviction.reason").Distinct());
        Assert.Equal(options.MaxHandlers + 3, count.GetMeasurementSnapshot().Count(one => one.Value == 1));
        Assert.Equal(evictions.GetMeasurementSnapshot().Count, count.GetMeasurementSnapshot().Count(one => one.Value == -1));
    }

    [Fact]
    public async Task The_days_that_a_certificate_in_use_has_left_are_told_now_and_then()
    {
        using var days = Collect<double>(Telemetry.DaysToExpiry);
        var client = new TestPki(clock).IssueClient(configure: issue => issue.NotAfter = clock.GetUtcNow().AddDays(30));
        await UseAsync(Key(7), () => new WarmHandler(new Disposals().Invoker(), new ClientCertificate(client.Certificate, [])));
        clock.Advance(TimeSpan.FromMinutes(2));
        await UseAsync(Key(7), new Disposals());

        var told = days.GetMeasurementSnapshot();
        Assert.All(told, one => Assert.InRange(one.Value, 29.9, 30));
        Assert.True(told.Count >= 2 && told[^1].Value < told[0].Value);
    }

    public void Dispose() => meters.Dispose();

    private HandlerCache Cache() => new(Options.Create(options), new HandlerMetrics(meters), new CertificateMetrics(meters, NullLogger<CertificateMetrics>.Instance, clock), clock);

    private MetricCollector<T> Collect<T>(string instrument)
        where T : struct => new(meters, Telemetry.Name, instrument);

    private static IEnumerable<object?> Values(MetricCollector<long> collector, string tag) => collector.GetMeasurementSnapshot().Select(one => one.Tags[tag]);

    private HandlerKey Key(long certificate) => new(options, The.Account(), certificate, "a", 1, null);

    private static WarmHandler Handler(Disposals disposals) => new(disposals.Invoker(), certificate: null);

    private static Task<Outcome<WarmHandler>> Never() => throw new InvalidOperationException("It is there already.");

    private Task<(WarmHandler Handler, bool Warm)> UseAsync(HandlerKey key, Disposals disposals) => UseAsync(key, () => Handler(disposals));

    private async Task<(WarmHandler Handler, bool Warm)> UseAsync(HandlerKey key, Func<WarmHandler> make)
    {
        var rented = The.Of(await cache.RentAsync(key, () => Task.FromResult<Outcome<WarmHandler>>(make()), TestContext.Current.CancellationToken));
        rented.Handler.Leave();
        return rented;
    }
}
