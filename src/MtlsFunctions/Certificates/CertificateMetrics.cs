using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using MtlsFunctions.Authorization;

namespace MtlsFunctions.Certificates;

/// <summary>
/// What certificates measure; docs/metrics.md lists it. A series for each certificate would be lost beyond the 2,000 that OpenTelemetry
/// keeps for an instrument, so how many days are left is one histogram, whose least value alerts look at, and the log names who it is.
/// </summary>
public sealed partial class CertificateMetrics(IMeterFactory meters, ILogger<CertificateMetrics> logger, TimeProvider clock)
{
    /// <summary>Days before its end from which a certificate is named in the log, once a day and instance.</summary>
    private const int NamedFrom = 30;

    /// <summary>Beyond so many a day they are named again, rather than not at all.</summary>
    private const int MaxNamed = 20_000;

    private readonly Histogram<double> expiry = meters.Create(Telemetry.Name).CreateHistogram(
        Telemetry.DaysToExpiry, "d", "Days until a certificate in use expires, negative afterwards; once for each look.", tags: null,
        new InstrumentAdvice<double> { HistogramBucketBoundaries = [0, 1, 7, 14, 30, 60, 90, 180, 365] });

    private readonly ConcurrentDictionary<(AccountId, long), byte> named = new();
    private long namedOn;

    /// <summary>An instance looks at a certificate that forwards use, or that it had to refuse.</summary>
    public void LookedAt(AccountId account, long certificate, DateTimeOffset notAfter)
    {
        var now = clock.GetUtcNow();
        var days = (notAfter - now).TotalDays;
        expiry.Record(days);
        if (days < NamedFrom && IsFirstToday(account, certificate, now))
            Expires(certificate, account.Value, (int)Math.Floor(days));
    }

    private bool IsFirstToday(AccountId account, long certificate, DateTimeOffset now)
    {
        var today = now.UtcTicks / TimeSpan.TicksPerDay;
        if (Interlocked.Exchange(ref namedOn, today) != today)
            named.Clear();
        if (!named.TryAdd((account, certificate), 0))
            return false;
        if (named.Count > MaxNamed)
            named.Clear();
        return true;
    }

    [LoggerMessage(LogLevel.Warning, "Certificate {CertificateId} of account {Account} is in use and expires in {Days} days.")]
    private partial void Expires(long certificateId, string account, int days);
}
