using System.Threading.RateLimiting;

namespace MtlsFunctions;

/// <summary>
/// Deriving keys from passwords is slow on purpose: half of the instance's cores at most do it, on threads of low priority, one for
/// each account at a time. Others wait without a thread, for a bounded time, in bounded numbers.
/// </summary>
public sealed class KeyDerivations : IDisposable
{
    private const int Waiting = 512;
    private const int WaitingOfOneAccount = 64;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly TimeProvider clock;
    private readonly ConcurrencyLimiter instance;
    private readonly PartitionedRateLimiter<string> accounts;

    public KeyDerivations(TimeProvider clock)
        : this(clock, Math.Max(1, Environment.ProcessorCount / 2))
    {
    }

    internal KeyDerivations(TimeProvider clock, int atOnce)
    {
        this.clock = clock;
        instance = new ConcurrencyLimiter(Limit(atOnce, Waiting));
        accounts = PartitionedRateLimiter.Create<string, string>(
            account => RateLimitPartition.GetConcurrencyLimiter(account, _ => Limit(1, WaitingOfOneAccount)));
    }

    /// <param name="account">Has one at a time, so that it waits for itself before it waits among the others.</param>
    /// <param name="work">Runs to its end even when the caller leaves.</param>
    /// <returns>What the work returns; <see cref="FailureKind.Busy"/> when it wasn't its turn within 5 seconds.</returns>
    public async Task<Outcome<T>> RunAsync<T>(string account, Func<Outcome<T>> work, CancellationToken cancellation)
    {
        using var patience = new CancellationTokenSource(Patience, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellation);
        try
        {
            using var own = await accounts.AcquireAsync(account, 1, either.Token);
            if (!own.IsAcquired)
                return Busy("Too many files of this account wait to be opened.");
            using var turn = await instance.AcquireAsync(1, either.Token);
            return turn.IsAcquired ? await LowPriorityThread.RunAsync(work) : Busy("Too many files wait to be opened.");
        }
        catch (OperationCanceledException) when (patience.IsCancellationRequested && !cancellation.IsCancellationRequested)
        {
            return Busy("Other files are being opened.");
        }
    }

    public void Dispose()
    {
        accounts.Dispose();
        instance.Dispose();
    }

    private static ConcurrencyLimiterOptions Limit(int permits, int queue) =>
        new() { PermitLimit = permits, QueueLimit = queue, QueueProcessingOrder = QueueProcessingOrder.OldestFirst };

    private static Failure Busy(string why) => new(FailureKind.Busy, $"{why} Try again when Retry-After is over.");
}
