namespace MtlsFunctions;

/// <summary>
/// Who must give way when something that accounts share is full. Everybody keeps up to an equal share; what those leave who want less is
/// shared by the others (max-min fairness). So a flood of one account takes from that account alone.
/// </summary>
internal static class FairShare
{
    private const int BytesOfUnit = 1024;

    /// <summary>What an entry weighs that holds these texts: one unit, and one more for each KB.</summary>
    public static long WeightOf(params ReadOnlySpan<string?> texts)
    {
        var bytes = 0L;
        foreach (var text in texts)
            bytes += (text?.Length ?? 0) * sizeof(char);
        return 1 + (bytes / BytesOfUnit);
    }

    /// <returns>What must go so that no more than <paramref name="target"/> is left: of those above their share, what was used longest ago.</returns>
    public static IReadOnlyList<T> Surplus<T>(
        IReadOnlyCollection<T> all, Func<T, string> owner, Func<T, long> weight, Func<T, long> lastUsed, long target)
    {
        var held = all.GroupBy(owner, StringComparer.Ordinal).ToDictionary(own => own.Key, own => own.Sum(weight), StringComparer.Ordinal);
        var excess = held.Values.Sum() - target;
        if (excess <= 0)
            return [];
        var share = Of(held.Values, target);
        var surplus = new List<T>();
        foreach (var one in all.OrderBy(lastUsed).TakeWhile(_ => excess > 0))
        {
            var own = owner(one);
            if (held[own] <= share)
                continue;
            held[own] -= weight(one);
            excess -= weight(one);
            surplus.Add(one);
        }

        return surplus;
    }

    /// <summary>The share that nobody must exceed, so that all fit into <paramref name="target"/>.</summary>
    private static long Of(IEnumerable<long> held, long target)
    {
        var ascending = held.Order().ToArray();
        var left = target;
        for (var at = 0; at < ascending.Length; at++)
        {
            var share = left / (ascending.Length - at);
            if (ascending[at] > share)
                return share;
            left -= ascending[at];
        }

        return long.MaxValue;
    }
}
