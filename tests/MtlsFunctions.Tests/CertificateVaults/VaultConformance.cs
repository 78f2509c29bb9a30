using MtlsFunctions.CertificateVaults;

namespace MtlsFunctions.Tests.CertificateVaults;

/// <summary>
/// What <see cref="ICertificateVault"/> promises, whatever the vault: one class per vault derives from this. How a client meets the
/// faults of a server is in <see cref="VaultFaultConformance"/>.
/// </summary>
public abstract partial class VaultConformance(VaultSamples samples) : VaultTest(samples)
{
    /// <summary>Stored, loaded, listed and deleted.</summary>
    private async Task GoesThroughItsLifeAsync(VaultEntry entry)
    {
        var pkcs12 = Samples.Pkcs12();
        var version = await StoresAsync(entry, pkcs12);
        VaultSamples.AreTheSame(pkcs12, await LoadsAsync(entry, version));
        Assert.Equal([version], await ListsAsync(entry));
        await DeletesAsync(entry);
        Assert.Empty(await ListsAsync(entry));
    }
}
