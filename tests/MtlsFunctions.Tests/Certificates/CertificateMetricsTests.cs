using Microsoft.Extensions.Diagnostics.Metrics.Testing;
using Microsoft.Extensions.Logging.Testing;
using Microsoft.Extensions.Time.Testing;
using MtlsFunctions.Certificates;
using MtlsFunctions.Shared;

namespace MtlsFunctions.Tests.Certificates;

/// <summary>No certificate is lost to alerts however many there are, and the log says which it is.</summary>
public sealed class CertificateMetricsTests : IDisposable
{
    private readonly Meters meters = new();
    private readonly FakeLogger<CertificateMetrics> log = new();
    private readonly FakeTimeProvider clock = new(new DateTimeOffset(2026, 11, 28, 12, 0, 0, TimeSpan.Zero));

    [Fact]
    public void Of_5000_certificates_the_one_that_ends_first_is_told_in_one_series()
    {
        using var days = new MetricCollector<double>(meters, Telemetry.Name, Telemetry.DaysToExpiry);
        var metrics = new CertificateMetrics(meters, log, clock);

        for (var certificate = 1; certificate <= 5000; certificate++)
            metrics.LookedAt(The.Account(), certificate, clock.GetUtcNow().AddDays(certificate == 4321 ? 3 : 300));

        var told = days.GetMeasurementSnapshot();
        Assert.Equal((5000, 3.0), (told.Count, told.Min(one => one.Value)));
        Assert.All(told, one => Assert.Empty(one.Tags));
        Assert.Contains("Certificate 4321 of account ", Assert.Single(log.Collector.GetSnapshot()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_certificate_that_ends_soon_is_named_once_a_day()
    {
        var metrics = new CertificateMetrics(meters, log, clock);
        var ends = clock.GetUtcNow().AddDays(2.5);

        for (var look = 0; look < 3; look++)
            metrics.LookedAt(The.Account(), 7, ends);
        clock.Advance(TimeSpan.FromDays(1));
        metrics.LookedAt(The.Account(), 7, ends);

        Assert.Equal(["in 2 days.", "in 1 days."], log.Collector.GetSnapshot().Select(line => line.Message[^10..]));
    }

    [Fact]
    public void Beyond_what_is_remembered_certificates_are_named_again_and_never_passed_over()
    {
        var metrics = new CertificateMetrics(meters, log, clock);

        for (var certificate = 1; certificate <= 20_002; certificate++)
            metrics.LookedAt(The.Account(), certificate, clock.GetUtcNow().AddDays(1));
        metrics.LookedAt(The.Account(), 1, clock.GetUtcNow().AddDays(1));

        Assert.Equal(20_003, log.Collector.Count);
    }

    public void Dispose() => meters.Dispose();
}
