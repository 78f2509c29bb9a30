using MtlsFunctions.CertificateVaults;
using MtlsFunctions.Shared;

namespace MtlsFunctions.Tests.CertificateVaults;

/// <summary>
/// How the client of a vault behind a network meets the server's faults: each becomes the right value of the closed list, after a
/// bounded number of tries. Each such vault has one class that derives from this, always against its imitation server.
/// </summary>
public abstract class VaultFaultConformance(VaultSamples samples) : VaultTest(samples)
{
    /// <summary>Requests of one call, at most.</summary>
    private const int MaxTries = 5;

    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    protected VaultFaults Server => ((IFaultyVaultUnderTest)Subject).Faults;

    public static TheoryData<VaultFaultKind> Outages =>
        [VaultFaultKind.ServerError, VaultFaultKind.Throttled, VaultFaultKind.Silent, VaultFaultKind.Garbage, VaultFaultKind.CutShort];

    [Theory]
    [MemberData(nameof(Outages))]
    public async Task A_server_that_goes_on_failing_makes_the_vault_unavailable_after_a_few_tries(VaultFaultKind fault)
    {
        var (entry, version) = await StoredAsync();
        Server.Suffer(new VaultFault(fault));
        var before = Server.Requests;

        var failures = await AllFailAsync(FailureKind.VaultUnavailable, entry, version);

        Assert.InRange(Server.Requests - before, failures.Length, failures.Length * MaxTries);

        Assert.False(await IsReachableAsync());
        Server.Suffer(VaultFault.None);
        Assert.Equal([version], await ListsAsync(entry));
        await LoadsAsync(entry, version);
    }

    [Theory]
    [InlineData(VaultFaultKind.ServerError)]
    [InlineData(VaultFaultKind.Throttled)]
    public async Task A_server_that_recovers_soon_is_not_noticed(VaultFaultKind fault)
    {
        var entry = await Samples.EntryAsync();
        var pkcs12 = Samples.Pkcs12();

        Server.Suffer(new VaultFault(fault, Times: 2));
        var version = await StoresAsync(entry, pkcs12);
        Server.Suffer(new VaultFault(fault, Times: 2));
        VaultSamples.AreTheSame(pkcs12, await LoadsAsync(entry, version));
        Server.Suffer(new VaultFault(fault, Times: 2));
        Assert.Equal([version], await ListsAsync(entry));
        Server.Suffer(new VaultFault(fault, Times: 2));
        await DeletesAsync(entry);
    }

    [Fact]
    public async Task A_short_wait_that_the_server_asks_for_is_kept()
    {
        Assert.True(((IFaultyVaultUnderTest)Subject).LongestWait >= TimeSpan.FromSeconds(1));
        var (entry, version) = await StoredAsync();
        Server.Suffer(new VaultFault(VaultFaultKind.Throttled, Times: 1, RetryAfter: TimeSpan.FromSeconds(1)));
        var started = TimeProvider.System.GetTimestamp();

        await LoadsAsync(entry, version);

        Assert.True(TimeProvider.System.GetElapsedTime(started) >= TimeSpan.FromSeconds(0.9), "It was tried before the second was over.");
    }

    [Fact]
    public async Task A_long_wait_is_told_instead_of_waited_for()
    {
        var (entry, version) = await StoredAsync();
        Server.Suffer(new VaultFault(VaultFaultKind.Throttled, RetryAfter: Hour));

        var store = await FailsAsync(FailureKind.VaultUnavailable, Vault.StoreAsync(entry, Samples.Pkcs12(), Cancellation));
        var load = await FailsAsync(FailureKind.VaultUnavailable, Vault.LoadAsync(entry, version, Cancellation));

        Assert.Equal((Hour, Hour), (store.RetryAfter, load.RetryAfter));
    }

    [Fact]
    public async Task A_server_that_forbids_makes_the_vault_refuse()
    {
        var (entry, version) = await StoredAsync();
        Server.Suffer(new VaultFault(VaultFaultKind.Forbidden));

        await AllFailAsync(FailureKind.VaultRefused, entry, version);

        Assert.False(await IsReachableAsync());
    }

    [Theory]
    [InlineData(VaultFaultKind.LostAnswer)]
    [InlineData(VaultFaultKind.LateAnswer)]
    public async Task A_store_whose_answer_is_lost_or_late_is_one_version(VaultFaultKind fault)
    {
        var entry = await Samples.EntryAsync();
        var (old, pkcs12) = (Samples.Pkcs12(), Samples.Pkcs12());
        var oldVersion = await StoresAsync(entry, old);
        Server.Suffer(new VaultFault(fault, Times: 1));

        var version = await StoresAsync(entry, pkcs12);

        VaultSamples.AreTheSame(pkcs12, await LoadsAsync(entry, version));
        VaultSamples.AreTheSame(old, await LoadsAsync(entry, oldVersion));
        Assert.Equal([version, oldVersion], await ListsAsync(entry));
    }

    [Fact]
    public async Task A_caller_who_leaves_in_mid_call_gets_a_cancellation()
    {
        var (entry, version) = await StoredAsync();
        Server.Suffer(new VaultFault(VaultFaultKind.Silent));
        using var leaving = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);

        var call = Vault.LoadAsync(entry, version, leaving.Token);
        await Server.Suffered.WaitAsync(Cancellation);
        await leaving.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => InTimeAsync(call));
    }

    [Fact]
    public async Task Nothing_secret_is_told_by_a_failure()
    {
        var (entry, version) = await StoredAsync();
        foreach (var kind in Enum.GetValues<VaultFaultKind>().Except([VaultFaultKind.LostAnswer]))
        {
            Server.Suffer(new VaultFault(kind));
            Assert.False((await Vault.LoadAsync(entry, version, Cancellation)).TryGet(out _, out var failure));
            Assert.DoesNotContain(entry.Name, failure.Detail, StringComparison.OrdinalIgnoreCase);
            Assert.DoesNotContain("://", failure.Detail, StringComparison.Ordinal);
        }
    }

    private async Task<(VaultEntry Entry, string Version)> StoredAsync()
    {
        var entry = await Samples.EntryAsync();
        return (entry, await StoresAsync(entry, Samples.Pkcs12()));
    }
}
