using System.Net;
using System.Text;
using MtlsFunctions.Shared;

namespace MtlsFunctions.EndToEndTests.Forwarding;

public sealed class ForwardTests(RemoteFixture shared) : IClassFixture<RemoteFixture>
{
    [Theory]
    [InlineData("GET", false)]
    [InlineData("HEAD", false)]
    [InlineData("OPTIONS", false)]
    [InlineData("DELETE", false)]
    [InlineData("POST", true)]
    [InlineData("PUT", true)]
    [InlineData("PATCH", true)]
    [InlineData("GET", true)]
    [InlineData("DELETE", true)]
    [InlineData("POST", false)]
    [InlineData("PUT", false)]
    [InlineData("PATCH", false)]
    public async Task Every_method_goes_out_as_it_is_with_the_mapped_certificate(string method, bool withBody)
    {
        var (demo, certificate, thumbprint) = await shared.NewAccountWithCertificateAsync();
        var url = shared.NewUrl();
        await demo.MapAsync(url, certificate);

        var answer = await demo.ForwardAsync(new HttpMethod(method), url, content: withBody ? new StringContent("payload") : null);

        Assert.Equal((HttpStatusCode.OK, "upstream"), (answer.Status, answer.Header("LP-response-origin")));
        var seen = Assert.Single(shared.Seen(url));
        Assert.Equal((method, thumbprint, withBody ? "payload" : ""), (seen.Method, seen.ClientThumbprint, Encoding.UTF8.GetString(seen.Body)));
        if (method != "HEAD")
            Assert.Equal(thumbprint, (string?)answer.Json["thumbprint"]);
    }

    [Theory]
    [InlineData("GET")]
    [InlineData("DELETE")]
    [InlineData("POST")]
    public async Task A_request_without_a_body_may_have_content_headers(string method)
    {
        var demo = shared.NewAccount();
        var url = shared.NewUrl();
        var content = new ByteArrayContent([]);
        content.Headers.TryAddWithoutValidation("Content-Type", "application/json");

        Assert.Equal(HttpStatusCode.OK, (await demo.ForwardAsync(new HttpMethod(method), url, content: content)).Status);
        Assert.Equal(["application/json"], Assert.Single(shared.Seen(url)).Headers["Content-Type"]);
    }

    [Theory]
    [InlineData("WEBHOOKS")]
    [InlineData("2")]
    public async Task A_service_may_be_named_by_its_id(string service)
    {
        var (demo, certificate, thumbprint) = await shared.NewAccountWithCertificateAsync();
        var url = shared.NewUrl();
        await demo.MapAsync(url, certificate);

        Assert.Equal(thumbprint, (string?)(await demo.ForwardAsync(HttpMethod.Get, url, service)).Json["thumbprint"]);
    }

    [Fact]
    public async Task Another_spelling_of_the_same_url_finds_the_mapping_and_the_intermediates_are_sent()
    {
        var demo = shared.NewAccount();
        var client = shared.Gateway.Pki.IssueClient(configure: issue => issue.FromIntermediate = true);
        var path = $"/{Guid.NewGuid():N}/%2f";
        await demo.MapAsync($"HTTPS://LocalHost:{shared.Remote.Port}{path}", await demo.UploadAsync(client));

        var answer = await demo.ForwardAsync(HttpMethod.Get, $"https://localhost:{shared.Remote.Port}{path}");

        Assert.Equal(client.Thumbprint, (string?)answer.Json["thumbprint"]);
    }

    [Fact]
    public async Task What_is_not_mapped_goes_out_without_a_certificate()
    {
        var (demo, certificate, _) = await shared.NewAccountWithCertificateAsync();
        var url = shared.NewUrl();
        await demo.MapAsync(url, certificate);

        foreach (var (other, service) in new[] { (url + "&r=2", "WEBHOOKS"), (url[..^1] + "2", "WEBHOOKS"), (url.Split('?')[0], "WEBHOOKS"), (url, "FAAS"), (url, null) })
        {
            var answer = await demo.ForwardAsync(HttpMethod.Get, other, service);
            Assert.Equal((HttpStatusCode.OK, "upstream", null), (answer.Status, answer.Header("LP-response-origin"), (string?)answer.Json["thumbprint"]));
        }

        var stranger = await shared.NewAccount().ForwardAsync(HttpMethod.Get, url);
        Assert.Null((string?)stranger.Json["thumbprint"]);
    }

    [Fact]
    public async Task A_disabled_mapping_is_none()
    {
        var (demo, certificate, thumbprint) = await shared.NewAccountWithCertificateAsync();
        var url = shared.NewUrl();
        var id = await demo.MapAsync(url, certificate);
        Assert.Equal(thumbprint, (string?)(await demo.ForwardAsync(HttpMethod.Get, url)).Json["thumbprint"]);

        var off = GatewayClient.Mapping(url, certificate);
        off["enable"] = false;
        await demo.SendAsync(HttpMethod.Put, $"{demo.MappingsPath}/{id}", System.Net.Http.Json.JsonContent.Create(off));

        Assert.Null((string?)(await demo.ForwardAsync(HttpMethod.Get, url)).Json["thumbprint"]);
        (await demo.ForwardAsync(HttpMethod.Get, url, headers: ("LP-stop-if-certificate-not-found", "true"))).IsProblem(HttpStatusCode.BadRequest, "no-mapping");
    }

    [Fact]
    public async Task Who_says_stop_goes_nowhere_without_a_mapping()
    {
        var (demo, certificate, thumbprint) = await shared.NewAccountWithCertificateAsync();
        var url = shared.NewUrl();
        await demo.MapAsync(url, certificate);
        await using var nobody = new RefusingListener();
        var stop = ("LP-stop-if-certificate-not-found", "true");

        (await demo.ForwardAsync(HttpMethod.Post, nobody.Url, headers: stop)).IsProblem(HttpStatusCode.BadRequest, "no-mapping");
        var withoutService = await demo.ForwardAsync(HttpMethod.Post, nobody.Url, service: null, headers: stop);
        withoutService.IsProblem(HttpStatusCode.BadRequest, "no-mapping");
        Assert.Contains("LP-service-name", (string)withoutService.Json["detail"]!, StringComparison.Ordinal);
        Assert.Equal(thumbprint, (string?)(await demo.ForwardAsync(HttpMethod.Post, url, headers: stop)).Json["thumbprint"]);
        Assert.Equal(0, await nobody.CountAsync());
    }

    [Fact]
    public async Task A_mapped_certificate_that_cannot_be_used_is_never_left_out()
    {
        await using var nobody = new RefusingListener();
        foreach (var (why, spoil) in new (string, Func<GatewayClient, long, Task>)[]
        {
            ("expired", (demo, certificate) => shared.EditAsync(demo, certificate, row => row.NotAfter = TimeProvider.System.GetUtcNow().AddSeconds(-1))),
            ("vault", (demo, certificate) => shared.EditAsync(demo, certificate, row => row.VaultVersion = null)),
            ("gone", shared.RemoveAsync),
        })
        {
            var (demo, certificate, _) = await shared.NewAccountWithCertificateAsync();
            await demo.MapAsync(nobody.Url, certificate);
            await spoil(demo, certificate);

            var answer = await demo.ForwardAsync(HttpMethod.Post, nobody.Url);

            answer.IsProblem(HttpStatusCode.ServiceUnavailable, "certificate-unusable");
            Assert.Contains(why, (string)answer.Json["detail"]!, StringComparison.Ordinal);
            Assert.Equal("gateway", answer.Header("LP-response-origin"));
        }

        Assert.Equal(0, await nobody.CountAsync());
    }

    [Fact]
    public async Task The_gateways_own_credentials_never_leave_and_the_override_takes_their_place()
    {
        var (demo, certificate, _) = await shared.NewAccountWithCertificateAsync();
        var withKey = await shared.Gateway.WithAppKeyAsync(demo.Account);
        foreach (var caller in new[] { demo, withKey })
        {
            var url = shared.NewUrl();
            await demo.MapAsync(url, certificate);
            await caller.ForwardAsync(HttpMethod.Post, url, headers: ("X-Request-Id", "7"));
            await caller.ForwardAsync(HttpMethod.Post, url, headers: [("LP-authorization-override", "Basic dGhlaXJz"), ("LP-stop-if-certificate-not-found", "true")]);

            var seen = shared.Seen(url);
            Assert.Equal(2, seen.Length);
            Assert.False(seen[0].Headers.ContainsKey("Authorization"));
            Assert.Equal(["7"], seen[0].Headers["X-Request-Id"]);
            Assert.Equal(["Basic dGhlaXJz"], seen[1].Headers["Authorization"]);
            Assert.All(seen, request => Assert.DoesNotContain(request.Headers.Keys, name => name.StartsWith("LP-", StringComparison.OrdinalIgnoreCase)));
        }
    }

    [Theory]
    [InlineData(null, "request-invalid")]
    [InlineData("", "request-invalid")]
    [InlineData("http://127.0.0.1/", "url-invalid")]
    [InlineData("127.0.0.1", "url-invalid")]
    [InlineData("https://user:password@127.0.0.1/", "url-invalid")]
    [InlineData("https://127.0.0.1/#fragment", "url-invalid")]
    [InlineData("https://127.0.0.1\\@a.example/", "url-invalid")]
    [InlineData("https://127.0.0.1:0/", "url-invalid")]
    [InlineData("https://127.0.0.1:99999/", "url-invalid")]
    [InlineData("file:///etc/passwd", "url-invalid")]
    [InlineData("https://a.example/,https://b.example/#", "url-invalid")]
    public async Task A_url_that_is_missing_or_none_is_refused(string? url, string type)
    {
        var demo = shared.NewAccount();
        var answer = await demo.SendAsync(HttpMethod.Get, demo.ForwardPath, headers: url is null ? [] : [("LP-forward-url", url)]);
        answer.IsProblem(HttpStatusCode.BadRequest, type);
        Assert.Contains("LP-forward-url", (string)answer.Json["detail"]!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_url_of_8193_or_10000_characters_is_refused_and_one_of_8192_is_called()
    {
        var demo = shared.NewAccount();
        Assert.Equal(HttpStatusCode.OK, (await demo.ForwardAsync(HttpMethod.Get, (shared.Remote.Url + "/").PadRight(8192, 'x'))).Status);
        (await demo.ForwardAsync(HttpMethod.Get, (shared.Remote.Url + "/").PadRight(8193, 'x'))).IsProblem(HttpStatusCode.BadRequest, "url-invalid");
        (await demo.ForwardAsync(HttpMethod.Get, (shared.Remote.Url + "/").PadRight(10_000, 'x'))).IsProblem(HttpStatusCode.BadRequest, "url-invalid");
    }

    [Fact]
    public async Task A_word_about_stopping_or_a_service_that_is_not_understood_stops_the_forward()
    {
        var demo = shared.NewAccount();
        var url = shared.NewUrl();
        (await demo.ForwardAsync(HttpMethod.Get, url, headers: ("LP-stop-if-certificate-not-found", "yes"))).IsProblem(HttpStatusCode.BadRequest, "request-invalid");
        (await demo.ForwardAsync(HttpMethod.Get, url, "NOBODY")).IsProblem(HttpStatusCode.BadRequest, "service-unknown");
        Assert.Empty(shared.Seen(url));
    }
}
