using System.Net;
using MtlsFunctions.Shared;
using MtlsFunctions.Shared.RealServers;

namespace MtlsFunctions.EndToEndTests.Forwarding.RealServers;

/// <summary>Servers that end connections and refuse streams as their own defaults say: no request is lost, and none is sent twice.</summary>
public sealed class EndingConnectionsTests(AccountsFixture shared) : IClassFixture<AccountsFixture>
{
    private const int Callers = 16;

    [Theory]
    [InlineData("GET", "keepalive_requests 10;", 60)]
    [InlineData("POST", "keepalive_requests 10;", 60)]
    [InlineData("GET", "", 150)]
    [InlineData("POST", "", 150)]
    public async Task Nginx_sees_each_request_once(string method, string limit, int each)
    {
        await using var nginx = await NginxServer.StartAsync(
            shared.Gateway.Pki, serverLines: $"{limit} location / {{ return 200 ok; }}", verifyClient: "optional");

        var sent = await SendAsync(shared.NewAccount(), method, nginx.Url, each, (caller, number) => $"/?{caller}-{number}");

        await Eventually.TrueAsync(() => nginx.AccessLog().Length >= sent.Length);
        Assert.Equal(sent.Order(StringComparer.Ordinal), nginx.AccessLog().Select(line => line.Split(' ')[2]).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Caddy_answers_everything()
    {
        await using var caddy = await CaddyServer.StartAsync(shared.Gateway.Pki);
        await SendAsync(await MappedAsync(caddy.Url), "POST", caddy.Url, 60, (_, _) => "/");
    }

    [Fact]
    public async Task Node_that_allows_four_streams_answers_everything()
    {
        await using var node = await NodeServer.StartAsync(shared.Gateway.Pki, http2: true, tlsOptions: "settings: { maxConcurrentStreams: 4 },");
        await SendAsync(await MappedAsync(node.Url), "POST", node.Url, 40, (_, _) => "/");
    }

    [Theory]
    [InlineData("h2 http/1.1")]
    [InlineData("http/1.1")]
    public async Task Apache_answers_everything(string protocols)
    {
        await using var apache = await ApacheServer.StartAsync(shared.Gateway.Pki, protocols: protocols, hostLines: "MaxKeepAliveRequests 10", verifyClient: "optional");

        var sent = await SendAsync(shared.NewAccount(), "GET", apache.Url, 30, (caller, number) => $"/?{caller}-{number}");

        await Eventually.TrueAsync(() => apache.AccessLog().Length >= sent.Length);
        Assert.Equal(sent.Order(StringComparer.Ordinal), apache.AccessLog().Select(line => line.Split(' ')[2]).Order(StringComparer.Ordinal));
    }

    private async Task<GatewayClient> MappedAsync(Uri url)
    {
        var account = shared.NewAccount();
        await account.MapAsync(url.AbsoluteUri, await account.UploadAsync(shared.Gateway.Pki.IssueClient()));
        return account;
    }

    /// <param name="target">Path and query by caller and number of the request.</param>
    /// <returns>Path and query of each request.</returns>
    private static async Task<string[]> SendAsync(GatewayClient account, string method, Uri url, int each, Func<int, int, string> target)
    {
        var sent = await Task.WhenAll(Enumerable.Range(0, Callers).Select(caller => Task.Run(async () =>
        {
            var targets = Enumerable.Range(0, each).Select(number => target(caller, number)).ToArray();
            foreach (var one in targets)
            {
                var content = method == "POST" ? new ByteArrayContent(new byte[1024]) : null;
                var answer = await account.ForwardAsync(new HttpMethod(method), new Uri(url, one).AbsoluteUri, content: content);
                Assert.Equal((HttpStatusCode.OK, ""), (answer.Status, answer.Header("LP-error-from-transport") ?? ""));
            }

            return targets;
        })));
        return [.. sent.SelectMany(targets => targets)];
    }
}
