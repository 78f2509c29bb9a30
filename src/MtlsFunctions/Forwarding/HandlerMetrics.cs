using System.Diagnostics.Metrics;

namespace MtlsFunctions.Forwarding;

/// <summary>What the warm handlers measure; docs/metrics.md lists it.</summary>
public sealed class HandlerMetrics
{
    private readonly Counter<long> requests;
    private readonly Counter<long> evictions;
    private readonly UpDownCounter<long> count;

    public HandlerMetrics(IMeterFactory meters)
    {
        var meter = meters.Create(Telemetry.Name);
        requests = meter.CreateCounter<long>("mtls.handler.requests", "{request}", "Requests for the warm handler of an identity.");
        evictions = meter.CreateCounter<long>("mtls.handler.evictions", "{handler}", "Warm handlers that were given up.");
        count = meter.CreateUpDownCounter<long>("mtls.handler.count", "{handler}", "Warm handlers that are kept.");
    }

    public void Hit() => requests.Add(1, new KeyValuePair<string, object?>(Telemetry.Result, "hit"));

    public void Missed() => requests.Add(1, new KeyValuePair<string, object?>(Telemetry.Result, "miss"));

    public void StoodIn() => requests.Add(1, new KeyValuePair<string, object?>(Telemetry.Result, "stand-in"));

    public void Made() => count.Add(1);

    /// <param name="reason">From a closed list: <c>expired</c>, <c>idle</c>, <c>surplus</c>.</param>
    public void Evicted(string reason)
    {
        count.Add(-1);
        evictions.Add(1, new KeyValuePair<string, object?>("mtls.handler.eviction.reason", reason));
    }
}
