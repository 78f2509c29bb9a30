using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace MtlsFunctions.CertificateVaults;

/// <summary>What the vault measures; docs/metrics.md lists it.</summary>
public sealed class VaultMetrics(IMeterFactory meters, TimeProvider clock)
{
    private readonly Histogram<double> duration = meters.Create(Telemetry.Name)
        .CreateHistogram<double>("mtls.vault.duration", "s", "Time that a call of the vault took, its own retries included.");

    public long Begin() => clock.GetTimestamp();

    /// <param name="began">What <see cref="Begin"/> told.</param>
    /// <param name="failure">Null for a call that succeeded.</param>
    public void End(string operation, long began, Failure? failure)
    {
        var tags = new TagList { { "mtls.vault.operation", operation } };
        if (failure is not null)
            tags.Add(Telemetry.Error, KindOf(failure));
        duration.Record(clock.GetElapsedTime(began).TotalSeconds, tags);
    }

    // A vault that says when to come back is overloaded, not down.
    private static string KindOf(Failure failure) =>
        failure is { Kind: FailureKind.VaultUnavailable, RetryAfter: not null } ? "throttled" : Problems.Of(failure.Kind).Name;
}
