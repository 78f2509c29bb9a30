namespace MtlsFunctions.Authorization.OAuth;

/// <summary>
/// Nonces that this instance has seen. None may be given up before its time, so what is bounded is who may add: an account that holds more
/// than is still free waits until some of its own have ended. However many nonces one account sends, there is room for another's.
/// </summary>
/// <param name="capacity">Nonces of all accounts together.</param>
/// <param name="lifetime">How long each counts.</param>
internal sealed class NonceMemory(int capacity, TimeSpan lifetime, TimeProvider clock)
{
    private readonly Lock sync = new();
    private readonly HashSet<string> seen = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> counts = new(StringComparer.Ordinal);
    private readonly Queue<(DateTimeOffset Ends, string Owner, string Hash)> ending = new();

    public NonceFound Add(string owner, string hash)
    {
        var now = clock.GetUtcNow();
        lock (sync)
        {
            Forget(now);
            if (seen.Contains(hash))
                return NonceFound.Known;
            var (held, free) = (counts.GetValueOrDefault(owner), capacity - seen.Count);
            if (free == 0 || held > free)
                return NonceFound.Full;
            seen.Add(hash);
            counts[owner] = held + 1;
            ending.Enqueue((now + lifetime, owner, hash));
            return NonceFound.New;
        }
    }

    private void Forget(DateTimeOffset now)
    {
        while (ending.TryPeek(out var oldest) && oldest.Ends <= now)
        {
            ending.Dequeue();
            seen.Remove(oldest.Hash);
            if (--counts[oldest.Owner] == 0)
                counts.Remove(oldest.Owner);
        }
    }
}

/// <summary>What the memory says of a nonce.</summary>
internal enum NonceFound
{
    New,
    Known,

    /// <summary>It may be new; there is no room for it.</summary>
    Full,
}
