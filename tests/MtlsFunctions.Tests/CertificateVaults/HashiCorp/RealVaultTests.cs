using MtlsFunctions.Shared;
using MtlsFunctions.Shared.HashiCorp;

namespace MtlsFunctions.Tests.CertificateVaults.HashiCorp;

/// <summary>A real server is left as it was found.</summary>
public sealed class RealVaultTests(VaultSamples samples) : IClassFixture<VaultSamples>
{
    [Fact]
    public async Task The_suite_removes_the_engine_the_login_and_the_policy_that_it_made()
    {
        var folder = Directory.CreateTempSubdirectory("mtlsfunctions-real-");
        await using var server = await VaultServer.StartAsync(samples.Pki.IssueServer());
        using var http = TrustingClient.Of(samples.Pki);
        var setUp = new VaultOperator(http, new Uri(server.Url), VaultServer.RootToken);
        var vault = await RealVaultUnderTest.StartAsync(
            new RealVault(new Uri(server.Url), VaultServer.RootToken, Namespace: null, samples.Pki.WriteRootPem(folder.FullName)));
        string[] made = [$"sys/policies/acl/{vault.Name}", $"sys/internal/ui/mounts/{vault.Name}/x", $"auth/{vault.Name}/role/gateway/role-id"];
        foreach (var path in made)
            Assert.NotNull(await setUp.GetAsync(path));

        await vault.DisposeAsync();

        foreach (var path in made)
            await Assert.ThrowsAsync<InvalidOperationException>(() => setUp.GetAsync(path));
        folder.Delete(recursive: true);
    }
}
