using Microsoft.Extensions.Diagnostics.Metrics.Testing;
using Microsoft.Extensions.Time.Testing;
using Moq;
using MtlsFunctions.CertificateVaults;
using MtlsFunctions.Shared;

namespace MtlsFunctions.Tests.CertificateVaults;

/// <summary>Every call of the vault is measured, by what was called and what came of it.</summary>
public sealed class MeasuredVaultTests : IDisposable
{
    private readonly FakeTimeProvider clock = new();
    private readonly Meters meters = new();
    private readonly Mock<ICertificateVault> inner = new();
    private readonly MetricCollector<double> duration;
    private readonly MeasuredVault vault;

    public MeasuredVaultTests()
    {
        duration = new MetricCollector<double>(meters, Telemetry.Name, "mtls.vault.duration");
        vault = new MeasuredVault(inner.Object, new VaultMetrics(meters, clock));
    }

    [Fact]
    public async Task A_call_that_succeeds_is_measured_with_its_time_and_no_error()
    {
        byte[] kept = [1, 2, 3];
        Answers(kept);

        var loaded = await vault.LoadAsync(Entry, "1", TestContext.Current.CancellationToken);

        Assert.True(loaded.TryGet(out var found, out _));
        Assert.Same(kept, found);
        var measured = duration.LastMeasurement!;
        Assert.Equal(3, measured.Value);
        Assert.Equal(new Dictionary<string, object?> { ["mtls.vault.operation"] = "load" }, measured.Tags);
    }

    [Theory]
    [InlineData(FailureKind.VaultUnavailable, null, "vault-unavailable")]
    [InlineData(FailureKind.VaultUnavailable, 7, "throttled")]
    [InlineData(FailureKind.VaultRefused, null, "vault-refused")]
    [InlineData(FailureKind.VaultEntryMissing, null, "vault-entry-missing")]
    public async Task A_failure_is_passed_on_and_told_apart(FailureKind kind, int? retryAfter, string error)
    {
        var failure = new Failure(kind, "Something.") { RetryAfter = retryAfter is { } seconds ? TimeSpan.FromSeconds(seconds) : null };
        Answers(failure);

        var loaded = await vault.LoadAsync(Entry, "1", TestContext.Current.CancellationToken);

        Assert.False(loaded.TryGet(out _, out var told));
        Assert.Same(failure, told);
        Assert.Equal(error, duration.LastMeasurement!.Tags["error.type"]);
    }

    [Fact]
    public async Task Every_operation_has_its_name()
    {
        var cancellation = TestContext.Current.CancellationToken;
        inner.Setup(one => one.StoreAsync(Entry, It.IsAny<ReadOnlyMemory<byte>>(), cancellation)).ReturnsAsync("1");
        inner.Setup(one => one.ListVersionsAsync(Entry, cancellation)).ReturnsAsync(new[] { "1" });
        inner.Setup(one => one.DeleteAsync(Entry, cancellation)).ReturnsAsync(true);
        Answers(Array.Empty<byte>());

        await vault.StoreAsync(Entry, new byte[1], cancellation);
        await vault.LoadAsync(Entry, "1", cancellation);
        await vault.ListVersionsAsync(Entry, cancellation);
        await vault.DeleteAsync(Entry, cancellation);
        await vault.IsReachableAsync(cancellation);

        Assert.Equal(["store", "load", "list", "delete"], duration.GetMeasurementSnapshot().Select(one => one.Tags["mtls.vault.operation"]));
    }

    public void Dispose()
    {
        duration.Dispose();
        meters.Dispose();
    }

    private static VaultEntry Entry { get; } = new(null!, "c-1", 1);

    private void Answers(Outcome<byte[]> outcome) =>
        inner.Setup(one => one.LoadAsync(Entry, "1", It.IsAny<CancellationToken>())).ReturnsAsync(() =>
        {
            clock.Advance(TimeSpan.FromSeconds(3));
            return outcome;
        });
}
