using Azure.Data.Tables;
using MtlsFunctions.Authorization;
using MtlsFunctions.Authorization.OAuth;
using MtlsFunctions.Storage;

namespace MtlsFunctions.EndToEndTests.Storage;

/// <summary>Changes of one account by two instances, at a real table.</summary>
public sealed class AccountTableTests : IDisposable
{
    private static readonly AccountId Account = ConsumerKey.Parse("demo.1")!.Value.Account;
    private static readonly Failure Taken = new(FailureKind.NameTaken, "taken");

    private readonly AccountTable one;
    private readonly AccountTable other;

    public AccountTableTests(AzuriteFixture azurite)
    {
        var client = new TableServiceClient(azurite.ConnectionString).GetTableClient($"t{Guid.NewGuid():N}");
        (one, other) = (new AccountTable(client), new AccountTable(client));
    }

    [Fact]
    public async Task A_change_is_planned_again_when_somebody_else_has_changed_the_account_meanwhile()
    {
        var (planned, told) = (0, 0L);
        one.Committed += (_, revision) => told = revision;

        var outcome = await one.ChangeAsync<int>(Account, async change =>
        {
            if (++planned == 1)
                await AddAsync(other, "theirs");
            change.Insert(Row("ours"));
            return (await ListAsync()).Count;
        }, TestContext.Current.CancellationToken);

        // What the second plan read is what it was committed on.
        Assert.True(outcome.TryGet(out var seen, out _) && seen == 1);
        Assert.Equal((2, 2L), (planned, told));
        Assert.Equal(["ours", "theirs"], await ListAsync());
    }

    [Fact]
    public async Task A_change_that_never_gets_its_turn_is_a_conflict_after_six_plans_and_leaves_nothing()
    {
        var planned = 0;

        var outcome = await one.ChangeAsync<int>(Account, async change =>
        {
            await AddAsync(other, $"theirs {++planned}");
            change.Insert(Row("ours"));
            return 0;
        }, TestContext.Current.CancellationToken);

        Assert.True(!outcome.TryGet(out _, out var failure) && failure.Kind == FailureKind.Conflict);
        Assert.Equal(6, planned);
        Assert.DoesNotContain("ours", await ListAsync());
    }

    [Fact]
    public async Task Changes_of_two_instances_at_once_lose_nothing()
    {
        const int changes = 16;

        var outcomes = await Task.WhenAll(Enumerable.Range(0, changes).Select(number => AddAsync(number % 2 == 0 ? one : other, $"{number}")));

        var done = Enumerable.Range(0, changes).Where(number => outcomes[number].TryGet(out _, out _)).Select(number => $"{number}");
        Assert.NotEmpty(done);
        Assert.Equal(done.Order(StringComparer.Ordinal), await ListAsync());
        Assert.Equal(done.Count(), (await one.RevisionAsync(Account, TestContext.Current.CancellationToken)).Value);
        Assert.All(outcomes, outcome => Assert.True(outcome.TryGet(out _, out var failure) || failure.Kind is FailureKind.Conflict or FailureKind.StorageUnavailable));
    }

    [Fact]
    public async Task A_plan_that_fails_commits_nothing_and_is_not_repeated()
    {
        var planned = 0;

        var outcome = await one.ChangeAsync<int>(Account, change =>
        {
            planned++;
            change.Insert(Row("ours"));
            return Task.FromResult<Outcome<int>>(new Failure(FailureKind.NotFound, ""));
        }, TestContext.Current.CancellationToken);

        Assert.False(outcome.TryGet(out _, out _));
        Assert.Equal((1, 0L), (planned, (await one.RevisionAsync(Account, TestContext.Current.CancellationToken)).Value));
        Assert.Empty(await ListAsync());
    }

    [Fact]
    public async Task A_key_that_is_taken_is_told_as_such_and_nothing_of_the_change_is_stored()
    {
        await AddAsync(other, "name");

        var outcome = await one.ChangeAsync<int>(Account, change =>
        {
            change.Insert(Row("first"));
            change.Insert(Row("name"), Taken);
            return Task.FromResult<Outcome<int>>(0);
        }, TestContext.Current.CancellationToken);

        Assert.True(!outcome.TryGet(out _, out var failure) && failure == Taken);
        Assert.Equal(["name"], await ListAsync());
    }

    [Fact]
    public async Task A_row_that_changed_since_it_was_read_is_not_overwritten()
    {
        await AddAsync(one, "row");
        var planned = 0;

        var outcome = await one.ChangeAsync<string>(Account, async change =>
        {
            var row = (await one.FindAsync<AuditRow>(Account, "audit_row", TestContext.Current.CancellationToken))!;
            if (++planned == 1)
                await EditAsync(row.Action + " theirs");
            row.Action += " ours";
            change.Replace(row);
            return row.Action;
        }, TestContext.Current.CancellationToken);

        Assert.True(outcome.TryGet(out var action, out _));
        Assert.Equal("row theirs ours", action);
    }

    [Fact]
    public async Task Accounts_do_not_see_each_other()
    {
        var stranger = ConsumerKey.Parse("stranger.1")!.Value.Account;
        await AddAsync(one, "row");

        Assert.Empty(await one.ListAsync<AuditRow>(stranger, RowKinds.Audit, TestContext.Current.CancellationToken));
        Assert.Null(await one.FindAsync<AuditRow>(stranger, "audit_row", TestContext.Current.CancellationToken));
        Assert.Equal(0, (await one.RevisionAsync(stranger, TestContext.Current.CancellationToken)).Value);
    }

    public void Dispose()
    {
        one.Dispose();
        other.Dispose();
    }

    private static AuditRow Row(string name) => new() { PartitionKey = Account.Value, RowKey = $"audit_{name}", Action = name };

    private static Task<Outcome<int>> AddAsync(AccountTable table, string name) => table.ChangeAsync<int>(Account, change =>
    {
        change.Insert(Row(name));
        return Task.FromResult<Outcome<int>>(0);
    }, TestContext.Current.CancellationToken);

    private async Task EditAsync(string action) => Assert.True((await other.ChangeAsync<int>(Account, async change =>
    {
        var row = (await other.FindAsync<AuditRow>(Account, "audit_row", TestContext.Current.CancellationToken))!;
        row.Action = action;
        change.Replace(row);
        return 0;
    }, TestContext.Current.CancellationToken)).TryGet(out _, out _));

    private async Task<List<string>> ListAsync() =>
        [.. (await other.ListAsync<AuditRow>(Account, RowKinds.Audit, TestContext.Current.CancellationToken)).Select(row => row.Action)];
}
