using System.Net;
using System.Text.Json.Nodes;
using MtlsFunctions.Shared;

namespace MtlsFunctions.EndToEndTests.Forwarding;

public sealed class ActivateCertificateTests(AzuriteFixture azurite)
{
    [Theory]
    [InlineData("")]
    [InlineData("?isValidateUrlEnabled=true")]
    [InlineData("?isValidateUrlEnabled=false")]
    public async Task An_activated_certificate_is_mapped(string query)
    {
        await using var gateway = await TestGateway.StartAsync(azurite);
        await using var remote = await MtlsServer.StartAsync(gateway.Pki, options => options.Handler = context =>
        {
            context.Response.StatusCode = 500;
            return Task.CompletedTask;
        });
        var demo = gateway.As("demo");
        var client = gateway.Pki.IssueClient();
        var id = await demo.UploadAsync(client);

        var activated = await ActivateAsync(demo, id, query, remote.Url);

        Assert.Equal(HttpStatusCode.Created, activated.Status);
        Assert.Equal((remote.Url, "2", $"{id}"), ((string?)activated.Json["url"], (string?)activated.Json["serviceId"], (string?)activated.Json["certificationId"]));
        Assert.NotEmpty((string)activated.Json["name"]!);
        await demo.ForwardAsync(HttpMethod.Get, remote.Url);
        Assert.All(remote.Received, request => Assert.Equal(client.Thumbprint, request.ClientThumbprint));
        Assert.Equal(query.EndsWith("true", StringComparison.Ordinal) ? 2 : 1, remote.Received.Count);
    }

    [Fact]
    public async Task An_endpoint_of_a_private_authority_is_validated_and_mapped_with_its_trust_and_its_chain_can_be_taken_from_the_refusal()
    {
        await using var gateway = await TestGateway.StartAsync(azurite);
        var stranger = new TestPki();
        await using var remote = await MtlsServer.StartAsync(stranger, options => options.ClientRoots = gateway.Pki.Roots);
        var demo = gateway.As("demo");
        var id = await demo.UploadAsync(gateway.Pki.IssueClient());
        var refused = await ActivateAsync(demo, id, "?isValidateUrlEnabled=true", remote.Url);
        Assert.Equal("tls-untrusted", (string?)refused.Json["transportError"]);
        var shown = refused.Json["remoteCertificate"]!["chain"]![0]!;

        foreach (var (service, trusted) in new[] { ("WEBHOOKS", stranger.RootPem), ("IDP", (string)shown["pem"]!) })
        {
            var activated = await ActivateAsync(demo, id, "?isValidateUrlEnabled=true", remote.Url, service, trusted);
            Assert.Equal((HttpStatusCode.Created, trusted.Trim()), (activated.Status, ((string?)activated.Json["trustedCa"])?.Trim()));
        }

        Assert.Equal(HttpStatusCode.OK, (await demo.ForwardAsync(HttpMethod.Get, remote.Url)).Status);
        (await ActivateAsync(demo, id, "?isValidateUrlEnabled=true", remote.Url, "FAAS", gateway.Pki.RootPem)).IsProblem(HttpStatusCode.FailedDependency, "remote-unreachable");
        (await ActivateAsync(demo, id, "", remote.Url, "FAAS", "no PEM")).IsProblem(HttpStatusCode.BadRequest, "trusted-ca-invalid");
    }

    [Fact]
    public async Task Nothing_is_mapped_when_the_url_does_not_answer()
    {
        await using var gateway = await TestGateway.StartAsync(azurite);
        await using var stranger = await MtlsServer.StartAsync(new TestPki());
        var demo = gateway.As("demo");
        var id = await demo.UploadAsync(gateway.Pki.IssueClient());

        var untrusted = await ActivateAsync(demo, id, "?isValidateUrlEnabled=true", stranger.Url);
        untrusted.IsProblem(HttpStatusCode.FailedDependency, "remote-unreachable");
        Assert.Null(untrusted.Header("LP-error-from-transport"));
        (await ActivateAsync(demo, id, "?isValidateUrlEnabled=true", "https://169.254.169.254/")).IsProblem(HttpStatusCode.Forbidden, "target-refused");
        (await ActivateAsync(demo, id, "?isValidateUrlEnabled=perhaps", stranger.Url)).IsProblem(HttpStatusCode.BadRequest, "request-invalid");
        (await ActivateAsync(demo, 1, "", stranger.Url)).IsProblem(HttpStatusCode.NotFound, "not-found");
        (await ActivateAsync(demo, id, "", "http://plain.example/")).IsProblem(HttpStatusCode.BadRequest, "url-invalid");
        (await ActivateAsync(demo, id, "", stranger.Url, "NOBODY")).IsProblem(HttpStatusCode.BadRequest, "service-unknown");
        (await ActivateAsync(gateway.As("other"), id, "", stranger.Url)).IsProblem(HttpStatusCode.NotFound, "not-found");
        Assert.Empty((await demo.GetAsync(demo.MappingsPath)).Json.AsArray());
        Assert.Empty(stranger.Received);
    }

    private static Task<Answer> ActivateAsync(GatewayClient client, long id, string query, string url, string service = "WEBHOOKS", string? trustedCa = null) =>
        client.PostAsync($"{client.CertificatesPath}/activate/{id}{query}", new JsonObject { ["serviceName"] = service, ["url"] = url, ["trustedCa"] = trustedCa });
}
