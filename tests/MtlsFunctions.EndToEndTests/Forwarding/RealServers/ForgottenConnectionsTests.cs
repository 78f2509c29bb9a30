using System.Diagnostics;
using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using MtlsFunctions.EndToEndTests.Forwarding.Wire;
using MtlsFunctions.Shared;
using MtlsFunctions.Shared.RealServers;

namespace MtlsFunctions.EndToEndTests.Forwarding.RealServers;

/// <summary>A firewall forgets a connection: requests under way on it may be lost, later ones aren't; and asking costs nobody a connection.</summary>
public sealed class ForgottenConnectionsTests(ForgottenConnectionsTests.Fixture shared) : IClassFixture<ForgottenConnectionsTests.Fixture>
{
    private const int Waiting = 8;

    private static readonly TimeSpan Idle = TimeSpan.FromMilliseconds(300);

    [Fact]
    public async Task Over_HTTP_2_those_under_way_end_with_the_ping_and_all_later_ones_are_answered()
    {
        var held = 0;
        await using var remote = await RemoteAsync(HttpProtocols.Http2, context =>
        {
            if (!context.Request.Path.StartsWithSegments("/held"))
                return Task.CompletedTask;
            Interlocked.Increment(ref held);
            return Task.Delay(Timeout.Infinite, context.RequestAborted);
        });
        await using var relay = new ForgettingRelay(remote.Port);
        var account = shared.NewAccount();
        await AnsweredAsync(account, relay.Url, HttpMethod.Get);
        var waiting = Enumerable.Range(0, Waiting).Select(_ => account.ForwardAsync(HttpMethod.Post, relay.Url + "held")).ToArray();
        await Eventually.TrueAsync(() => Volatile.Read(ref held) == Waiting);

        relay.Forget();

        foreach (var lost in await Task.WhenAll(waiting))
            Assert.Equal((HttpStatusCode.FailedDependency, "connection-closed"), (lost.Status, lost.Header("LP-error-from-transport")));
        foreach (var method in new[] { HttpMethod.Get, HttpMethod.Post, HttpMethod.Put })
            await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => AnsweredAsync(account, relay.Url, method)));
    }

    [Theory]
    [InlineData("GET")]
    [InlineData("POST")]
    public async Task Over_HTTP_2_nothing_is_lost_on_one_that_lay_idle(string method)
    {
        await using var remote = await RemoteAsync(HttpProtocols.Http2, _ => Task.CompletedTask);
        await using var relay = new ForgettingRelay(remote.Port);
        var account = shared.NewAccount();
        await AnsweredAsync(account, relay.Url, HttpMethod.Get);
        relay.Forget();
        var idle = Stopwatch.StartNew();
        await Eventually.TrueAsync(() => idle.Elapsed > Idle);

        await AnsweredAsync(account, relay.Url, new HttpMethod(method));

        Assert.Equal(2, relay.Connections);
    }

    [Fact]
    public async Task Over_HTTP_1_the_one_that_uses_it_is_lost_and_all_later_ones_are_answered()
    {
        await using var remote = await RemoteAsync(HttpProtocols.Http1, _ => Task.CompletedTask);
        await using var relay = new ForgettingRelay(remote.Port);
        var account = shared.NewAccount();
        await AnsweredAsync(account, relay.Url, HttpMethod.Get);

        relay.Forget();

        var lost = await account.ForwardAsync(HttpMethod.Get, relay.Url);
        Assert.Equal((HttpStatusCode.FailedDependency, "response-timeout"), (lost.Status, lost.Header("LP-error-from-transport")));
        foreach (var method in new[] { HttpMethod.Get, HttpMethod.Post, HttpMethod.Put })
            await AnsweredAsync(account, relay.Url, method);
    }

    [Fact]
    public async Task Nginx_keeps_a_connection_on_which_a_long_request_is_quiet()
    {
        var (reached, go) = (Signal.New(), Signal.New());
        await using var behind = new FaultyServer(
            async (stream, ending) =>
            {
                await Faults.ReadHead(stream, ending);
                reached.TrySetResult();
                await go.Task.WaitAsync(ending);
                await stream.WriteAsync("HTTP/1.0 200 OK\r\nContent-Length: 5\r\n\r\nlater"u8.ToArray(), ending);
            },
            certificate: null);
        await using var nginx = await NginxServer.StartAsync(
            shared.Gateway.Pki, verifyClient: "optional", serverLines: $"location / {{ proxy_pass http://127.0.0.1:{behind.Port}; }}");
        await using var relay = new ForgettingRelay(nginx.Port);
        var account = shared.NewAccount();
        var quiet = account.ForwardAsync(HttpMethod.Get, relay.Url);
        await reached.Task.WaitAsync(TestContext.Current.CancellationToken);

        var before = relay.FromClients;
        await Eventually.TrueAsync(() => relay.FromClients >= before + 3);
        go.SetResult();

        Assert.Equal((HttpStatusCode.OK, "later"), ((await quiet).Status, (await quiet).Text));
        await AnsweredAsync(account, relay.Url, HttpMethod.Get);
        Assert.Equal(1, relay.Connections);
    }

    private Task<MtlsServer> RemoteAsync(HttpProtocols protocols, RequestDelegate handler) => MtlsServer.StartAsync(shared.Gateway.Pki, options =>
    {
        (options.Protocols, options.Handler) = (protocols, handler);
        options.ClientCertificates = Microsoft.AspNetCore.Server.Kestrel.Https.ClientCertificateMode.AllowCertificate;
    });

    private static async Task AnsweredAsync(GatewayClient account, string url, HttpMethod method)
    {
        var answer = await account.ForwardAsync(method, url, content: method == HttpMethod.Get ? null : new ByteArrayContent(new byte[1_000]));
        Assert.Equal((HttpStatusCode.OK, null), (answer.Status, answer.Header("LP-error-from-transport")));
    }

    /// <summary>A gateway that asks soon.</summary>
    public sealed class Fixture(AzuriteFixture azurite) : AccountsFixture(azurite)
    {
        protected override IReadOnlyDictionary<string, string?> Settings => new Dictionary<string, string?>
        {
            ["Forwarding:PingDelay"] = "00:00:00.200",
            ["Forwarding:PingTimeout"] = "00:00:01",
            ["Forwarding:IdleBeforeAsking"] = "00:00:00.200",
            ["Forwarding:ConnectTimeout"] = "00:00:05",
            ["Forwarding:FirstByteTimeout"] = "00:00:06",
        };
    }
}
