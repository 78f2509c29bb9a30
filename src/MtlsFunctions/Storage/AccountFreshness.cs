namespace MtlsFunctions.Storage;

/// <summary>What this instance knows of one account's revision, and how it keeps knowing it.</summary>
/// <param name="read">Reads the revision from the table.</param>
internal sealed class AccountFreshness(Func<Task<long>> read, RuntimeOptions options, TimeProvider clock)
{
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(2);

    private const long Never = 0;

    private readonly Lock sync = new();
    private long revision;
    private int ownChanges;
    private long confirmedAt = Never;
    private DateTimeOffset nextLook = DateTimeOffset.MinValue;
    private Task look = Task.CompletedTask;
    private volatile bool failing;

    /// <returns>The revision to use; not current when the table couldn't confirm it within <see cref="RuntimeOptions.MaxLag"/>.</returns>
    /// <exception cref="DependencyUnavailableException">The table is down and nothing usable is known.</exception>
    public async ValueTask<(long Revision, bool Current)> GetAsync(CancellationToken cancellation)
    {
        var pending = LookIfDue();
        if (IsCurrent())
            return (Volatile.Read(ref revision), true);
        // The last look failed: the next one goes on beside the requests, which have waited often enough.
        if (failing && MayBeStale())
            return (Volatile.Read(ref revision), false);
        try
        {
            await pending.WaitAsync(LongestWait, clock, cancellation);
        }
        catch (Exception) when (MayBeStale() && !cancellation.IsCancellationRequested)
        {
            return (Volatile.Read(ref revision), false);
        }
        catch (TimeoutException fault)
        {
            throw new DependencyUnavailableException(FailureKind.StorageUnavailable, fault);
        }

        return (Volatile.Read(ref revision), IsCurrent());
    }

    /// <summary>A change of this instance was committed: whatever was looked up before it no longer counts.</summary>
    public void Advance(long to)
    {
        lock (sync)
        {
            ownChanges++;
            revision = Math.Max(revision, to);
            Volatile.Write(ref confirmedAt, clock.GetUtcNow().UtcTicks);
        }
    }

    private bool IsCurrent() => Age() <= options.MaxLag;

    private bool MayBeStale() => Age() is var age && age < TimeSpan.MaxValue && (options.MaxStale is not { } max || age <= max);

    private TimeSpan Age() => Volatile.Read(ref confirmedAt) is var at && at == Never
        ? TimeSpan.MaxValue
        : TimeSpan.FromTicks(clock.GetUtcNow().UtcTicks - at);

    // One look at a time, and after a failed one a pause: requests don't queue up behind a table that is down.
    private Task LookIfDue()
    {
        lock (sync)
        {
            var now = clock.GetUtcNow();
            if (!look.IsCompleted || now < nextLook)
                return look;
            nextLook = now + options.RefreshInterval;
            look = LookAsync();
            // A look that no request waits for reports by its log line; this marks its exception as seen.
            _ = look.ContinueWith(static done => _ = done.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
            return look;
        }
    }

    private async Task LookAsync()
    {
        var before = ownChanges;
        long found;
        try
        {
            found = await read();
            failing = false;
        }
        catch
        {
            failing = true;
            throw;
        }

        lock (sync)
        {
            // A read that began before an own change may have seen the state before it.
            if (before == ownChanges)
                revision = found;
            else
                revision = Math.Max(revision, found);
            Volatile.Write(ref confirmedAt, clock.GetUtcNow().UtcTicks);
        }
    }
}
