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
    public async Task Versions_that_the_vault_has_dropped_are_not_listed_as_if_they_could_be_gone_back_to()
    {
        await using var vault = await HashiCorpDeployment.StartAsync();
        // The larger of the name's limit and the engine's counts.
        await vault.Operator.PostAsync("secret/config", new { max_versions = 1 });
        await using var gateway = await TestGateway.StartAsync(azurite, new Dictionary<string, string?>(vault.Settings) { ["HashiCorpVault:MaxVersions"] = "2" });
        var demo = gateway.As("demo");
        var id = await demo.UploadAsync(gateway.Pki.IssueClient(), "name");
        for (var count = 0; count < 3; count++)
            await demo.UpdateAsync(id, gateway.Pki.IssueClient());

        Assert.Equal("4, 3", await ListedAsync());
        Assert.Equal(HttpStatusCode.OK, (await demo.PostAsync($"{demo.CertificatesPath}/{id}/rollback/3", new JsonObject())).Status);

        // The one in use stays listed, whatever the vault has.
        await vault.Operator.PostAsync($"secret/destroy/mtlsfunctions/demo/{NameIn(vault)}", new { versions = new[] { 3 } });
        Assert.Equal("4, 3", await ListedAsync());
        await vault.Server.StopAsync();
        Assert.Equal("4, 3, 2, 1", await ListedAsync());

        async Task<string> ListedAsync() =>
            string.Join(", ", (await demo.GetAsync($"{demo.CertificatesPath}/{id}/versions")).Json.AsArray().Select(one => one!["version"]));
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

    private static string NameIn(HashiCorpDeployment vault) => vault.Server.Received.Last(request => request.Path.StartsWith("secret/data/mtlsfunctions/demo/", StringComparison.Ordinal)).Path.Split('/')[^1];
}
