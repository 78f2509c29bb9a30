using MtlsFunctions.CertificateVaults.KeyVault;

namespace MtlsFunctions.Tests.CertificateVaults.KeyVault;

public sealed class KeyVaultClientsTests
{
    private static readonly KeyVaultOptions Options = new() { Uri = new Uri("https://some.vault.azure.net"), RetryDelay = TimeSpan.FromSeconds(1), LongestWait = TimeSpan.FromSeconds(3) };

    [Theory]
    [InlineData(1, 0.8, 1.2)]
    [InlineData(2, 1.6, 2.4)]
    [InlineData(6, 3, 3)]
    public void Waits_double_with_jitter_up_to_the_longest(int tries, double shortest, double longest)
    {
        var waits = Enumerable.Range(0, 50).Select(_ => Clients().Waits.GetNextDelay(response: null, tries).TotalSeconds).ToArray();

        Assert.All(waits, wait => Assert.InRange(wait, shortest, longest));
        Assert.Equal(shortest < longest, waits.Distinct().Count() > 1);
    }

    private static KeyVaultClients Clients() => new(Options, new HashiCorp.NoIdentity());
}
