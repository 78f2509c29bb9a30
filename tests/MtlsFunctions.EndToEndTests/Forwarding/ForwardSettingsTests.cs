using System.Globalization;
using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using MtlsFunctions.Shared;

namespace MtlsFunctions.EndToEndTests.Forwarding;

/// <summary>What an operator can choose: that nothing goes without a certificate, and how a remote's errors come back.</summary>
public sealed class ForwardSettingsTests(ForwardSettingsTests.ChosenGateway shared) : IClassFixture<ForwardSettingsTests.ChosenGateway>
{
    [Fact]
    public async Task Where_the_operator_forbids_it_nothing_goes_without_a_certificate()
    {
        await using var remote = await RemoteAsync();
        await using var nobody = new RefusingListener();
        var (demo, certificate, thumbprint) = await shared.NewAccountWithCertificateAsync();
        await demo.MapAsync(remote.Url, certificate);

        Assert.Equal(HttpStatusCode.OK, (await demo.ForwardAsync(HttpMethod.Get, remote.Url)).Status);
        Assert.Equal(thumbprint, Assert.Single(remote.Received).ClientThumbprint);
        foreach (var (url, service, stop) in new[] { (nobody.Url, "WEBHOOKS", "false"), (nobody.Url, null, "false"), (nobody.Url, "WEBHOOKS", "true"), (remote.Url, "FAAS", "false") })
            (await demo.ForwardAsync(HttpMethod.Post, url, service, headers: ("LP-stop-if-certificate-not-found", stop))).IsProblem(HttpStatusCode.BadRequest, "no-mapping");

        Assert.Single(remote.Received);
        Assert.Equal(0, await nobody.CountAsync());
    }

    [Fact]
    public async Task Explain_says_that_nothing_goes_without_a_certificate()
    {
        var (demo, _) = await shared.QuietAccountAsync();
        var answer = await demo.PostAsync($"/mtls/account/{demo.Account}/explain", new System.Text.Json.Nodes.JsonObject { ["serviceName"] = "WEBHOOKS", ["url"] = "https://unmapped.example/" });

        Assert.Contains(answer.Json["reasons"]!.AsArray(), reason => (string)reason! == "This gateway sends nothing without a certificate.");
    }

    [Theory]
    [InlineData(400)]
    [InlineData(401)]
    [InlineData(404)]
    [InlineData(424)]
    [InlineData(429)]
    [InlineData(503)]
    [InlineData(599)]
    public async Task A_remotes_error_comes_back_wrapped_with_its_body_and_its_headers(int status)
    {
        await using var remote = await RemoteAsync();
        var url = $"{remote.Url}/?status={status}";
        var answer = await (await MappedAsync(url)).ForwardAsync(HttpMethod.Post, url, content: new StringContent("x"));

        Assert.Equal((HttpStatusCode.FailedDependency, $"{status}", "upstream"), (answer.Status, answer.Header("LP-upstream-status"), answer.Header("LP-response-origin")));
        Assert.Equal(("theirs", "text/odd", "Basic"), (answer.Text, answer.Header("Content-Type"), answer.Header("WWW-Authenticate")));
        // They say that no answer came.
        Assert.Null(answer.Header("LP-message-from-transport"));
        Assert.Null(answer.Header("LP-error-from-transport"));
    }

    [Theory]
    [InlineData(200)]
    [InlineData(201)]
    [InlineData(302)]
    [InlineData(399)]
    public async Task Any_other_answer_comes_back_as_it_is_and_cannot_claim_to_be_wrapped(int status)
    {
        await using var remote = await RemoteAsync();
        var url = $"{remote.Url}/?status={status}";
        var answer = await (await MappedAsync(url)).ForwardAsync(HttpMethod.Get, url);

        Assert.Equal((status, "theirs", null), ((int)answer.Status, answer.Text, answer.Header("LP-upstream-status")));
    }

    [Fact]
    public async Task What_is_the_gateways_own_is_not_wrapped()
    {
        await using var silent = new FaultyServer(Faults.CloseBeforeAnswer, shared.Gateway.Pki.IssueServer());
        var answer = await (await MappedAsync(silent.Url)).ForwardAsync(HttpMethod.Get, silent.Url);

        answer.IsProblem(HttpStatusCode.FailedDependency, "remote-unreachable");
        Assert.Equal(("connection-closed", null), (answer.Header("LP-error-from-transport"), answer.Header("LP-upstream-status")));
    }

    [Fact]
    public async Task The_callers_address_stays_here_whatever_header_a_front_end_names_it_in()
    {
        await using var remote = await RemoteAsync();
        await (await MappedAsync(remote.Url)).ForwardAsync(
            HttpMethod.Get, remote.Url, headers: [("x-trusted-address", "198.51.100.7"), ("X-Client-IP", "198.51.100.7"), ("X-Client-Port", "1234"), ("X-Trusted", "1")]);

        var names = Assert.Single(remote.Received).Headers.Keys;
        Assert.Equal(["x-trusted"], names.Where(name => name.StartsWith("x-", StringComparison.OrdinalIgnoreCase)).Select(name => name.ToLowerInvariant()));
    }

    private async Task<GatewayClient> MappedAsync(string url)
    {
        var (demo, certificate, _) = await shared.NewAccountWithCertificateAsync();
        await demo.MapAsync(url, certificate);
        return demo;
    }

    private Task<MtlsServer> RemoteAsync() => MtlsServer.StartAsync(shared.Gateway.Pki, options =>
    {
        options.ClientCertificates = ClientCertificateMode.AllowCertificate;
        options.Handler = context =>
        {
            context.Response.StatusCode = int.Parse(context.Request.Query["status"].FirstOrDefault("200")!, CultureInfo.InvariantCulture);
            context.Response.Headers.WWWAuthenticate = "Basic";
            context.Response.Headers["LP-upstream-status"] = "418";
            context.Response.ContentType = "text/odd";
            return context.Response.WriteAsync("theirs");
        };
    });

    public sealed class ChosenGateway(AzuriteFixture azurite) : AccountsFixture(azurite)
    {
        protected override IReadOnlyDictionary<string, string?> Settings => new Dictionary<string, string?>
        {
            ["Forwarding:AllowWithoutCertificate"] = "false",
            ["Forwarding:WrapUpstreamErrors"] = "true",
            ["Throttle:TrustedAddressHeader"] = "X-Trusted-Address",
        };
    }
}
