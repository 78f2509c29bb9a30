using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging;
using MtlsFunctions.Shared;

namespace MtlsFunctions.EndToEndTests.Authorization;

/// <summary>Everything a person does while onboarding, the mistakes included, with secrets that can be told from anything else.</summary>
public sealed class NoSecretInTheLogTests(AzuriteFixture azurite)
{
    private const string Account = "demo";

    /// <summary>Not understood, not allowed, not reached.</summary>
    private static readonly HttpStatusCode[] Refusals = [HttpStatusCode.BadRequest, HttpStatusCode.Forbidden, HttpStatusCode.FailedDependency];

    private readonly Dictionary<string, string> secrets = new[]
    {
        "p12 password", "wrong password", "authorization override", "query value", "request header", "request body", "answer body", "answer header",
    }.ToDictionary(what => what, _ => $"secret{Guid.NewGuid():N}");

    [Fact]
    public async Task No_log_line_of_any_level_holds_a_secret()
    {
        await using var gateway = await TestGateway.StartAsync(azurite);
        await using var remote = await MtlsServer.StartAsync(gateway.Pki, options => options.Handler = async context =>
        {
            context.Response.Headers["X-Answer"] = secrets["answer header"];
            await context.Response.Body.WriteAsync(Encoding.ASCII.GetBytes(secrets["answer body"]), context.RequestAborted);
        });
        await using var silent = new FaultyServer(Faults.CloseBeforeAnswer, gateway.Pki.IssueServer());
        await using var broken = new FaultyServer(Faults.BreakInMidBody, gateway.Pki.IssueServer());
        var client = gateway.Pki.IssueClient("client", options => options.Password = secrets["p12 password"]);
        var bearer = gateway.Issuer.Token(Account, "MTLS_WRITE_INTERNAL");
        var expired = gateway.Issuer.Token(new TokenRequest(Account, "MTLS_WRITE_INTERNAL") { Expires = TimeProvider.System.GetUtcNow().AddHours(-1) });
        var stranger = gateway.Issuer.TokenSignedByStranger(new TokenRequest(Account, "MTLS_WRITE_INTERNAL"));
        var demo = gateway.WithToken(Account, bearer);

        var id = await OnboardAsync(demo, client, remote.Url);
        await MistakesAsync(demo, client, id, [silent.Url, "https://127.0.0.1:1", "https://10.0.0.1", "http://127.0.0.1"]);
        await Assert.ThrowsAnyAsync<HttpRequestException>(() => ForwardAsync(demo, broken.Url));
        foreach (var bad in new[] { expired, stranger })
            Assert.Equal(HttpStatusCode.Unauthorized, (await ForwardAsync(gateway.WithToken(Account, bad), remote.Url)).Status);

        // The log is there, down to its chattiest levels and with failures in it.
        Assert.Contains(gateway.Log.Lines, line => line.Text.Contains("outcome=connection-refused", StringComparison.Ordinal));
        Assert.Contains(gateway.Log.Lines, line => line.Level == LogLevel.Debug);
        string[] tokens = [bearer, expired, stranger];
        var base64 = Convert.ToBase64String(client.Pkcs12);
        string[] files = [base64, base64[^64..], Convert.ToHexString(client.Pkcs12)[^64..]];
        string[] all = [.. secrets.Values, .. tokens, .. tokens.SelectMany(token => token.Split('.')[1..]), .. files];
        Assert.All(all, secret => Leaked.NotLogged(secret, gateway.Log));
    }

    private async Task<long> OnboardAsync(GatewayClient demo, TestClient client, string remote)
    {
        var url = Url(remote);
        Assert.Equal(HttpStatusCode.OK, (await demo.TestAsync(client.Pkcs12, client.Password)).Status);
        var id = await demo.UploadAsync(client);
        await demo.MapAsync(url, id);
        var triplet = new JsonArray(new JsonObject { ["serviceName"] = "WEBHOOKS", ["accountId"] = Account, ["url"] = url });
        foreach (var check in new[] { "/mtls/mapping", "/mtls/mapping?v=2", $"/api/account/{Account}/checks/serviceUrlMappings" })
            Assert.Contains("true", (await demo.PostAsync(check, triplet.DeepClone())).Text, StringComparison.Ordinal);
        foreach (var list in new[] { demo.CertificatesPath, $"{demo.CertificatesPath}/{id}", $"{demo.CertificatesPath}/{id}/download", demo.MappingsPath })
            Assert.Equal(HttpStatusCode.OK, (await demo.GetAsync(list)).Status);

        var forwarded = await ForwardAsync(demo, remote);
        Assert.Equal((HttpStatusCode.OK, secrets["answer body"]), (forwarded.Status, forwarded.Text));
        return id;
    }

    private async Task MistakesAsync(GatewayClient demo, TestClient client, long id, string[] unreachable)
    {
        Assert.Equal(HttpStatusCode.BadRequest, (await demo.TestAsync(client.Pkcs12, secrets["wrong password"])).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await demo.UploadAsync(client.Pkcs12, "another", secrets["wrong password"])).Status);
        Assert.Equal(HttpStatusCode.Conflict, (await demo.SendAsync(HttpMethod.Delete, $"{demo.CertificatesPath}/{id}")).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await demo.PostRawAsync(demo.MappingsPath, $"[{{\"url\":\"{secrets["query value"]}\",")).Status);
        foreach (var remote in unreachable)
            Assert.Contains((await ForwardAsync(demo, remote)).Status, Refusals);
    }

    private Task<Answer> ForwardAsync(GatewayClient demo, string remote) => demo.ForwardAsync(
        HttpMethod.Post, Url(remote), content: new StringContent(secrets["request body"]), headers:
        [("LP-authorization-override", $"Bearer {secrets["authorization override"]}"), ("X-Secret", secrets["request header"])]);

    private string Url(string remote) => $"{remote}/orders?key={secrets["query value"]}";
}
