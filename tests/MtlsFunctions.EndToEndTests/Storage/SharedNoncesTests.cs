using Azure.Data.Tables;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using MtlsFunctions.LocalHost.Azurite;
using MtlsFunctions.Shared;
using MtlsFunctions.Storage;
using Polly.CircuitBreaker;

namespace MtlsFunctions.EndToEndTests.Storage;

/// <summary>Nonces that all instances see, at a real table service.</summary>
public sealed class SharedNoncesTests : IDisposable
{
    private static readonly DateTimeOffset BeforeMidnight = new(2026, 5, 1, 23, 59, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset AfterMidnight = BeforeMidnight.AddMinutes(2);

    private readonly FakeTimeProvider clock = new(BeforeMidnight);
    private readonly string prefix = $"t{Guid.NewGuid():N}";
    private readonly List<NonceTables> made = [];
    private readonly TableServiceClient service;
    private readonly SharedNonces one;
    private readonly SharedNonces other;

    public SharedNoncesTests(AzuriteFixture azurite)
    {
        service = new TableServiceClient(azurite.ConnectionString);
        (one, other) = (Make(service), Make(service));
    }

    [Fact]
    public async Task A_nonce_is_new_once_for_all_instances()
    {
        Assert.True(await AddAsync(one, BeforeMidnight, "a"));

        Assert.False(await AddAsync(one, BeforeMidnight, "a"));
        Assert.False(await AddAsync(other, BeforeMidnight, "a"));
        Assert.True(await AddAsync(other, BeforeMidnight, "b"));
        Assert.True(await AddAsync(other, BeforeMidnight, "a", key: "demo.2"));
    }

    [Fact]
    public async Task Of_many_at_once_one_is_the_first()
    {
        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(number => AddAsync(number % 2 == 0 ? one : other, BeforeMidnight, "a")));

        Assert.Single(answers, isNew => isNew);
    }

    [Fact]
    public async Task A_repeat_is_found_on_the_other_side_of_midnight_too()
    {
        Assert.True(await AddAsync(one, BeforeMidnight, "a"));
        Assert.True(await AddAsync(one, AfterMidnight, "a"));
        clock.SetUtcNow(AfterMidnight);

        Assert.False(await AddAsync(one, BeforeMidnight, "a"));
        Assert.False(await AddAsync(other, AfterMidnight, "a"));
        // By the moment, however its zone writes it.
        Assert.False(await AddAsync(other, AfterMidnight.ToOffset(TimeSpan.FromHours(-2)), "a"));
        Assert.Equal(["20260501", "20260502"], await DaysAsync());
    }

    [Fact]
    public async Task Tables_older_than_yesterday_go_with_the_first_nonce_of_a_day_however_long_nobody_called()
    {
        foreach (var table in new[] { "nonces20260401", "nonces20260401a", "nonces2026x501", "" })
            await service.CreateTableIfNotExistsAsync(prefix + table, TestContext.Current.CancellationToken);
        await AddAsync(one, BeforeMidnight, "a");
        // What only looks like one of them is somebody else's.
        Assert.Equal(["20260401a", "20260501", "2026x501"], await DaysAsync());
        clock.Advance(TimeSpan.FromDays(1));
        await AddAsync(one, clock.GetUtcNow(), "a");
        Assert.Equal(["20260401a", "20260501", "20260502", "2026x501"], await DaysAsync());

        clock.Advance(TimeSpan.FromDays(5));
        // All at once, as instances do.
        await Task.WhenAll(AddAsync(one, clock.GetUtcNow(), "a"), AddAsync(other, clock.GetUtcNow(), "b"));

        Assert.Equal(["20260401a", "20260507", "2026x501"], await DaysAsync());
    }

    [Fact]
    public async Task A_service_that_is_down_is_unavailable_and_not_a_replay()
    {
        var nowhere = Make(TableClients.Create(new StorageOptions { ConnectionString = AzuriteServer.ConnectionStringOf(1) }, null!));

        var fault = await Assert.ThrowsAsync<DependencyUnavailableException>(() => AddAsync(nowhere, BeforeMidnight, "a"));

        Assert.Equal(FailureKind.StorageUnavailable, fault.Kind);
    }

    [Fact]
    public async Task A_service_that_keeps_silent_is_not_waited_for_by_every_request()
    {
        await using var silent = new FaultyServer(Faults.Hang, certificate: null);
        var nonces = Make(TableClients.Create(new StorageOptions { ConnectionString = AzuriteServer.ConnectionStringOf(silent.Port) }, null!));
        for (var tried = 1; tried <= 2; tried++)
        {
            var waiting = AddAsync(nonces, BeforeMidnight, "a");
            clock.Advance(new StorageOptions().CallTimeout / 2);
            await Assert.ThrowsAsync<DependencyUnavailableException>(() => waiting);
        }

        // By what they fail on, because connections that were begun before may still arrive.
        for (var more = 1; more <= 5; more++)
        {
            var fault = await Assert.ThrowsAsync<DependencyUnavailableException>(() => AddAsync(nonces, BeforeMidnight, "a"));
            Assert.IsAssignableFrom<BrokenCircuitException>(fault.InnerException);
        }
    }

    public void Dispose() => made.ForEach(tables => tables.Dispose());

    private SharedNonces Make(TableServiceClient at)
    {
        var options = Options.Create(new StorageOptions { TableName = prefix });
        made.Add(new NonceTables(at, options, clock, NullLogger<NonceTables>.Instance));
        return new SharedNonces(made[^1], options, clock);
    }

    private static Task<bool> AddAsync(SharedNonces nonces, DateTimeOffset timestamp, string hash, string key = "demo.1") =>
        nonces.AddAsync(timestamp, key, hash, TestContext.Current.CancellationToken);

    /// <summary>What the names of our tables of nonces end with.</summary>
    private async Task<List<string>> DaysAsync()
    {
        var days = new List<string>();
        await foreach (var table in service.QueryAsync(cancellationToken: TestContext.Current.CancellationToken))
            if (table.Name.StartsWith(prefix + "nonces", StringComparison.Ordinal))
                days.Add(table.Name[(prefix.Length + "nonces".Length)..]);
        days.Sort(StringComparer.Ordinal);
        return days;
    }
}
