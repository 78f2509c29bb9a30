using Microsoft.Extensions.Time.Testing;
using MtlsFunctions.Accounts;

namespace MtlsFunctions.Tests.Accounts;

/// <summary>Whose turn it is at hashing.</summary>
public sealed class HashingQueueTests
{
    private const int AtOnce = 2;

    private readonly FakeTimeProvider clock = new();
    private readonly HashingQueue queue;
    private readonly List<string> admitted = [];

    public HashingQueueTests() => queue = new HashingQueue(clock, AtOnce);

    [Fact]
    public async Task As_many_hash_as_may_and_the_rest_wait()
    {
        var turns = await TakeAllAsync();
        var next = EnterAsync("a", known: false);
        Assert.False(next.IsCompleted);

        turns[0].Dispose();

        Assert.NotNull(await next);
    }

    [Fact]
    public async Task A_turn_that_is_given_back_twice_is_one_turn()
    {
        var turns = await TakeAllAsync();
        turns[0].Dispose();
        turns[0].Dispose();

        Assert.NotNull(await EnterAsync("a", known: false));
        Assert.False(EnterAsync("a", known: false).IsCompleted);
    }

    [Fact]
    public async Task Names_that_exist_go_first_and_networks_take_turns()
    {
        var turns = await TakeAllAsync();
        var waiting = new List<Task>();
        foreach (var (network, known) in new[] { ("a", false), ("a", false), ("a", false), ("b", false), ("c", true), ("c", true), ("d", true) })
            waiting.Add(NoteAsync(network, known));

        // One at a time: each lets the next one in when it has been noted.
        turns[0].Dispose();
        await Task.WhenAll(waiting);

        Assert.Equal(["c", "d", "c", "a", "b", "a", "a"], admitted);
    }

    [Fact]
    public async Task One_network_has_eight_places_all_of_them_together_sixty_four_and_the_longest_gives_way()
    {
        await TakeAllAsync();
        var places = new List<Task<IDisposable?>>();
        for (var network = 0; network < 8; network++)
        {
            for (var place = 0; place < 8; place++)
                places.Add(EnterAsync($"{network}", known: false));
            Assert.Null(await EnterAsync($"{network}", known: false));
        }

        Assert.DoesNotContain(places, place => place.IsCompleted);
        var another = EnterAsync("another", known: false);
        Assert.Null(await await Task.WhenAny(places));
        Assert.False(another.IsCompleted);
        Assert.False(EnterAsync("another", known: true).IsCompleted);
    }

    [Fact]
    public async Task Nobody_waits_longer_than_five_seconds_and_whoever_leaves_leaves_a_place()
    {
        var turns = await TakeAllAsync();
        using var leaving = new CancellationTokenSource();
        var gone = queue.EnterAsync("a", known: false, leaving.Token);
        var late = EnterAsync("a", known: false);

        await leaving.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => gone);
        clock.Advance(TimeSpan.FromSeconds(5));
        Assert.Null(await late);

        for (var place = 0; place < 8; place++)
            Assert.False(EnterAsync("a", known: false).IsCompleted);
        turns[0].Dispose();
    }

    private Task<IDisposable?> EnterAsync(string network, bool known) => queue.EnterAsync(network, known, TestContext.Current.CancellationToken);

    private async Task NoteAsync(string network, bool known)
    {
        using var turn = await EnterAsync(network, known);
        Assert.NotNull(turn);
        lock (admitted)
            admitted.Add(network);
    }

    private async Task<List<IDisposable>> TakeAllAsync()
    {
        var turns = new List<IDisposable>();
        for (var turn = 0; turn < AtOnce; turn++)
            turns.Add((await EnterAsync("first", known: false))!);
        return turns;
    }
}
