using System.Security.Cryptography;

namespace MtlsFunctions.Shared.HashiCorp;

/// <summary>
/// What standbys still show: each reader but the operator sees a name as it was a while ago, each time another while, as behind a load
/// balancer. Writes pass on to the active node, which is up to date.
/// </summary>
internal sealed class KvHistory(TimeProvider clock, VaultReadLag lag)
{
    private readonly Dictionary<string, List<(DateTimeOffset At, KvSecret? State)>> names = new(StringComparer.Ordinal);

    /// <summary>The name is so from now on; null: it is gone.</summary>
    public void Note(string name, KvSecret? state)
    {
        if (!names.TryGetValue(name, out var states))
            names[name] = states = [];
        var now = clock.GetUtcNow();
        states.Add((now, state?.Clone()));
        // The last one that every reader knows is the first that is needed.
        states.RemoveRange(0, Math.Max(0, states.FindLastIndex(one => one.At <= now - lag.Most)));
    }

    public KvSecret? Find(string name)
    {
        if (!names.TryGetValue(name, out var states))
            return null;
        var seen = clock.GetUtcNow() - TimeSpan.FromMilliseconds(
            RandomNumberGenerator.GetInt32((int)lag.Least.TotalMilliseconds, (int)lag.Most.TotalMilliseconds + 1));
        return states.FindLast(one => one.At <= seen).State;
    }
}
