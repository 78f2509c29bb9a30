using System.Collections.Concurrent;

namespace MtlsFunctions.Authorization;

/// <summary>
/// How many requests of one account this instance works on at a time. A caller whose remotes hang would otherwise take all places of an
/// instance, and then those of the next.
/// </summary>
public sealed class RequestsUnderWay(IOptions<GatewayLimits> limits)
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<AccountId, int> counts = new();

    /// <summary>How many accounts have a request under way: nothing is kept for the others.</summary>
    public int Accounts => counts.Count;

    /// <returns>To be disposed when the request is done; <see cref="FailureKind.Busy"/> beyond the ceiling.</returns>
    public Outcome<IDisposable> Enter(AccountId account)
    {
        var most = limits.Value.MostRequestsPerAccount;
        while (true)
        {
            var now = counts.GetOrAdd(account, 0);
            if (now >= most)
            {
                return new Failure(
                    FailureKind.Busy, $"{most} requests of this account are under way on this instance, and that is its share. Try again when Retry-After is over.")
                { RetryAfter = Pause };
            }

            if (counts.TryUpdate(account, now + 1, now))
                return new Place(this, account);
        }
    }

    private void Leave(AccountId account)
    {
        while (true)
        {
            var now = counts[account];
            if (now == 1 ? counts.TryRemove(KeyValuePair.Create(account, 1)) : counts.TryUpdate(account, now - 1, now))
                return;
        }
    }

    private sealed class Place(RequestsUnderWay under, AccountId account) : IDisposable
    {
        private int left;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref left, 1) == 0)
                under.Leave(account);
        }
    }
}
