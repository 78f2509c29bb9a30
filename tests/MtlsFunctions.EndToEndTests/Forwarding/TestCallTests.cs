using System.Net;
using System.Text;
using Microsoft.AspNetCore.Http;
using MtlsFunctions.Shared;

namespace MtlsFunctions.EndToEndTests.Forwarding;

/// <summary>The tester's older form: it calls LP-forward-url with the certificate that is being tested.</summary>
public sealed class TestCallTests(AzuriteFixture azurite)
{
    [Fact]
    public async Task The_remote_is_called_with_the_tested_certificate_and_its_answer_comes_back()
    {
        await using var gateway = await TestGateway.StartAsync(azurite);
        await using var remote = await MtlsServer.StartAsync(gateway.Pki, options => options.Handler = context =>
        {
            context.Response.StatusCode = 418;
            context.Response.ContentType = "text/teapot";
            return context.Response.WriteAsync("short and stout");
        });
        var client = gateway.Pki.IssueClient();

        var answer = await TestAsync(gateway.As("demo"), client, remote.Url + "/try?a=b", "payload",
            ("LP-authorization-override", "Basic abc"), ("LP-content-type-override", "text/plain"), ("LP-method-override", "PUT"));

        Assert.Equal(((HttpStatusCode)418, "text/teapot", "short and stout"), (answer.Status, answer.Header("Content-Type"), answer.Text));
        Assert.Equal("upstream", answer.Header("LP-response-origin"));
        var seen = Assert.Single(remote.Received);
        Assert.Equal(("PUT", "/try?a=b", client.Thumbprint, "payload"), (seen.Method, seen.RawTarget, seen.ClientThumbprint, Encoding.UTF8.GetString(seen.Body)));
        Assert.Equal(["Basic abc"], seen.Headers["Authorization"]);
        Assert.Equal(["text/plain"], seen.Headers["Content-Type"]);
        Assert.DoesNotContain(seen.Headers.Keys, name => name.StartsWith("LP-", StringComparison.OrdinalIgnoreCase));
    }

    [Theory]
    [InlineData(null, "GET")]
    [InlineData("{}", "POST")]
    public async Task Without_overrides_a_body_makes_it_a_POST(string? body, string method)
    {
        await using var gateway = await TestGateway.StartAsync(azurite);
        await using var remote = await MtlsServer.StartAsync(gateway.Pki);
        Assert.Equal(HttpStatusCode.OK, (await TestAsync(gateway.As("demo"), gateway.Pki.IssueClient(), remote.Url, body)).Status);
        Assert.Equal(method, Assert.Single(remote.Received).Method);
    }

    [Fact]
    public async Task What_cannot_be_sent_is_refused_and_a_reader_may_only_look()
    {
        await using var gateway = await TestGateway.StartAsync(azurite);
        await using var remote = await MtlsServer.StartAsync(gateway.Pki);
        var client = gateway.Pki.IssueClient();
        var reader = gateway.As("demo", "MTLS_READ_INTERNAL");

        (await TestAsync(reader, client, remote.Url, "{}")).IsProblem(HttpStatusCode.Forbidden, "forbidden");
        (await TestAsync(reader, client, remote.Url, null, ("LP-method-override", "CONNECT"))).IsProblem(HttpStatusCode.BadRequest, "request-invalid");
        (await TestAsync(reader, client, "http://plain.example/", null)).IsProblem(HttpStatusCode.BadRequest, "url-invalid");
        (await TestAsync(reader, client, "https://10.0.0.1/", null)).IsProblem(HttpStatusCode.Forbidden, "target-refused");
        (await TestAsync(reader, client, "https://nobody.invalid/", null)).IsProblem(HttpStatusCode.FailedDependency, "remote-unreachable");
        Assert.Empty(remote.Received);
        Assert.Equal(HttpStatusCode.OK, (await TestAsync(reader, client, remote.Url, null)).Status);
    }

    [Fact]
    public async Task An_endpoint_of_a_private_authority_is_called_with_the_trust_that_its_mapping_would_bring_and_with_no_other()
    {
        await using var gateway = await TestGateway.StartAsync(azurite);
        var stranger = new TestPki();
        await using var remote = await MtlsServer.StartAsync(stranger, options => options.ClientRoots = gateway.Pki.Roots);
        var client = gateway.Pki.IssueClient();
        Task<Answer> CallAsync(string trustedCa)
        {
            var form = GatewayClient.TestForm(client.Pkcs12, client.Password);
            form.Add(new StringContent(trustedCa), "trustedCa");
            return gateway.As("demo").SendAsync(HttpMethod.Post, "/mtls/account/demo/p12-test/multipart", form, ("LP-forward-url", remote.Url));
        }

        var answer = await CallAsync(stranger.RootPem);
        Assert.Equal((HttpStatusCode.OK, "upstream"), (answer.Status, answer.Header("LP-response-origin")));
        foreach (var other in new[] { "", gateway.Pki.RootPem })
            Assert.Equal("tls-untrusted", (string?)(await CallAsync(other)).Json["transportError"]);
        (await CallAsync("no PEM")).IsProblem(HttpStatusCode.BadRequest, "trusted-ca-invalid");
        Assert.Single(remote.Received);
    }

    private static Task<Answer> TestAsync(GatewayClient gateway, TestClient client, string url, string? body, params (string, string)[] headers)
    {
        var form = new MultipartFormDataContent { { new ByteArrayContent(client.Pkcs12), "file", "c.p12" }, { new StringContent(client.Password), "password" } };
        if (body is not null)
            form.Add(new StringContent(body), "body");
        return gateway.SendAsync(HttpMethod.Post, $"/mtls/account/{gateway.Account}/p12-test/multipart", form, [("LP-forward-url", url), .. headers]);
    }
}
