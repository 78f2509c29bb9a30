namespace MtlsFunctions.Tests.CertificateVaults.Local;

public sealed class LocalVaultConformance(VaultSamples samples) : VaultConformance(samples)
{
    protected override Task<IVaultUnderTest> StartAsync() => Task.FromResult<IVaultUnderTest>(new LocalVaultUnderTest());
}
