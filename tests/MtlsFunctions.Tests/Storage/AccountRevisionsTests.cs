using MtlsFunctions.Storage;

namespace MtlsFunctions.Tests.Storage;

/// <summary>What an instance knows of an account's changes, and how long a request waits to know more.</summary>
public sealed class AccountRevisionsTests : IDisposable
{
    private static readonly TimeSpan RefreshInterval = new RuntimeOptions().RefreshInterval;
    private static readonly TimeSpan PastLag = new RuntimeOptions().MaxLag + TimeSpan.FromSeconds(1);

    private readonly RevisionTable table = new();

    [Fact]
    public async Task A_revision_is_read_once_and_then_known()
    {
        Assert.Equal((1, true), await table.GetAsync());
        table.Clock.Advance(RefreshInterval - TimeSpan.FromTicks(1));

        Assert.Equal((1, true), await table.GetAsync());

        Assert.Equal(1, table.Reads);
    }

    [Fact]
    public async Task It_is_looked_at_again_beside_a_request_that_does_not_wait()
    {
        await table.GetAsync();
        var held = new TaskCompletionSource();
        (table.Held, table.Value) = (held.Task, 2);
        table.Clock.Advance(RefreshInterval);

        var during = table.GetAsync();

        Assert.True(during.IsCompletedSuccessfully);
        Assert.Equal((1, true), await during);
        // One look at a time, however many ask.
        await table.GetAsync();
        Assert.Equal(2, table.Reads);
        held.SetResult();
        Assert.Equal((2, true), await table.GetAsync());
    }

    [Fact]
    public async Task Past_the_allowed_lag_a_request_waits_for_the_look()
    {
        await table.GetAsync();
        var held = new TaskCompletionSource();
        (table.Held, table.Value) = (held.Task, 2);
        table.Clock.Advance(PastLag);

        var waiting = table.GetAsync();

        Assert.False(waiting.IsCompleted);
        held.SetResult();
        Assert.Equal((2, true), await waiting);
    }

    [Fact]
    public async Task It_waits_two_seconds_at_most_and_then_uses_what_is_known_as_not_current()
    {
        await table.GetAsync();
        (table.Held, table.Value) = (new TaskCompletionSource().Task, 2);
        table.Clock.Advance(PastLag);
        var waiting = table.GetAsync();

        table.Clock.Advance(TimeSpan.FromSeconds(2) - TimeSpan.FromTicks(1));
        Assert.False(waiting.IsCompleted);
        table.Clock.Advance(TimeSpan.FromTicks(1));

        Assert.Equal((1, false), await waiting);
    }

    [Fact]
    public async Task With_nothing_known_a_table_that_does_not_answer_is_unavailable_after_two_seconds()
    {
        table.Held = new TaskCompletionSource().Task;
        var waiting = table.GetAsync();
        Assert.False(waiting.IsCompleted);

        table.Clock.Advance(TimeSpan.FromSeconds(2));

        Assert.Equal(FailureKind.StorageUnavailable, (await Assert.ThrowsAsync<DependencyUnavailableException>(() => waiting.AsTask())).Kind);
    }

    [Fact]
    public async Task With_nothing_known_a_table_that_is_down_is_unavailable_and_not_asked_by_every_request()
    {
        table.Down = true;

        for (var request = 1; request <= 3; request++)
            await Assert.ThrowsAsync<DependencyUnavailableException>(() => table.GetAsync().AsTask());

        Assert.Equal(1, table.Reads);
        (table.Down, table.Value) = (false, 3);
        table.Clock.Advance(RefreshInterval);
        Assert.Equal((3, true), await table.GetAsync());
    }

    [Fact]
    public async Task Only_after_a_failed_look_is_it_used_without_waiting_and_a_good_one_ends_that()
    {
        await table.GetAsync();
        table.Down = true;
        table.Clock.Advance(PastLag);
        Assert.Equal((1, false), await table.GetAsync());
        table.Held = new TaskCompletionSource().Task;
        table.Clock.Advance(RefreshInterval);

        var next = table.GetAsync();

        Assert.True(next.IsCompletedSuccessfully);
        Assert.Equal((1, false), await next);
    }

    [Fact]
    public async Task When_the_table_is_back_the_next_look_makes_it_current()
    {
        await table.GetAsync();
        table.Down = true;
        table.Clock.Advance(PastLag);
        Assert.Equal((1, false), await table.GetAsync());

        (table.Down, table.Value) = (false, 2);
        table.Clock.Advance(RefreshInterval);
        await table.GetAsync();

        Assert.Equal((2, true), await table.GetAsync());
    }

    [Fact]
    public async Task What_is_known_serves_for_MaxStale_and_no_longer()
    {
        using var bounded = new RevisionTable(new RuntimeOptions { MaxStale = TimeSpan.FromMinutes(5) });
        await bounded.GetAsync();
        bounded.Down = true;

        bounded.Clock.Advance(TimeSpan.FromMinutes(5));
        Assert.Equal((1, false), await bounded.GetAsync());
        bounded.Clock.Advance(TimeSpan.FromTicks(1));
        await Assert.ThrowsAsync<DependencyUnavailableException>(() => bounded.GetAsync().AsTask());
    }

    [Fact]
    public async Task Without_MaxStale_what_is_known_serves_through_any_outage()
    {
        await table.GetAsync();
        table.Down = true;

        table.Clock.Advance(TimeSpan.FromDays(300));

        Assert.Equal((1, false), await table.GetAsync());
    }

    [Fact]
    public async Task A_change_of_this_instance_is_known_at_once_and_without_a_look()
    {
        await table.GetAsync();
        table.Clock.Advance(PastLag);

        await table.ChangeAsync();
        var reads = table.Reads;
        table.Held = new TaskCompletionSource().Task;

        Assert.Equal((2, true), await table.GetAsync());
        Assert.InRange(table.Reads, reads, reads + 1);
    }

    [Fact]
    public async Task A_look_that_began_before_a_change_of_this_instance_does_not_undo_it()
    {
        await table.GetAsync();
        var held = new TaskCompletionSource();
        table.Held = held.Task;
        table.Clock.Advance(RefreshInterval);
        await table.GetAsync();
        table.Held = Task.CompletedTask;

        await table.ChangeAsync();
        held.SetResult();

        Assert.Equal((2, true), await table.GetAsync());
    }

    [Fact]
    public async Task A_caller_who_leaves_ends_only_its_own_waiting()
    {
        var held = new TaskCompletionSource();
        table.Held = held.Task;
        using var leaving = new CancellationTokenSource();
        var left = table.Revisions.GetAsync(RevisionTable.Account, leaving.Token);
        var stays = table.GetAsync();

        await leaving.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => left.AsTask());
        held.SetResult();
        Assert.Equal((1, true), await stays);
    }

    public void Dispose() => table.Dispose();
}
