namespace MtlsFunctions.Accounts;

/// <summary>
/// Turns at hashing, which is slow on purpose: few at a time, so that a flood of logins never takes every core. Who waits is bounded,
/// altogether and for each network; names that exist go first, and networks take turns, so that many made-up logins don't hold up a real one.
/// </summary>
public sealed class HashingQueue
{
    private const int WaitingOfOneNetwork = 8;
    private const int Waiting = 64;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly Lock sync = new();
    private readonly WaitingLine known = new(WaitingOfOneNetwork, Waiting);
    private readonly WaitingLine unknown = new(WaitingOfOneNetwork, Waiting);
    private readonly TimeProvider clock;
    private int free;

    public HashingQueue(TimeProvider clock)
        : this(clock, Math.Max(1, Environment.ProcessorCount / 2))
    {
    }

    internal HashingQueue(TimeProvider clock, int atOnce) => (this.clock, free) = (clock, atOnce);

    /// <param name="network">Where the login comes from.</param>
    /// <param name="known">Whether its name exists.</param>
    /// <returns>To be disposed when the hashing is done; null where too many wait, or none was free within 5 seconds.</returns>
    public async Task<IDisposable?> EnterAsync(string network, bool known, CancellationToken cancellation)
    {
        var line = known ? this.known : unknown;
        Waiter waiter;
        lock (sync)
        {
            if (free > 0)
            {
                free--;
                return new Turn(this);
            }

            if (line.TryAdd(network) is not { } added)
                return null;
            waiter = added;
        }

        try
        {
            return await waiter.Ended.WaitAsync(Patience, clock, cancellation) ? new Turn(this) : null;
        }
        catch (Exception gone) when (gone is TimeoutException or OperationCanceledException)
        {
            lock (sync)
            {
                if (!line.Remove(waiter) && waiter.IsAdmitted)
                    Leave();
            }

            if (gone is OperationCanceledException)
                throw;
            return null;
        }
    }

    private void Leave()
    {
        lock (sync)
        {
            if ((known.Next() ?? unknown.Next()) is { } next)
                next.End(admitted: true);
            else
                free++;
        }
    }

    private sealed class Turn(HashingQueue queue) : IDisposable
    {
        private bool left;

        public void Dispose()
        {
            if (!left)
                queue.Leave();
            left = true;
        }
    }
}
