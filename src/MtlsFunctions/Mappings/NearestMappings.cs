using MtlsFunctions.Authorization;
using MtlsFunctions.Storage;

namespace MtlsFunctions.Mappings;

/// <summary>When nothing matches: the mappings that somebody probably meant, and what keeps each from matching.</summary>
public sealed class NearestMappings(AccountTable table)
{
    /// <summary>Mappings that are compared, at most.</summary>
    public const int MaxCompared = 10_000;

    /// <param name="most">How many are wanted; no more are held, however many there are.</param>
    /// <returns>The nearest first.</returns>
    public async Task<NearMapping[]> FindAsync(AccountId account, ServiceName service, TargetUrl url, int most, CancellationToken cancellation)
    {
        var nearest = new PriorityQueue<NearMapping, (int, long)>(Comparer<(int, long)>.Create((one, other) => other.CompareTo(one)));
        await table.ScanAsync<MappingSummaryRow>(account, RowKinds.Mapping, MaxCompared, MappingSummaryRow.Columns, row =>
        {
            if (Compare(row, service, url) is not { } near)
                return;
            nearest.Enqueue(near, (near.Distance, row.Id));
            // The farthest one goes.
            if (nearest.Count > most)
                nearest.Dequeue();
        }, cancellation);
        return [.. nearest.UnorderedItems.OrderBy(one => one.Priority).Select(one => one.Element)];
    }

    private static NearMapping? Compare(MappingSummaryRow row, ServiceName service, TargetUrl url)
    {
        if (!TargetUrl.Parse(row.Url).TryGet(out var other, out _) || DifferenceOf(other, url) is not var (distance, difference))
            return null;
        var owner = ServiceName.OfId(row.ServiceId);
        string?[] all =
        [
            row.Enabled ? null : "it is disabled",
            owner == service ? null : $"it is for {owner}, not {service}",
            difference,
        ];
        var reasons = all.OfType<string>().ToArray();
        return new NearMapping(row, owner, string.Join("; ", reasons), (distance * all.Length) + reasons.Length);
    }

    // From the likeliest slip to the vaguest; null when the URLs have too little in common.
    private static (int Distance, string? Difference)? DifferenceOf(TargetUrl mapped, TargetUrl asked)
    {
        var (one, other) = (mapped.Canonical, asked.Canonical);
        if (one == other)
            return (0, null);
        if (one.TrimEnd('/') == other.TrimEnd('/'))
            return (1, "its URL differs by a slash at the end");
        if (string.Equals(one, other, StringComparison.OrdinalIgnoreCase))
            return (2, "its URL differs in upper and lower case");
        if (WithoutQuery(one) == WithoutQuery(other))
            return (3, "its URL differs in the query");
        if (WithoutQuery(one).TrimEnd('/') == WithoutQuery(other).TrimEnd('/'))
            return (4, "its URL differs in the query and by a slash before it");
        return mapped.Host.Equals(asked.Host, StringComparison.OrdinalIgnoreCase) ? (5, "its URL has another path on the same host") : null;
    }

    private static string WithoutQuery(string url) => url.Split('?', 2)[0];
}

/// <summary>A mapping that doesn't match, and why.</summary>
/// <param name="Distance">For sorting: the smaller, the likelier it was meant.</param>
public sealed record NearMapping(MappingSummaryRow Row, ServiceName Service, string Why, int Distance);
