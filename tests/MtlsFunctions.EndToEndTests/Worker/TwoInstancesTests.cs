using System.Diagnostics;
using System.Net;
using System.Text.Json.Nodes;
using MtlsFunctions.EndToEndTests.Resilience;
using MtlsFunctions.Shared;

namespace MtlsFunctions.EndToEndTests.Worker;

/// <summary>LocalHost and the shipped worker on the same stores are one gateway.</summary>
public sealed class TwoInstancesTests(AzuriteFixture azurite)
{
    private const int Races = 200;
    private const string Public = "https://mtls.example.com";

    private static readonly TimeSpan MaxLag = TimeSpan.FromSeconds(5);

    private static readonly Dictionary<string, string?> Settings = new()
    {
        ["OAuth:PublicBaseUrl"] = Public,
        ["Runtime:RefreshInterval"] = "00:00:00.2",
        ["Runtime:MaxLag"] = $"{MaxLag}",
    };

    [Fact]
    public async Task A_signed_request_is_let_in_once_wherever_it_arrives()
    {
        await using var gateway = await TestGateway.StartAsync(azurite, Settings);
        await using var host = await Workers.BesideAsync(gateway);
        var key = await gateway.As("demo").CreateAppKeyAsync("MTLS_READ_INTERNAL");
        for (var race = 0; race < Races; race++)
        {
            var signed = key.Sign(HttpMethod.Get, $"{Public}/mtls/account/demo/certificates");
            var answers = await Task.WhenAll(
                new GatewayClient(gateway.Url, "demo", (_, _) => signed).GetAsync("/mtls/account/demo/certificates"),
                new GatewayClient(host.Url, "demo", (_, _) => signed).GetAsync("/mtls/account/demo/certificates"));
            Assert.True(answers.Count(answer => answer.Status == HttpStatusCode.OK) == 1, $"Race {race}: {string.Join(", ", answers.Select(answer => answer.Status))}");
            Assert.Single(answers, answer => answer.Status == HttpStatusCode.Unauthorized);
        }
    }

    [Fact]
    public async Task The_same_triplet_or_name_is_created_once()
    {
        await using var gateway = await TestGateway.StartAsync(azurite, Settings);
        await using var host = await Workers.BesideAsync(gateway);
        var (local, shipped) = (gateway.As("demo"), host.As(gateway, "demo"));
        var id = await local.UploadAsync(gateway.Pki.IssueClient());
        for (var race = 0; race < 20; race++)
        {
            var url = $"https://remote.example.com/{race}";
            await OnceAsync(local.PostAsync(local.MappingsPath, Of(url, $"a{race}")), shipped.PostAsync(local.MappingsPath, Of(url, $"b{race}")));
            await OnceAsync(local.PostAsync(local.MappingsPath, Of(url + "/l", $"same {race}")), shipped.PostAsync(local.MappingsPath, Of(url + "/s", $"same {race}")));
        }

        JsonArray Of(string url, string name) => new(GatewayClient.Mapping(url, id, name: name));
    }

    [Fact]
    public async Task A_change_on_one_is_followed_by_the_other_both_ways()
    {
        await using var gateway = await TestGateway.StartAsync(azurite, Settings);
        await using var host = await Workers.BesideAsync(gateway);
        await using var remote = await MtlsServer.StartAsync(gateway.Pki);
        var (local, shipped) = (gateway.As("demo"), host.As(gateway, "demo"));
        var id = await local.UploadAsync(gateway.Pki.IssueClient());
        await local.MapAsync(remote.Url, id);
        Assert.Equal(HttpStatusCode.OK, (await shipped.ForwardAsync(HttpMethod.Get, remote.Url)).Status);

        Assert.Equal(HttpStatusCode.OK, (await shipped.SendAsync(HttpMethod.Post, $"{local.CertificatesPath}/{id}/disable")).Status);
        await WithinLagAsync(async () => (await local.ForwardAsync(HttpMethod.Get, remote.Url)).Status, status => status != HttpStatusCode.OK);
        Assert.Equal(HttpStatusCode.OK, (await local.SendAsync(HttpMethod.Post, $"{local.CertificatesPath}/{id}/enable")).Status);
        await WithinLagAsync(async () => (await shipped.ForwardAsync(HttpMethod.Get, remote.Url)).Status, status => status == HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_rotation_on_one_under_load_on_the_other_loses_no_forward()
    {
        await using var gateway = await TestGateway.StartAsync(azurite, Settings, Resilient.Quiet);
        await using var host = await Workers.BesideAsync(gateway);
        await using var remote = await MtlsServer.StartAsync(gateway.Pki);
        var (old, next) = (gateway.Pki.IssueClient(), gateway.Pki.IssueClient());
        var (local, shipped) = (gateway.As("demo"), host.As(gateway, "demo"));
        var id = await local.UploadAsync(old, "name");
        await local.MapAsync(remote.Url, id);
        using var load = Load.Start(shipped, remote);
        await load.PassAsync(100);

        Assert.Equal(HttpStatusCode.OK, (await local.UpdateAsync(id, next)).Status);
        await WithinLagAsync(
            async () => (string?)(await shipped.ForwardAsync(HttpMethod.Get, remote.Url)).Json["thumbprint"], seen => seen == next.Thumbprint);

        var answers = await load.StopAsync();
        Load.NoneLost(answers);
        Assert.Subset(new HashSet<string>([old.Thumbprint, next.Thumbprint]), answers.Select(answer => answer.Thumbprint!).ToHashSet());
    }

    /// <summary>Counts from the answer to the change. A look that began in time may end later.</summary>
    private static async Task WithinLagAsync<T>(Func<Task<T>> look, Func<T, bool> follows)
    {
        var since = Stopwatch.StartNew();
        var began = TimeSpan.Zero;
        await Eventually.GetAsync(
            () =>
            {
                began = since.Elapsed;
                return look();
            },
            follows);
        Assert.InRange(began, TimeSpan.Zero, MaxLag);
    }

    private static async Task OnceAsync(params Task<Answer>[] racing) =>
        Assert.Equal([HttpStatusCode.Created, HttpStatusCode.Conflict], (await Task.WhenAll(racing)).Select(answer => answer.Status).Order());
}
