using Microsoft.AspNetCore.Http;
using MtlsFunctions.CertificateVaults;
using MtlsFunctions.Shared;
using MtlsFunctions.Shared.HashiCorp;

namespace MtlsFunctions.Tests.CertificateVaults.HashiCorp;

/// <summary>
/// Behind standbys that lag, beyond what <see cref="LaggingStandbysConformance"/> shows of one instance: others read what the table has
/// just told them of, and a conflict is what is read once that is up to date.
/// </summary>
public sealed class LaggingStandbyTests(VaultSamples samples) : VaultTest(samples)
{
    private HashiCorpVaultUnderTest HashiCorp => (HashiCorpVaultUnderTest)Subject;

    private VaultServer Server => HashiCorp.Server;

    protected override async Task<IVaultUnderTest> StartAsync() => await HashiCorpVaultUnderTest.StartAsync(Samples.Pki, new VaultUnderTestOptions(VaultDialect.OpenBao26)
    {
        ReadLag = new VaultReadLag(TimeSpan.FromMilliseconds(50), TimeSpan.FromMilliseconds(300)),
    });

    [Fact]
    public async Task A_version_that_another_instance_has_just_stored_is_found()
    {
        await using var other = HashiCorp.AnotherInstance();
        for (var count = 0; count < 3; count++)
        {
            var entry = await Samples.EntryAsync();
            var pkcs12 = Samples.Pkcs12();
            var version = await StoresAsync(entry, pkcs12);

            VaultSamples.AreTheSame(pkcs12, await GivesAsync(other.Vault.LoadAsync(JustStored(entry), version, Cancellation)));
        }
    }

    [Fact]
    public async Task What_is_missing_all_the_same_is_missing_after_the_lag_and_at_once_when_it_is_old()
    {
        var entry = await Samples.EntryAsync();
        var before = Server.Faults.Requests;

        await FailsAsync(FailureKind.VaultEntryMissing, Vault.LoadAsync(entry with { StoredAt = TimeProvider.System.GetUtcNow().AddMinutes(-2) }, "1", Cancellation));
        Assert.Equal(1, Server.Faults.Requests - before - 1);

        before = Server.Faults.Requests;
        var began = TimeProvider.System.GetTimestamp();
        await FailsAsync(FailureKind.VaultEntryMissing, Vault.LoadAsync(JustStored(entry), "1", Cancellation));
        Assert.True(TimeProvider.System.GetElapsedTime(began) >= TimeSpan.FromSeconds(1));
        Assert.InRange(Server.Faults.Requests - before, 3, 20);
    }

    [Fact]
    public async Task A_call_that_ends_sooner_than_the_lag_says_missing_in_time()
    {
        await using var hasty = HashiCorp.AnotherInstance(("HashiCorpVault:StandbyLag", "00:00:30"), ("HashiCorpVault:Timeout", "00:00:02"));

        await FailsAsync(FailureKind.VaultEntryMissing, hasty.Vault.LoadAsync(JustStored(await Samples.EntryAsync()), "1", Cancellation));
    }

    [Fact]
    public async Task Stores_of_several_instances_that_read_old_numbers_are_all_kept()
    {
        await using var other = HashiCorp.AnotherInstance();
        var entry = await Samples.EntryAsync();
        var pkcs12 = Samples.Pkcs12();

        var versions = await Task.WhenAll(Enumerable.Range(0, 10).SelectMany(_ => new[]
        {
            Task.Run(() => StoresAsync(entry, pkcs12), Cancellation),
            Task.Run(() => GivesAsync(other.Vault.StoreAsync(entry, pkcs12, Cancellation)), Cancellation),
        }));

        Assert.Equal(Enumerable.Range(1, 20), versions.Select(version => int.Parse(version, null)).Order());
    }

    [Fact]
    public async Task A_write_whose_answer_is_lost_is_one_version_although_it_is_read_late()
    {
        var entry = await Samples.EntryAsync();
        var old = await StoresAsync(entry, Samples.Pkcs12());
        Server.Script = VaultScripts.Only(1, IsWrite, VaultScripts.LoseAnswer);
        var pkcs12 = Samples.Pkcs12();

        var version = await StoresAsync(entry, pkcs12);

        Assert.Equal([version, old], await ListsAsync(entry));
        VaultSamples.AreTheSame(pkcs12, await LoadsAsync(entry, version));
    }

    [Fact]
    public async Task Numbers_that_start_over_behind_our_back_are_followed()
    {
        var entry = await Samples.EntryAsync();
        await StoresAsync(entry, Samples.Pkcs12());
        await StoresAsync(entry, Samples.Pkcs12());
        await HashiCorp.Operator.DeleteAsync($"{HashiCorpVaultUnderTest.Mount}/metadata/{HashiCorpVaultUnderTest.Folder}/{entry.Account}/{entry.Name}");
        var pkcs12 = Samples.Pkcs12();

        Assert.Equal("1", await StoresAsync(entry, pkcs12));
        VaultSamples.AreTheSame(pkcs12, await LoadsAsync(entry, "1"));
    }

    private static VaultEntry JustStored(VaultEntry entry) => entry with { StoredAt = TimeProvider.System.GetUtcNow() };

    private static bool IsWrite(HttpRequest request) => request.Method == "POST" && request.Path.Value!.Contains("/data/", StringComparison.Ordinal);
}
