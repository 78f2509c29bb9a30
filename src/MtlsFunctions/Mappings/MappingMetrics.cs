using System.Diagnostics.Metrics;

namespace MtlsFunctions.Mappings;

/// <summary>What the look-ups of mappings measure; docs/metrics.md lists it.</summary>
public sealed class MappingMetrics(IMeterFactory meters)
{
    private readonly Counter<long> lookUps = meters.Create(Telemetry.Name)
        .CreateCounter<long>("mtls.mapping.lookups", "{lookup}", "Look-ups of what is mapped to a service and a URL.");

    /// <param name="current">False when the table couldn't confirm in time what was known before.</param>
    public void Known(bool current) => lookUps.Add(1, new KeyValuePair<string, object?>(Telemetry.Result, current ? "hit" : "stale"));

    public void Read() => lookUps.Add(1, new KeyValuePair<string, object?>(Telemetry.Result, "miss"));
}
