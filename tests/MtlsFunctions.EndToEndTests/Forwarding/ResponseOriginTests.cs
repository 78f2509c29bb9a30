using System.Globalization;
using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using MtlsFunctions.Shared;

namespace MtlsFunctions.EndToEndTests.Forwarding;

/// <summary>A caller can always tell whose answer it is, and only an unreachable remote has the transport headers.</summary>
public sealed class ResponseOriginTests(AzuriteFixture azurite)
{
    private static readonly string[] Transport = ["LP-message-from-transport", "LP-error-from-transport"];

    [Fact]
    public async Task A_remotes_answer_is_the_remotes_whatever_its_status_and_headers()
    {
        await using var gateway = await TestGateway.StartAsync(azurite);
        await using var remote = await RemoteAsync(gateway, context =>
        {
            context.Response.StatusCode = int.Parse(context.Request.Query["status"]!, CultureInfo.InvariantCulture);
            context.Response.Headers.WWWAuthenticate = "Basic";
            foreach (var name in Transport.Append("LP-response-origin"))
                context.Response.Headers[name] = "gateway";
            return context.Response.WriteAsync("theirs");
        });
        var demo = gateway.As("demo");

        foreach (var status in new[] { 200, 302, 400, 401, 403, 404, 424, 429, 500, 503, 599 })
        {
            var answer = await demo.ForwardAsync(HttpMethod.Post, $"{remote.Url}?status={status}");

            Assert.Equal((status, "theirs", "upstream", "Basic"), ((int)answer.Status, answer.Text, answer.Header("LP-response-origin"), answer.Header("WWW-Authenticate")));
            Assert.All(Transport, name => Assert.Null(answer.Header(name)));
        }
    }

    [Fact]
    public async Task Every_answer_of_the_gateways_own_says_so()
    {
        await using var gateway = await TestGateway.StartAsync(azurite, new Dictionary<string, string?>
        {
            ["Limits:MaxRequestBodyBytes"] = "1048576",
            ["Forwarding:AllowedNetworks:1"] = "203.0.113.1/32",
        });
        await using var remote = await RemoteAsync(gateway, _ => Task.CompletedTask);
        await using var silent = new FaultyServer(Faults.CloseBeforeAnswer, gateway.Pki.IssueServer());
        var (demo, url) = (gateway.As("demo"), remote.Url);
        var vaultless = gateway.As("vaultless");
        await vaultless.MapAsync(url, await vaultless.UploadAsync(gateway.Pki.IssueClient()));
        foreach (var version in Directory.EnumerateFiles(Path.Combine(gateway.VaultFolder, "entries", "vaultless"), "*", SearchOption.AllDirectories))
            File.Delete(version);

        (string Type, Answer Answer)[] own =
        [
            ("unauthorized", await gateway.WithToken("demo", null).ForwardAsync(HttpMethod.Get, url)),
            ("unauthorized", await gateway.WithToken("demo", "forged").ForwardAsync(HttpMethod.Get, url)),
            ("forbidden", await gateway.As("other").SendAsync(HttpMethod.Get, demo.ForwardPath, null, ("LP-forward-url", url))),
            ("forbidden", await gateway.As("demo", "MTLS_READ_INTERNAL").ForwardAsync(HttpMethod.Post, url)),
            ("account-id-invalid", await demo.SendAsync(HttpMethod.Get, "/mtls/account/de.mo", null, ("LP-forward-url", url))),
            ("request-invalid", await demo.SendAsync(HttpMethod.Get, demo.ForwardPath)),
            ("url-invalid", await demo.ForwardAsync(HttpMethod.Get, "http://a.example/")),
            ("service-unknown", await demo.ForwardAsync(HttpMethod.Get, url, "NOBODY")),
            ("upgrade-refused", await demo.ForwardAsync(HttpMethod.Get, url, headers: [("Connection", "Upgrade"), ("Upgrade", "websocket")])),
            ("no-mapping", await demo.ForwardAsync(HttpMethod.Get, url, headers: ("LP-stop-if-certificate-not-found", "true"))),
            ("target-refused", await demo.ForwardAsync(HttpMethod.Get, "https://[::1]/")),
            ("vault-entry-missing", await vaultless.ForwardAsync(HttpMethod.Get, url)),
            ("request-too-large", await demo.ForwardAsync(HttpMethod.Post, url, content: new ByteArrayContent(new byte[1048577]))),
            ("remote-unreachable", await demo.ForwardAsync(HttpMethod.Get, silent.Url)),
        ];

        Assert.All(own, one =>
        {
            one.Answer.IsProblem(one.Answer.Status, one.Type);
            Assert.Equal("gateway", one.Answer.Header("LP-response-origin"));
            Assert.All(Transport, name => Assert.Equal(one.Type == "remote-unreachable", one.Answer.Header(name) is not null));
            Assert.Equal(one.Answer.Status == HttpStatusCode.Unauthorized, one.Answer.Header("WWW-Authenticate") is not null);
        });
        Assert.Empty(remote.Received);
    }

    [Fact]
    public async Task A_throttled_forward_says_so_too()
    {
        await using var gateway = await TestGateway.StartAsync(azurite, new Dictionary<string, string?> { ["Throttle:RequestsPerSecondPerAccount"] = "1" });
        await using var remote = await RemoteAsync(gateway, _ => Task.CompletedTask);
        var demo = gateway.As("demo");

        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => demo.ForwardAsync(HttpMethod.Get, remote.Url)));

        var throttled = answers.Where(answer => answer.Status == HttpStatusCode.TooManyRequests).ToArray();
        Assert.NotEmpty(throttled);
        Assert.All(throttled, answer =>
        {
            answer.IsProblem(HttpStatusCode.TooManyRequests, "throttled");
            Assert.Equal("gateway", answer.Header("LP-response-origin"));
            Assert.NotNull(answer.Header("Retry-After"));
        });
    }

    [Fact]
    public async Task The_status_of_a_forward_that_must_not_go_without_a_certificate_is_a_setting()
    {
        await using var gateway = await TestGateway.StartAsync(azurite, new Dictionary<string, string?> { ["Forwarding:NoMappingStatus"] = "500" });
        await using var nobody = new RefusingListener();

        var answer = await gateway.As("demo").ForwardAsync(HttpMethod.Post, nobody.Url, headers: ("LP-stop-if-certificate-not-found", "true"));

        answer.IsProblem(HttpStatusCode.InternalServerError, "no-mapping");
        Assert.Equal(0, await nobody.CountAsync());
    }

    private static Task<MtlsServer> RemoteAsync(TestGateway gateway, RequestDelegate handler) => MtlsServer.StartAsync(gateway.Pki, options =>
        (options.ClientCertificates, options.Handler) = (ClientCertificateMode.AllowCertificate, handler));
}
