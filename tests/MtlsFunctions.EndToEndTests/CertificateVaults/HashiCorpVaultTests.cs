using System.Net;
using System.Text.Json.Nodes;
using MtlsFunctions.LocalHost;
using MtlsFunctions.Shared;
using MtlsFunctions.Shared.HashiCorp;

namespace MtlsFunctions.EndToEndTests.CertificateVaults;

/// <summary>The gateway with HashiCorp Vault, seen from outside.</summary>
public sealed class HashiCorpVaultTests(AzuriteFixture azurite)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Behind_standbys_that_lag_every_instance_forwards_right_after_an_upload()
    {
        await using var vault = await HashiCorpDeployment.StartAsync(new VaultReadLag(TimeSpan.FromMilliseconds(50), TimeSpan.FromMilliseconds(300)));
        var settings = new Dictionary<string, string?>(vault.Settings) { ["Storage:TableName"] = $"t{Guid.NewGuid():N}", ["HashiCorpVault:Timeout"] = "00:00:10" };
        await using var one = await TestGateway.StartAsync(azurite, settings);
        await using var remote = await MtlsServer.StartAsync(one.Pki);
        var client = one.Pki.IssueClient();
        var id = await one.As("demo").UploadAsync(client, "name");
        await one.As("demo").MapAsync(remote.Url, id);

        Assert.Equal(client.Thumbprint, (string?)(await one.As("demo").ForwardAsync(HttpMethod.Get, remote.Url)).Json["thumbprint"]);
        var renewed = one.Pki.IssueClient();
        await one.As("demo").UpdateAsync(id, renewed);
        var folder = Directory.CreateTempSubdirectory("mtlsfunctions-test-");
        settings["Forwarding:TrustedRoots:0"] = one.Pki.WriteRootPem(folder.FullName);
        await using var other = await TestGateway.StartAsync(azurite, settings);

        Assert.Equal(renewed.Thumbprint, (string?)(await other.As("demo").ForwardAsync(HttpMethod.Get, remote.Url)).Json["thumbprint"]);
        Assert.Equal(renewed.Thumbprint, (string?)(await one.As("demo").ForwardAsync(HttpMethod.Get, remote.Url)).Json["thumbprint"]);
        folder.Delete(recursive: true);
    }

    [Fact]
    public async Task An_engine_without_versions_does_not_start_and_says_what_to_do()
    {
        await using var vault = await HashiCorpDeployment.StartAsync();
        await vault.Operator.PostAsync("sys/mounts/old", new { type = "kv" });
        var settings = new Dictionary<string, string?>(vault.Settings)
        {
            ["HashiCorpVault:Mount"] = "old",
            ["HashiCorpVault:RoleId"] = null,
            ["HashiCorpVault:SecretId"] = null,
            ["HashiCorpVault:Token"] = VaultServer.RootToken,
        };

        var refused = await Assert.ThrowsAsync<LocalHostException>(() => TestGateway.StartAsync(azurite, settings));

        Assert.Contains("vault kv enable-versioning old", refused.Message, StringComparison.Ordinal);
    }
}
