namespace MtlsFunctions.Tests.CertificateVaults;

/// <summary>A vault that can't be reached, and callers who leave.</summary>
public abstract partial class VaultConformance
{
    [Fact]
    public async Task A_vault_that_is_there_says_so() => Assert.True(await IsReachableAsync());

    [Fact]
    public async Task An_unreachable_vault_is_a_failure_of_every_call_and_never_an_exception()
    {
        var entry = await Samples.EntryAsync();
        var version = await StoresAsync(entry, Samples.Pkcs12());
        await Subject.CutOffAsync();

        await AllFailAsync(FailureKind.VaultUnavailable, entry, version);

        Assert.False(await IsReachableAsync());
    }

    [Fact]
    public async Task A_store_that_fails_keeps_the_old_version_and_leaves_nothing_behind()
    {
        var (entry, fresh) = (await Samples.EntryAsync(), await Samples.EntryAsync());
        var pkcs12 = Samples.Pkcs12();
        var version = await StoresAsync(entry, pkcs12);
        await Subject.CutOffAsync();
        await FailsAsync(FailureKind.VaultUnavailable, Vault.StoreAsync(entry, Samples.Pkcs12(), Cancellation));
        await FailsAsync(FailureKind.VaultUnavailable, Vault.StoreAsync(fresh, Samples.Pkcs12(), Cancellation));

        await Subject.ReconnectAsync();

        VaultSamples.AreTheSame(pkcs12, await LoadsAsync(entry, version));
        Assert.Equal([version], await ListsAsync(entry));
        Assert.Empty(await ListsAsync(fresh));
    }

    [Fact]
    public async Task When_the_vault_is_back_everything_works_with_no_restart()
    {
        var entry = await Samples.EntryAsync();
        await Subject.CutOffAsync();
        Assert.False(await IsReachableAsync());

        await Subject.ReconnectAsync();

        Assert.True(await IsReachableAsync());
        await GoesThroughItsLifeAsync(entry);
    }

    [Fact]
    public async Task A_caller_who_has_left_gets_a_cancellation_and_nothing_is_stored()
    {
        var entry = await Samples.EntryAsync();
        var version = await StoresAsync(entry, Samples.Pkcs12());
        var left = new CancellationToken(canceled: true);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Vault.StoreAsync(entry, Samples.Pkcs12(), left));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Vault.LoadAsync(entry, version, left));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Vault.ListVersionsAsync(entry, left));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Vault.DeleteAsync(entry, left));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Vault.IsReachableAsync(left));

        Assert.Equal([version], await ListsAsync(entry));
    }
}
