using System.Collections.Concurrent;
using System.Net;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Configuration;
using MtlsFunctions.LocalHost.CopyVault;
using MtlsFunctions.Shared;

namespace MtlsFunctions.EndToEndTests.CertificateVaults;

/// <summary>Vaults that give a version's number twice: after a name was deleted and written anew, and after a restored snapshot.</summary>
public sealed class RestoredVaultTests(AzuriteFixture azurite) : IAsyncLifetime
{
    private const string Folder = "secret/data/mtlsfunctions/demo";

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("mtlsfunctions-test-");
    private readonly Dictionary<string, string?> settings = new() { ["Storage:TableName"] = $"t{Guid.NewGuid():N}" };

    private HashiCorpDeployment vault = null!;
    private TestGateway gateway = null!;
    private MtlsServer remote = null!;
    private TestClient first = null!;
    private long id;

    private GatewayClient Demo => gateway.As("demo");

    private string Certificate => $"{Demo.CertificatesPath}/{id}";

    public async ValueTask InitializeAsync()
    {
        vault = await HashiCorpDeployment.StartAsync();
        foreach (var (name, value) in vault.Settings)
            settings[name] = value;
        gateway = await TestGateway.StartAsync(azurite, settings);
        settings["Forwarding:TrustedRoots:0"] = gateway.Pki.WriteRootPem(folder.FullName);
        remote = await MtlsServer.StartAsync(gateway.Pki);
        first = gateway.Pki.IssueClient();
        id = await Demo.UploadAsync(first, "name");
        await Demo.MapAsync(remote.Url, id);
        Assert.Equal(first.Thumbprint, await SeenAsync());
    }

    [Fact]
    public async Task After_a_name_was_deleted_and_written_anew_the_new_certificate_is_presented_and_no_rollback_names_the_old_one()
    {
        var second = gateway.Pki.IssueClient();
        await vault.Operator.DeleteAsync(await MetadataAsync());

        Assert.Equal(HttpStatusCode.OK, (await Demo.UpdateAsync(id, second)).Status);
        Assert.Equal(second.Thumbprint, await SeenAsync());

        var refused = await Demo.PostAsync($"{Certificate}/rollback/1", new JsonObject());
        refused.IsProblem(HttpStatusCode.ServiceUnavailable, "vault-entry-missing");
        await IsInUseAsync(second, version: 2);
        Assert.Equal(second.Thumbprint, await SeenAsync());
        await using var restarted = await TestGateway.StartAsync(azurite, settings);
        Assert.Equal(second.Thumbprint, await SeenAsync(restarted));
    }

    [Fact]
    public async Task After_a_restored_snapshot_and_an_update_only_versions_that_are_still_themselves_can_be_gone_back_to()
    {
        var (lost, third) = (gateway.Pki.IssueClient(), gateway.Pki.IssueClient());
        var snapshot = await ReadAsync();
        await Demo.UpdateAsync(id, lost);
        Assert.Equal(lost.Thumbprint, await SeenAsync());
        await RestoreAsync(snapshot);

        Assert.Equal(HttpStatusCode.OK, (await Demo.UpdateAsync(id, third)).Status);
        Assert.Equal(third.Thumbprint, await SeenAsync());

        (await Demo.PostAsync($"{Certificate}/rollback/2", new JsonObject())).IsProblem(HttpStatusCode.ServiceUnavailable, "vault-entry-missing");
        await IsInUseAsync(third, version: 3);
        Assert.Equal(HttpStatusCode.OK, (await Demo.PostAsync($"{Certificate}/rollback/1", new JsonObject())).Status);
        Assert.Equal(first.Thumbprint, await SeenAsync());
    }

    [Fact]
    public async Task Another_certificate_under_the_version_in_use_is_never_presented_and_the_certificate_is_unavailable()
    {
        var stranger = await ReadAsync();
        var second = gateway.Pki.IssueClient();
        await Demo.UpdateAsync(id, second);
        // The number of the version in use, with the first one's key under it.
        await RestoreAsync(stranger, stranger);
        await using var restarted = await TestGateway.StartAsync(azurite, settings);
        var seen = remote.Received.Count;

        var forward = await restarted.As("demo").ForwardAsync(HttpMethod.Get, remote.Url);
        forward.IsProblem(HttpStatusCode.ServiceUnavailable, "vault-entry-missing");
        (await restarted.As("demo").GetAsync($"{Certificate}/download")).IsProblem(HttpStatusCode.ServiceUnavailable, "vault-entry-missing");
        var activated = await restarted.As("demo").PostAsync(
            $"{Demo.CertificatesPath}/activate/{id}?isValidateUrlEnabled=true", new JsonObject { ["serviceName"] = "IDP", ["url"] = remote.Url });
        activated.IsProblem(HttpStatusCode.ServiceUnavailable, "vault-entry-missing");

        Assert.Equal("UnAvailable", (string?)(await Demo.GetAsync(Certificate)).Json["status"]);
        Assert.Equal(seen, remote.Received.Count);

        // An upload mends it, as it mends any lost one.
        Assert.Equal(HttpStatusCode.OK, (await Demo.UpdateAsync(id, second)).Status);
        Assert.Equal(second.Thumbprint, await SeenAsync());
    }

    [Fact]
    public async Task A_copy_names_what_another_certificate_was_stored_under_and_leaves_it()
    {
        var second = gateway.Pki.IssueClient();
        await vault.Operator.DeleteAsync(await MetadataAsync());
        await Demo.UpdateAsync(id, second);
        var said = new ConcurrentQueue<string>();
        var copied = new Dictionary<string, string?>
        {
            ["Storage:TableName"] = $"t{Guid.NewGuid():N}",
            ["LocalVault:Folder"] = Path.Combine(folder.FullName, "vault"),
        };

        // Two rows name the vault's version 1, and one of them means what was there before.
        await using (VaultSide from = Side(settings), to = Side(copied))
            Assert.Equal(1, await CopyVaultVerb.RunAsync(from, to, said.Enqueue, TestContext.Current.CancellationToken));

        Assert.Contains(said, line => line.Contains("another certificate than the row describes", StringComparison.Ordinal));
        Assert.Contains(said, line => line.Contains("versions: 1 copied, 0 there already, 1 failed.", StringComparison.Ordinal));
        await using var moved = await TestGateway.StartAsync(azurite, copied);
        var versions = (await moved.As("demo").GetAsync($"{Certificate}/versions")).Json.AsArray();
        Assert.Equal([second.Thumbprint], versions.Select(version => (string?)version!["thumbprint"]));
    }

    public async ValueTask DisposeAsync()
    {
        await remote.DisposeAsync();
        await gateway.DisposeAsync();
        await vault.DisposeAsync();
        folder.Delete(recursive: true);
    }

    private async Task<string?> SeenAsync(TestGateway? through = null) =>
        (string?)(await (through ?? gateway).As("demo").ForwardAsync(HttpMethod.Get, remote.Url)).Json["thumbprint"];

    private VaultSide Side(Dictionary<string, string?> side) => VaultSide.Open(new ConfigurationBuilder().AddInMemoryCollection(
        new Dictionary<string, string?>(side) { ["Storage:ConnectionString"] = azurite.ConnectionString }).Build());

    private async Task IsInUseAsync(TestClient client, int version)
    {
        var row = (await Demo.GetAsync(Certificate)).Json;
        Assert.Equal((client.Thumbprint, version, "Available"), ((string?)row["thumbprint"], (int)row["version"]!, (string?)row["status"]));
    }

    private async Task<string> NameAsync() =>
        (string)(await vault.Operator.GetAsync($"{Folder.Replace("/data/", "/metadata/", StringComparison.Ordinal)}?list=true"))!["data"]!["keys"]![0]!;

    private async Task<string> MetadataAsync() => $"{Folder.Replace("/data/", "/metadata/", StringComparison.Ordinal)}/{await NameAsync()}";

    private async Task<JsonNode> ReadAsync() => (await vault.Operator.GetAsync($"{Folder}/{await NameAsync()}"))!["data"]!["data"]!.DeepClone();

    /// <summary>The name as it was when it held only these versions.</summary>
    private async Task RestoreAsync(params JsonNode[] versions)
    {
        var path = $"{Folder}/{await NameAsync()}";
        await vault.Operator.DeleteAsync(await MetadataAsync());
        foreach (var version in versions)
            await vault.Operator.PostAsync(path, new { data = version });
    }
}
