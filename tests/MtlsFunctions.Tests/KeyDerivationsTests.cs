using Microsoft.Extensions.Time.Testing;

namespace MtlsFunctions.Tests;

/// <summary>Few derive at a time, one of each account, and who waits is bounded in time and number. No thread waits.</summary>
public sealed class KeyDerivationsTests : IDisposable
{
    private readonly FakeTimeProvider clock = new();
    private readonly KeyDerivations derivations;
    private readonly List<ManualResetEventSlim> running = [];

    public KeyDerivationsTests() => derivations = new KeyDerivations(clock, atOnce: 2);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        running.ForEach(one => one.Set());
        running.ForEach(one => one.Dispose());
        derivations.Dispose();
    }

    [Fact]
    public async Task An_account_has_one_at_a_time_and_the_instance_two()
    {
        var (first, firstEnd) = await StartAsync("one");
        var (second, secondEnd) = await StartAsync("two");
        var sameAccount = Run("one", () => 3);
        var third = Run("three", () => 4);
        Assert.False(sameAccount.IsCompleted || third.IsCompleted);

        secondEnd.Set();

        Assert.Equal(4, The.Of(await third));
        Assert.False(sameAccount.IsCompleted);
        firstEnd.Set();
        Assert.Equal(3, The.Of(await sameAccount));
        The.Of(await first);
        The.Of(await second);
    }

    [Fact]
    public async Task After_5_seconds_without_a_turn_the_answer_is_busy_and_the_place_is_free_again()
    {
        var (first, end) = await StartAsync("one");
        var waiting = Run("one", () => 2);
        clock.Advance(TimeSpan.FromSeconds(4.9));
        Assert.False(waiting.IsCompleted);

        clock.Advance(TimeSpan.FromSeconds(0.2));

        The.FailureOf(FailureKind.Busy, await waiting);
        Assert.True(Problems.Of(FailureKind.Busy).IsTransient);
        end.Set();
        The.Of(await first);
        Assert.Equal(3, The.Of(await Run("one", () => 3)));
    }

    [Fact]
    public async Task Too_many_of_one_account_are_told_at_once_and_others_have_their_turn()
    {
        var (first, end) = await StartAsync("one");
        var waiting = Enumerable.Range(0, 64).Select(_ => Run("one", () => 1)).ToArray();

        The.FailureOf(FailureKind.Busy, await Run("one", () => 1));
        Assert.Equal(2, The.Of(await Run("two", () => 2)));

        end.Set();
        The.Of(await first);
        Assert.All(await Task.WhenAll(waiting), one => The.Of(one));
    }

    [Fact]
    public async Task A_caller_who_leaves_while_waiting_leaves_the_line()
    {
        var (first, end) = await StartAsync("one");
        using var leaving = new CancellationTokenSource();
        var waiting = derivations.RunAsync<int>("one", () => 1, leaving.Token);

        await leaving.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        end.Set();
        The.Of(await first);
        Assert.Equal(2, The.Of(await Run("one", () => 2)));
    }

    [Fact]
    public async Task Work_runs_on_a_thread_of_its_own_below_all_others()
    {
        Assert.False(The.Of(await derivations.RunAsync<bool>("one", () => Thread.CurrentThread.IsThreadPoolThread, Cancellation)));
        if (!OperatingSystem.IsLinux())
            return;
        // The 19th field of a thread's stat is its niceness (proc(5)).
        var stat = The.Of(await derivations.RunAsync<string>("one", () => File.ReadAllText("/proc/thread-self/stat"), Cancellation));
        Assert.Equal("10", stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[16]);
        Assert.NotEqual("10", (await File.ReadAllTextAsync("/proc/self/stat", Cancellation)).Split(' ')[18]);
    }

    [Fact]
    public async Task Work_that_throws_is_told_and_its_turn_is_over()
    {
        await Assert.ThrowsAsync<InvalidOperationException>(() =>
            derivations.RunAsync<int>("one", () => throw new InvalidOperationException("a surprise"), Cancellation));
        Assert.Equal(1, The.Of(await Run("one", () => 1)));
    }

    private Task<Outcome<int>> Run(string account, Func<int> work) => derivations.RunAsync<int>(account, () => work(), Cancellation);

    private async Task<(Task<Outcome<int>> Done, ManualResetEventSlim End)> StartAsync(string account)
    {
        var end = new ManualResetEventSlim();
        running.Add(end);
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var done = Run(account, () =>
        {
            started.SetResult();
            end.Wait();
            return 0;
        });
        await started.Task;
        return (done, end);
    }
}
