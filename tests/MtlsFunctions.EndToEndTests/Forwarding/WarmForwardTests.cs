using System.Net;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using MtlsFunctions.Shared;

namespace MtlsFunctions.EndToEndTests.Forwarding;

/// <summary>What a forward costs beside itself once everything is warm: nothing.</summary>
public sealed class WarmForwardTests(AzuriteFixture azurite)
{
    private const int AtOnce = 8;

    // The look at the account's revision happens beside requests; here only what requests cause is counted.
    private static readonly Dictionary<string, string?> NoLooks = new() { ["Runtime:RefreshInterval"] = "01:00:00", ["Runtime:MaxLag"] = "01:00:00" };

    [Theory]
    [InlineData(HttpProtocols.Http1, 1000, 2 * AtOnce)] // the client may begin a connection for a request that another one serves first
    [InlineData(HttpProtocols.Http1AndHttp2, 200, 1)]
    public async Task Warm_forwards_call_neither_table_nor_vault_nor_issuer_and_make_no_connection(HttpProtocols protocols, int forwards, int connections)
    {
        var tap = new TableTap(azurite);
        await using var gateway = await TestGateway.StartAsync(azurite, NoLooks, tap.Install);
        await using var remote = await MtlsServer.StartAsync(gateway.Pki, options => options.Protocols = protocols);
        var (demo, client) = (gateway.As("demo"), gateway.Pki.IssueClient());
        await demo.MapAsync(remote.Url, await demo.UploadAsync(client));
        Assert.Equal(HttpStatusCode.OK, (await demo.ForwardAsync(HttpMethod.Get, remote.Url)).Status);
        var (calls, keyRequests) = (tap.Calls, gateway.Issuer.KeyRequests);
        tap.Closed = true;
        Directory.Delete(gateway.VaultFolder, recursive: true);

        await Parallel.ForAsync(0, forwards, new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = TestContext.Current.CancellationToken }, async (number, _) =>
        {
            var answer = await demo.ForwardAsync(number % 2 == 0 ? HttpMethod.Get : HttpMethod.Post, remote.Url);
            Assert.Equal((HttpStatusCode.OK, client.Thumbprint), (answer.Status, (string?)answer.Json["thumbprint"]));
        });

        Assert.Equal((calls, keyRequests), (tap.Calls, gateway.Issuer.KeyRequests));
        Assert.Equal(forwards + 1, remote.Received.Count);
        Assert.InRange(remote.Handshakes, 1, connections);
    }

    [Fact]
    public async Task Two_accounts_with_the_same_url_never_see_each_others_certificate()
    {
        await using var gateway = await TestGateway.StartAsync(azurite);
        await using var first = await MtlsServer.StartAsync(gateway.Pki, options => options.Protocols = HttpProtocols.Http1);
        await using var second = await MtlsServer.StartAsync(gateway.Pki);
        var accounts = new List<(GatewayClient Client, string Thumbprint)>();
        foreach (var account in new[] { gateway.As("demo"), gateway.As("other") })
        {
            var client = gateway.Pki.IssueClient();
            var certificate = await account.UploadAsync(client);
            await account.MapAsync(first.Url, certificate);
            await account.MapAsync(second.Url, certificate);
            accounts.Add((account, client.Thumbprint));
        }

        await Parallel.ForAsync(0, 400, new ParallelOptions { MaxDegreeOfParallelism = 2 * AtOnce, CancellationToken = TestContext.Current.CancellationToken }, async (number, _) =>
        {
            var (client, thumbprint) = accounts[number % 2];
            var answer = await client.ForwardAsync(HttpMethod.Post, number % 4 < 2 ? first.Url : second.Url, content: new StringContent(thumbprint));
            Assert.Equal((HttpStatusCode.OK, thumbprint), (answer.Status, (string?)answer.Json["thumbprint"]));
        });

        foreach (var remote in new[] { first, second })
        {
            Assert.Equal(200, remote.Received.Count);
            Assert.All(remote.Received, request => Assert.Equal(request.ClientThumbprint, System.Text.Encoding.UTF8.GetString(request.Body)));
            Assert.All(remote.Received.GroupBy(request => request.ConnectionId), connection => Assert.Single(connection.Select(request => request.ClientThumbprint).Distinct()));
        }
    }
}
