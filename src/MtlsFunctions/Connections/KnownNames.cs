using System.Net;

namespace MtlsFunctions.Connections;

/// <summary>
/// What look-ups found, for a while: the system's resolver doesn't tell for how long an answer holds, so addresses are kept for half a minute and
/// failures for five seconds. Each owner fills a share of its own, and nothing is given up for another's. Not thread-safe.
/// </summary>
internal sealed class KnownNames
{
    private const int Names = 16_384;
    private const int NamesOfOne = 256;

    public static readonly TimeSpan Found = TimeSpan.FromSeconds(30);
    public static readonly TimeSpan Missing = TimeSpan.FromSeconds(5);

    private readonly Dictionary<string, Known> names = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, int> counts = new(StringComparer.Ordinal);

    // In the order in which they end.
    private readonly Queue<Known> found = new();
    private readonly Queue<Known> missing = new();

    public int Count => names.Count;

    /// <returns>Addresses, or the failure to find any, as a task that has ended or is about to; null when nothing is known.</returns>
    public Task<IPAddress[]>? Find(string name, DateTimeOffset now) => names.TryGetValue(name, out var known) && known.Until > now ? known.Answer : null;

    public void Keep(string owner, string name, Task<IPAddress[]> answer, bool isFound, DateTimeOffset now)
    {
        Forget(found, now);
        Forget(missing, now);
        if (names.Count >= Names || counts.GetValueOrDefault(owner) >= NamesOfOne)
            return;
        var known = new Known(owner, name, answer, now + (isFound ? Found : Missing));
        if (!names.TryAdd(name, known))
            return;
        counts[owner] = counts.GetValueOrDefault(owner) + 1;
        (isFound ? found : missing).Enqueue(known);
    }

    private void Forget(Queue<Known> ended, DateTimeOffset now)
    {
        while (ended.TryPeek(out var known) && known.Until <= now)
        {
            ended.Dequeue();
            names.Remove(known.Name);
            if (--counts[known.Owner] == 0)
                counts.Remove(known.Owner);
        }
    }

    private sealed record Known(string Owner, string Name, Task<IPAddress[]> Answer, DateTimeOffset Until);
}
