using MtlsFunctions.Shared.HashiCorp;

namespace MtlsFunctions.Tests.CertificateVaults.HashiCorp;

/// <summary>Against the real server that VAULT_ADDR and VAULT_TOKEN name, if they do; otherwise against the imitation of Vault.</summary>
public sealed class HashiCorpConformance(VaultSamples samples) : VaultConformance(samples)
{
    protected override async Task<IVaultUnderTest> StartAsync() => RealVault.Named is { } real
        ? await RealVaultUnderTest.StartAsync(real)
        : await HashiCorpVaultUnderTest.StartAsync(Samples.Pki, new VaultUnderTestOptions(VaultDialect.Vault18));
}

public sealed class OpenBaoConformance(VaultSamples samples) : VaultConformance(samples)
{
    protected override async Task<IVaultUnderTest> StartAsync() =>
        await HashiCorpVaultUnderTest.StartAsync(Samples.Pki, new VaultUnderTestOptions(VaultDialect.OpenBao26) { Namespace = "team1" });
}

/// <summary>Behind a load balancer, with standbys that answer reads and are 50 to 300 ms behind.</summary>
public sealed class LaggingStandbysConformance(VaultSamples samples) : VaultConformance(samples)
{
    protected override async Task<IVaultUnderTest> StartAsync() => await HashiCorpVaultUnderTest.StartAsync(Samples.Pki, new VaultUnderTestOptions(VaultDialect.OpenBao26)
    {
        ReadLag = new VaultReadLag(TimeSpan.FromMilliseconds(50), TimeSpan.FromMilliseconds(300)),
    });
}

public sealed class HashiCorpFaultConformance(VaultSamples samples) : VaultFaultConformance(samples)
{
    protected override async Task<IVaultUnderTest> StartAsync() =>
        await HashiCorpVaultUnderTest.StartAsync(Samples.Pki, Impatient.With(VaultDialect.Vault18));
}

public sealed class OpenBaoFaultConformance(VaultSamples samples) : VaultFaultConformance(samples)
{
    protected override async Task<IVaultUnderTest> StartAsync() =>
        await HashiCorpVaultUnderTest.StartAsync(Samples.Pki, Impatient.With(VaultDialect.OpenBao26));
}

file static class Impatient
{
    public static VaultUnderTestOptions With(VaultDialect dialect) => new(dialect)
    {
        Configure = (_, settings) =>
        {
            settings["HashiCorpVault:AttemptTimeout"] = "00:00:00.500";
            return Task.CompletedTask;
        },
    };
}
