namespace MtlsFunctions.Tests.CertificateVaults.KeyVault;

public sealed class KeyVaultFaultConformance(VaultSamples samples) : VaultFaultConformance(samples)
{
    protected override async Task<IVaultUnderTest> StartAsync() => await KeyVaultUnderTest.StartAsync(TimeSpan.FromSeconds(0.5));
}
