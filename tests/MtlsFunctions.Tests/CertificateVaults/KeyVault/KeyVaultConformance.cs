namespace MtlsFunctions.Tests.CertificateVaults.KeyVault;

/// <summary>Against the vault that <c>KEYVAULT_URI</c> names, or the imitation.</summary>
public sealed class KeyVaultConformance(VaultSamples samples) : VaultConformance(samples)
{
    protected override async Task<IVaultUnderTest> StartAsync() => RealKeyVaultUnderTest.Address is { } address
        ? new RealKeyVaultUnderTest(address)
        : await KeyVaultUnderTest.StartAsync(TimeSpan.FromSeconds(10));
}
