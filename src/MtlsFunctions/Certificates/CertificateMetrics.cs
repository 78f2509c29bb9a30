using System.Diagnostics.Metrics;
using MtlsFunctions.Authorization;

namespace MtlsFunctions.Certificates;

/// <summary>What certificates measure; docs/metrics.md lists it.</summary>
public sealed class CertificateMetrics(IMeterFactory meters, TimeProvider clock)
{
    private readonly Gauge<double> expiry = meters.Create(Telemetry.Name)
        .CreateGauge<double>(Telemetry.DaysToExpiry, "d", "Days until a certificate in use expires, negative afterwards.");

    /// <summary>An instance looks at a certificate that forwards use, so there are no more series than certificates in use.</summary>
    public void LookedAt(AccountId account, long certificate, DateTimeOffset notAfter) => expiry.Record(
        (notAfter - clock.GetUtcNow()).TotalDays,
        new KeyValuePair<string, object?>(Telemetry.Account, account.Value), new KeyValuePair<string, object?>(Telemetry.Certificate, certificate));
}
