using System.Collections.Concurrent;

namespace MtlsFunctions;

/// <summary>
/// Memory that accounts share, bounded by what its entries weigh. When it is full, those that hold more than their share lose what they
/// used longest ago, and nobody else loses anything (see <see cref="FairShare"/>). Only what was verified may enter it.
/// </summary>
/// <param name="capacity">In units of weight; a tenth is made free at once, so that a full one isn't sorted for each new entry. 0 keeps nothing.</param>
internal sealed class FairCache<TKey, TValue>(long capacity)
    where TKey : notnull
    where TValue : class
{
    private readonly ConcurrentDictionary<TKey, Entry> entries = new();
    private readonly Lock shrinking = new();
    private long weight;

    // Counts what was set: the clock by which entries age. A look-up only reads it, so that look-ups don't wait for each other.
    private long time;

    /// <returns>Null when it isn't there.</returns>
    public TValue? Find(TKey key)
    {
        if (!entries.TryGetValue(key, out var entry))
            return null;
        entry.LastUsed = Volatile.Read(ref time);
        return entry.Value;
    }

    /// <param name="owner">Whose share it takes from: the verified account.</param>
    public void Set(TKey key, string owner, TValue value, long weighs = 1)
    {
        if (weighs > capacity)
        {
            Remove(key);
            return;
        }

        var entry = new Entry(owner, value, weighs) { LastUsed = Interlocked.Increment(ref time) };
        var added = weighs;
        while (!entries.TryAdd(key, entry))
        {
            if (!entries.TryGetValue(key, out var before) || !entries.TryUpdate(key, entry, before))
                continue;
            added -= before.Weight;
            break;
        }

        if (Interlocked.Add(ref weight, added) > capacity)
            Shrink();
    }

    public void Remove(TKey key)
    {
        if (entries.TryRemove(key, out var removed))
            Interlocked.Add(ref weight, -removed.Weight);
    }

    // One at a time; who comes meanwhile goes on, and the next one looks again.
    private void Shrink()
    {
        if (!shrinking.TryEnter())
            return;
        try
        {
            var all = entries.ToArray();
            foreach (var entry in FairShare.Surplus(
                all, one => one.Value.Owner, one => one.Value.Weight, one => one.Value.LastUsed, capacity - (capacity / 10)))
            {
                if (entries.TryRemove(entry))
                    Interlocked.Add(ref weight, -entry.Value.Weight);
            }
        }
        finally
        {
            shrinking.Exit();
        }
    }

    private sealed class Entry(string owner, TValue value, long weight)
    {
        private long lastUsed;

        public string Owner => owner;

        public TValue Value => value;

        public long Weight => weight;

        public long LastUsed
        {
            get => Volatile.Read(ref lastUsed);
            set => Volatile.Write(ref lastUsed, value);
        }
    }
}
