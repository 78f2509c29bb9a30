using System.Net;
using System.Text.Json.Nodes;
using MtlsFunctions.Shared;

namespace MtlsFunctions.EndToEndTests;

/// <summary>The story: test, upload, map, check, forward; and the remote endpoint sees the mapped certificate.</summary>
public sealed class OnboardingTests(AzuriteFixture azurite)
{
    [Fact]
    public async Task An_uploaded_and_mapped_certificate_is_the_one_that_the_remote_endpoint_sees()
    {
        await using var gateway = await TestGateway.StartAsync(azurite);
        await using var remote = await MtlsServer.StartAsync(gateway.Pki);
        var client = gateway.Pki.IssueClient();
        var demo = gateway.As("demo");
        var url = remote.Url + "/orders?customer=42";

        var tested = await demo.TestAsync(client.Pkcs12, client.Password);
        Assert.Equal(HttpStatusCode.OK, tested.Status);
        Assert.Equal(client.Thumbprint, (string?)tested.Json["thumbprint"]);

        var id = await demo.UploadAsync(client);
        await demo.MapAsync(url, id);

        var triplet = new JsonArray(new JsonObject { ["serviceName"] = "WEBHOOKS", ["accountId"] = "demo", ["url"] = url });
        var first = await demo.PostAsync("/mtls/mapping", triplet.DeepClone());
        Assert.Equal($$"""{"CertificateMappingParamters{serviceName='WEBHOOKS', accountId='demo', url='{{url}}'}":true}""", first.Text);
        var second = await demo.PostAsync("/mtls/mapping?v=2", triplet.DeepClone());
        Assert.Equal($$"""[{"serviceName":"WEBHOOKS","accountId":"demo","url":"{{url}}","doExist":true}]""", second.Text);
        var scoped = await demo.PostAsync("/api/account/demo/checks/serviceUrlMappings", triplet.DeepClone());
        Assert.Equal($$"""[{"serviceName":"WEBHOOKS","url":"{{url}}","exist":true}]""", scoped.Text);

        var got = await demo.ForwardAsync(HttpMethod.Get, url);
        Assert.Equal((HttpStatusCode.OK, "upstream"), (got.Status, got.Header("LP-response-origin")));
        Assert.Equal(client.Thumbprint, (string?)got.Json["thumbprint"]);
        var posted = await demo.ForwardAsync(HttpMethod.Post, url, content: new StringContent("hello"));
        Assert.Equal(client.Thumbprint, (string?)posted.Json["thumbprint"]);
        Assert.Equal("hello"u8.ToArray(), remote.Received.Last().Body);
        Assert.Equal("/orders?customer=42", remote.Received.Last().RawTarget);
    }
}
