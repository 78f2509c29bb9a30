using MtlsFunctions.CertificateVaults;

namespace MtlsFunctions.Tests.CertificateVaults;

/// <summary>A vault for each test, and how to call it so that failures, exceptions and hangs are told apart.</summary>
public abstract class VaultTest(VaultSamples samples) : IClassFixture<VaultSamples>, IAsyncLifetime
{
    // Far more than any bounded client needs, on the slowest machine: what takes longer hangs.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private IVaultUnderTest? subject;

    protected VaultSamples Samples => samples;

    protected IVaultUnderTest Subject => subject!;

    protected ICertificateVault Vault => subject!.Vault;

    protected static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>A vault that may hold anything, but nothing of the entries that this test makes.</summary>
    protected abstract Task<IVaultUnderTest> StartAsync();

    public async ValueTask InitializeAsync() => subject = await StartAsync();

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        if (subject is not null)
            await subject.DisposeAsync();
        if (subject is IFaultyVaultUnderTest imitated)
            Assert.Empty(imitated.Faults.Surprises);
    }

    /// <returns>The version; fails the test when nothing is stored.</returns>
    protected Task<string> StoresAsync(VaultEntry entry, byte[] pkcs12) => GivesAsync(Vault.StoreAsync(entry, pkcs12, Cancellation));

    protected Task<byte[]> LoadsAsync(VaultEntry entry, string version) => GivesAsync(Vault.LoadAsync(entry, version, Cancellation));

    protected Task<string[]> ListsAsync(VaultEntry entry) => GivesAsync(Vault.ListVersionsAsync(entry, Cancellation));

    protected async Task DeletesAsync(VaultEntry entry) => Assert.True(await GivesAsync(Vault.DeleteAsync(entry, Cancellation)));

    protected Task<bool> IsReachableAsync() => InTimeAsync(Vault.IsReachableAsync(Cancellation));

    /// <summary>The value; fails the test on a failure, an exception or a hang.</summary>
    protected static async Task<T> GivesAsync<T>(Task<Outcome<T>> call)
    {
        var outcome = await InTimeAsync(call);
        Assert.True(outcome.TryGet(out var value, out var failure), $"{failure?.Kind}: {failure?.Detail}");
        return value!;
    }

    /// <summary>The failure; fails the test on anything else, a hang and a failure of another kind included.</summary>
    protected static async Task<Failure> FailsAsync<T>(FailureKind kind, Task<Outcome<T>> call)
    {
        var outcome = await InTimeAsync(call);
        Assert.False(outcome.TryGet(out _, out var failure), "It succeeded.");
        Assert.Equal(kind, failure.Kind);
        Assert.NotEmpty(failure.Detail);
        return failure;
    }

    /// <summary>All four calls, side by side, fail like that.</summary>
    protected Task<Failure[]> AllFailAsync(FailureKind kind, VaultEntry entry, string version) => Task.WhenAll(
        FailsAsync(kind, Vault.StoreAsync(entry, samples.Pkcs12(), Cancellation)),
        FailsAsync(kind, Vault.LoadAsync(entry, version, Cancellation)),
        FailsAsync(kind, Vault.ListVersionsAsync(entry, Cancellation)),
        FailsAsync(kind, Vault.DeleteAsync(entry, Cancellation)));

    protected static Task<T> InTimeAsync<T>(Task<T> call) => call.WaitAsync(Patience, Cancellation);
}
