using System.Net;

namespace MtlsFunctions.EndToEndTests.Discovery;

public sealed class DiscoveryTests(AzuriteFixture azurite, AccountsFixture accounts) : IClassFixture<AccountsFixture>
{
    [Fact]
    public async Task Everybody_learns_where_the_services_are()
    {
        var nobody = accounts.Gateway.WithToken("le1606809", null);
        var host = new Uri(accounts.Gateway.Url).Authority;

        var all = await nobody.GetAsync("/api/account/le1606809/service/baseURI.json?version=1.0");
        Assert.Equal(HttpStatusCode.OK, all.Status);
        Assert.Equal(
            "{\"baseURIs\":[" + string.Join(',', new[] { "mtlsGateway", "accountConfigReadWrite", "sentinel", "agentVep" }
                .Select(service => $$"""{"service":"{{service}}","account":"le1606809","baseURI":"{{host}}"}""")) + "]}",
            all.Text);
        var one = await nobody.GetAsync("/api/account/le1606809/service/sentinel/baseURI.json?version=1.0");
        Assert.Equal($$"""{"service":"sentinel","account":"le1606809","baseURI":"{{host}}"}""", one.Text);

        (await nobody.GetAsync("/api/account/le1606809/service/Sentinel/baseURI.json")).IsProblem(HttpStatusCode.NotFound, "not-found");
        (await nobody.GetAsync("/api/account/le.1/service/baseURI.json")).IsProblem(HttpStatusCode.BadRequest, "account-id-invalid");
        (await nobody.GetAsync("/api/account/le.1/service/sentinel/baseURI.json")).IsProblem(HttpStatusCode.BadRequest, "account-id-invalid");
    }

    [Fact]
    public async Task Configuration_can_name_other_hosts()
    {
        await using var gateway = await TestGateway.StartAsync(azurite, new Dictionary<string, string?>
        {
            ["Discovery:Host"] = "mtls.example.com",
            ["Discovery:Hosts:agentVep"] = "login.example.com:8443",
        });
        var nobody = gateway.WithToken("demo", null);
        var hosts = (await nobody.GetAsync("/api/account/demo/service/baseURI.json")).Json["baseURIs"]!.AsArray()
            .ToDictionary(service => (string)service!["service"]!, service => (string)service!["baseURI"]!);
        Assert.Equal(("mtls.example.com", "login.example.com:8443"), (hosts["mtlsGateway"], hosts["agentVep"]));
        foreach (var (service, host) in hosts)
            Assert.Equal(host, (string?)(await nobody.GetAsync($"/api/account/demo/service/{service}/baseURI.json?version=1.0")).Json["baseURI"]);
    }

    [Fact]
    public async Task Without_a_configured_host_it_is_the_one_that_the_caller_used()
    {
        var answer = await accounts.Gateway.WithToken("demo", null).SendAsync(
            HttpMethod.Get, "/api/account/demo/service/mtlsGateway/baseURI.json", headers: ("Host", "gateway.example:8443"));

        Assert.Equal("gateway.example:8443", (string?)answer.Json["baseURI"]);
    }

    [Fact]
    public async Task A_host_that_is_not_ours_is_not_repeated()
    {
        await using var gateway = await TestGateway.StartAsync(azurite, new Dictionary<string, string?> { ["OAuth:Hosts:0"] = "mtls.example.com", ["OAuth:Hosts:1"] = "gateway.example:8443" });
        async Task<string?> ToldAsync(string host) => (string?)(await gateway.WithToken("demo", null).SendAsync(
            HttpMethod.Get, "/api/account/demo/service/mtlsGateway/baseURI.json", headers: ("Host", host))).Json["baseURI"];

        Assert.Equal("mtls.example.com", await ToldAsync("evil.example"));
        Assert.Equal("gateway.example:8443", await ToldAsync("gateway.example:8443"));
        Assert.Equal("mtls.example.com", await ToldAsync("gateway.example"));
    }

    [Theory]
    [InlineData("mtlsgateway")]
    [InlineData("MTLSGATEWAY")]
    [InlineData("AccountConfigReadWrite")]
    [InlineData("agentVEP")]
    [InlineData("unknown")]
    [InlineData("mtlsGateway%20")]
    public async Task A_service_in_other_letters_is_unknown(string service)
    {
        var nobody = accounts.Gateway.WithToken("demo", null);

        (await nobody.GetAsync($"/api/account/demo/service/{service}/baseURI.json")).IsProblem(HttpStatusCode.NotFound, "not-found");
    }
}
