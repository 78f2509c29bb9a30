using System.Net;
using MtlsFunctions.EndToEndTests.CertificateVaults;
using MtlsFunctions.LocalHost.Azurite;
using MtlsFunctions.Shared;

namespace MtlsFunctions.EndToEndTests.Resilience;

/// <summary>A vault behind the network is stopped, started and robbed while requests go on.</summary>
public sealed class VaultOutageTests(AzuriteFixture azurite) : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("mtlsfunctions-test-");

    [Fact]
    public async Task An_outage_of_vault_and_table_together_loses_no_warm_forward_and_ends_without_a_restart()
    {
        var table = await AzuriteServer.StartAsync(folder.CreateSubdirectory("table").FullName, 0, Console.Error.WriteLine, TestContext.Current.CancellationToken);
        await using var deployment = await HashiCorpDeployment.StartAsync();
        var (vault, settings) = (deployment.Server, deployment.Settings);
        settings["Storage:ConnectionString"] = table.ConnectionString;
        settings["Runtime:RefreshInterval"] = "00:00:00.2";
        settings["Runtime:MaxLag"] = "00:00:00.5";
        await using var gateway = await TestGateway.StartAsync(azurite, settings, Resilient.Quiet);
        await using var remote = await MtlsServer.StartAsync(gateway.Pki);
        var demo = gateway.As("demo");
        var (certificate, next) = (gateway.Pki.IssueClient(), gateway.Pki.IssueClient());
        var id = await demo.UploadAsync(certificate, "name");
        await demo.MapAsync(remote.Url, id);
        using var load = Load.Start(demo, remote);
        await load.PassAsync(20);

        await vault.StopAsync();
        await load.PassAsync(50);
        // The table is up: what can't be stored is said so, and the old version stays available and in use.
        var failed = await demo.UpdateAsync(id, next);
        Assert.Equal((HttpStatusCode.OK, id), (failed.Status, (long)failed.Json["failedSaveToVaultCertificates"]![0]!["id"]!));
        Assert.Equal("Available", (string?)(await demo.GetAsync($"{demo.CertificatesPath}/{id}")).Json["status"]);
        var download = await demo.GetAsync($"{demo.CertificatesPath}/{id}/download");
        download.IsProblem(HttpStatusCode.ServiceUnavailable, "vault-unavailable");
        Assert.NotNull(download.Header("Retry-After"));

        await table.DisposeAsync();
        await Eventually.GetAsync(() => demo.GetAsync(demo.CertificatesPath), answer => answer.Status == HttpStatusCode.ServiceUnavailable);
        await load.PassAsync(100);

        await vault.ComeBackAsync();
        await using var again = await AzuriteServer.StartAsync(
            Path.Combine(folder.FullName, "table"), table.Port, Console.Error.WriteLine, TestContext.Current.CancellationToken);
        await Eventually.GetAsync(
            () => demo.UpdateAsync(id, next),
            answer => answer.Status == HttpStatusCode.OK && answer.Json["successfulySavedCertificates"]!.AsArray().Count == 1);
        await load.PassAsync(20);

        var answers = await load.StopAsync();
        Load.NoneLost(answers);
        Assert.Subset(new HashSet<string>([certificate.Thumbprint, next.Thumbprint]), answers.Select(answer => answer.Thumbprint!).ToHashSet());
        Assert.Equal(next.Thumbprint, (string?)(await demo.ForwardAsync(HttpMethod.Get, remote.Url)).Json["thumbprint"]);
    }

    [Fact]
    public async Task A_certificate_that_the_vault_has_lost_is_unavailable_and_an_update_heals_it()
    {
        await using var deployment = await HashiCorpDeployment.StartAsync();
        await using var gateway = await TestGateway.StartAsync(azurite, deployment.Settings, Resilient.Quiet);
        await using var remote = await MtlsServer.StartAsync(gateway.Pki);
        var demo = gateway.As("demo");
        var (lost, healed) = (gateway.Pki.IssueClient(), gateway.Pki.IssueClient());
        var id = await demo.UploadAsync(lost, "name");
        await demo.MapAsync(remote.Url, id);
        var stored = deployment.Server.Received.Last(request => request.Path.Contains("/data/mtlsfunctions/demo/", StringComparison.Ordinal)).Path;
        await deployment.Operator.DeleteAsync(stored.Replace("/data/", "/metadata/", StringComparison.Ordinal));

        (await demo.ForwardAsync(HttpMethod.Get, remote.Url)).IsProblem(HttpStatusCode.ServiceUnavailable, "vault-entry-missing");

        Assert.Equal("UnAvailable", await StatusAsync(demo, id));
        Assert.False(await demo.ExistsAsync(remote.Url));
        Assert.Equal(HttpStatusCode.OK, (await demo.UpdateAsync(id, healed)).Status);
        Assert.Equal("Available", await StatusAsync(demo, id));
        Assert.True(await demo.ExistsAsync(remote.Url));
        Assert.Equal(healed.Thumbprint, (string?)(await demo.ForwardAsync(HttpMethod.Get, remote.Url)).Json["thumbprint"]);
    }

    public void Dispose() => folder.Delete(recursive: true);

    private static async Task<string?> StatusAsync(GatewayClient client, long id) =>
        (string?)(await client.GetAsync($"{client.CertificatesPath}/{id}")).Json["status"];
}
