using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace MtlsFunctions.Forwarding;

/// <summary>What forwards measure; docs/metrics.md lists it. No attribute names an account, a host or a URL: there are as many as users like.</summary>
public sealed class ForwardMetrics
{
    private const string Outcome = "mtls.forward.outcome";
    private const string Service = "mtls.service";

    private readonly Histogram<double> duration;
    private readonly Histogram<double> gateway;
    private readonly Histogram<double> upstream;
    private readonly Counter<long> handshakes;

    public ForwardMetrics(IMeterFactory meters)
    {
        var meter = meters.Create(Telemetry.Name);
        duration = meter.CreateHistogram<double>("mtls.forward.duration", "s", "Time of a forward, from its arrival to the end of its answer.");
        gateway = meter.CreateHistogram<double>("mtls.forward.gateway.duration", "s", "Time of a forward until its request goes out: what this gateway adds.");
        upstream = meter.CreateHistogram<double>("mtls.forward.upstream.duration", "s", "Time from there until the remote's answer begins, connecting included.");
        handshakes = meter.CreateCounter<long>("mtls.tls.handshakes", "{handshake}", "TLS handshakes with remotes that succeeded.");
    }

    internal void Forwarded(ForwardRecord forward)
    {
        duration.Record(forward.Elapsed.TotalSeconds, new TagList { { Outcome, forward.OutcomeClass }, { Service, forward.Service } });
        if (forward.UntilSent is { } untilSent)
            gateway.Record(untilSent.TotalSeconds);
        if (forward.UntilAnswered is { } untilAnswered)
            upstream.Record(untilAnswered.TotalSeconds);
    }

    /// <param name="tls">Such as <c>1.3</c>.</param>
    /// <param name="http">Such as <c>1.1</c> or <c>2</c>.</param>
    public void HandshakeMade(string tls, string http) => handshakes.Add(
        1, new KeyValuePair<string, object?>("tls.protocol.version", tls), new KeyValuePair<string, object?>("network.protocol.version", http));
}
