using System.Net;
using System.Text.Json.Nodes;
using MtlsFunctions.LocalHost.Azurite;
using MtlsFunctions.Shared;

namespace MtlsFunctions.EndToEndTests.Resilience;

/// <summary>The real table service is stopped and started again while requests go on.</summary>
public sealed class TableOutageTests(AzuriteFixture azurite) : IDisposable
{
    private readonly DirectoryInfo data = Directory.CreateTempSubdirectory("mtlsfunctions-test-");

    [Fact]
    public async Task An_outage_of_the_table_loses_no_warm_forward_and_ends_without_a_restart()
    {
        var table = await AzuriteServer.StartAsync(data.FullName, 0, Console.Error.WriteLine, TestContext.Current.CancellationToken);
        await using var gateway = await TestGateway.StartAsync(azurite, new Dictionary<string, string?>
        {
            ["Storage:ConnectionString"] = table.ConnectionString,
            ["Runtime:RefreshInterval"] = "00:00:00.2",
            ["Runtime:MaxLag"] = "00:00:00.5",
        }, Resilient.Quiet);
        using var lookUps = gateway.Measure<long>("mtls.mapping.lookups");
        await using var remote = await MtlsServer.StartAsync(gateway.Pki);
        var demo = gateway.As("demo");
        var (certificate, next) = (gateway.Pki.IssueClient(), gateway.Pki.IssueClient());
        var id = await demo.UploadAsync(certificate, "name");
        await demo.MapAsync(remote.Url, id);
        var key = await demo.CreateAppKeyAsync("MTLS_FORWARD");
        GatewayClient signed = new(gateway.Url, "demo", (method, url) => key.Sign(method, url));
        using var byToken = Load.Start(demo, remote);
        using var bySignature = Load.Start(signed, remote);
        Load[] loads = [byToken, bySignature];
        await PassAsync(loads, 20);

        await table.DisposeAsync();
        await PassAsync(loads, 20);
        // Past the allowed lag, and on.
        await Eventually.GetAsync(
            async () => await demo.PostAsync("/mtls/account/demo/explain", Question("https://never.seen.example/")), answer => answer.Status == HttpStatusCode.ServiceUnavailable);
        await PassAsync(loads, 200);
        Assert.Contains("stale", lookUps.GetMeasurementSnapshot().Select(one => one.Tags["mtls.result"]));
        var managed = await demo.GetAsync(demo.CertificatesPath);
        managed.IsProblem(HttpStatusCode.ServiceUnavailable, "storage-unavailable");
        Assert.NotNull(managed.Header("Retry-After"));
        // What nobody has looked up before could be mapped by now: without the table it must not go without a certificate.
        (await demo.ForwardAsync(HttpMethod.Get, remote.Url + "/never-seen")).IsProblem(HttpStatusCode.ServiceUnavailable, "storage-unavailable");

        await using var again = await AzuriteServer.StartAsync(data.FullName, table.Port, Console.Error.WriteLine, TestContext.Current.CancellationToken);
        await Eventually.GetAsync(() => demo.UpdateAsync(id, next), answer => answer.Status == HttpStatusCode.OK);
        await PassAsync(loads, 20);

        Forwarded[] answers = [.. await loads[0].StopAsync(), .. await loads[1].StopAsync()];
        Load.NoneLost(answers);
        Assert.Subset(new HashSet<string>([certificate.Thumbprint, next.Thumbprint]), answers.Select(answer => answer.Thumbprint!).ToHashSet());
        Assert.Equal(next.Thumbprint, (string?)(await demo.ForwardAsync(HttpMethod.Get, remote.Url)).Json["thumbprint"]);
    }

    public void Dispose() => data.Delete(recursive: true);

    private static Task PassAsync(Load[] loads, int forwards) => Task.WhenAll(loads.Select(load => load.PassAsync(forwards)));

    private static JsonObject Question(string url) => new() { ["serviceName"] = "WEBHOOKS", ["url"] = url };
}
