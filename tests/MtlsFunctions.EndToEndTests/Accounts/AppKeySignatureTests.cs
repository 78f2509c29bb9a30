using System.Net;
using System.Text;
using MtlsFunctions.LocalHost.Azurite;
using MtlsFunctions.Shared;
using RestSharp.Authenticators.OAuth;

namespace MtlsFunctions.EndToEndTests.Accounts;

/// <summary>Requests that app keys sign, by an independent library.</summary>
public sealed class AppKeySignatureTests(AzuriteFixture azurite, PersonsGateway persons) : IClassFixture<PersonsGateway>
{
    [Theory]
    [InlineData(OAuthSignatureMethod.HmacSha1)]
    [InlineData(OAuthSignatureMethod.HmacSha256)]
    public async Task A_signed_request_is_let_in_once(OAuthSignatureMethod method)
    {
        var gateway = persons.Gateway;
        var key = await gateway.As("demo").CreateAppKeyAsync("MTLS_READ_INTERNAL");
        const string path = "/mtls/account/demo/certificates?note=a%20b+c&note=%C3%A4&empty=&z";
        var header = key.Sign(HttpMethod.Get, gateway.Url + path, method);
        var signed = new GatewayClient(gateway.Url, "demo", (_, _) => header);

        Assert.Equal(HttpStatusCode.OK, (await signed.GetAsync(path)).Status);
        (await signed.GetAsync(path)).IsProblem(HttpStatusCode.Unauthorized, "unauthorized");
    }

    [Fact]
    public async Task Whatever_is_signed_cannot_be_changed()
    {
        var gateway = persons.Gateway;
        var key = await gateway.As("demo").CreateAppKeyAsync("MTLS_WRITE_INTERNAL");
        const string path = "/mtls/account/demo/certificates?a=1";
        GatewayClient With(Func<string, string> change, string url = path) =>
            new(gateway.Url, "demo", (_, _) => change(key.Sign(HttpMethod.Get, gateway.Url + url)));

        Assert.Equal(HttpStatusCode.OK, (await With(header => header).GetAsync(path)).Status);
        Answer[] refused =
        [
            await With(header => header).GetAsync("/mtls/account/demo/certificates?a=2"),
            await With(header => header).GetAsync("/mtls/account/demo/certificates"),
            await With(header => header, "/mtls/account/demo/certificates?b=1&a=1").GetAsync(path),
            await With(header => header).GetAsync("/mtls/account/demo/app-keys?a=1"),
            await With(header => header).PostRawAsync(path, "[]"),
            await With(header => header.Replace(key.Token, key.Token[1..] + "0", StringComparison.Ordinal)).GetAsync(path),
            await With(header => header.Replace("HMAC-SHA1", "HMAC-SHA256", StringComparison.Ordinal)).GetAsync(path),
            await With(header => header.Replace("HMAC-SHA1", "PLAINTEXT", StringComparison.Ordinal)).GetAsync(path),
            await With(header => header + ", oauth_nonce=\"twice\"").GetAsync(path),
            await With(header => header + ", extra=\"unsigned\"").GetAsync(path),
            await With(header => header[..^20]).GetAsync(path),
            await With(_ => "OAuth").GetAsync(path),
            await With(_ => "OAuth oauth_consumer_key=\"demo.1\"").GetAsync(path),
            await new GatewayClient(gateway.Url, "demo", (_, _) => key.Sign(HttpMethod.Get, "http://elsewhere.example" + path)).GetAsync(path),
            await new GatewayClient(gateway.Url, "demo", (_, _) => (key with { ConsumerSecret = "x" }).Sign(HttpMethod.Get, gateway.Url + path)).GetAsync(path),
            await new GatewayClient(gateway.Url, "demo", (_, _) => (key with { ConsumerKey = "demo.1" }).Sign(HttpMethod.Get, gateway.Url + path)).GetAsync(path),
            await new GatewayClient(gateway.Url, "demo", (_, _) => (key with { ConsumerKey = "other." + key.Id }).Sign(HttpMethod.Get, gateway.Url + path)).GetAsync(path),
        ];
        Assert.All(refused, answer => answer.IsProblem(HttpStatusCode.Unauthorized, "unauthorized"));
        Assert.All(refused, answer => Assert.Contains("OAuth", answer.Header("WWW-Authenticate"), StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_order_of_parameters_in_the_header_does_not_matter()
    {
        var gateway = persons.Gateway;
        var key = await gateway.As("demo").CreateAppKeyAsync("MTLS_READ_INTERNAL");
        const string path = "/mtls/account/demo/certificates";
        var parts = key.Sign(HttpMethod.Get, gateway.Url + path)["OAuth ".Length..].Split(',', StringSplitOptions.TrimEntries);
        var reordered = "OAuth realm=\"anything\", " + string.Join(", ", parts.Reverse());
        Assert.Equal(HttpStatusCode.OK, (await new GatewayClient(gateway.Url, "demo", (_, _) => reordered).GetAsync(path)).Status);
    }

    [Fact]
    public async Task A_form_body_is_part_of_the_signature_and_arrives_as_it_was()
    {
        var gateway = persons.Gateway;
        await using var remote = await MtlsServer.StartAsync(gateway.Pki);
        var key = await gateway.As("demo").CreateAppKeyAsync("MTLS_FORWARD");
        const string body = "a=1&b=x+y%20z";
        var header = key.Sign(HttpMethod.Post, gateway.Url + "/mtls/account/demo", OAuthSignatureMethod.HmacSha1, form: [("a", "1"), ("b", "x y z")]);
        GatewayClient signed = new(gateway.Url, "demo", (_, _) => header);
        StringContent Form(string text) => new(text, Encoding.UTF8, "application/x-www-form-urlencoded");
        await gateway.As("demo").MapAsync(remote.Url, await gateway.As("demo").UploadAsync(gateway.Pki.IssueClient()));

        (await signed.ForwardAsync(HttpMethod.Post, remote.Url, content: Form("a=2&b=x+y%20z"))).IsProblem(HttpStatusCode.Unauthorized, "unauthorized");
        Assert.Equal(HttpStatusCode.OK, (await signed.ForwardAsync(HttpMethod.Post, remote.Url, content: Form(body))).Status);
        Assert.Equal(body, Encoding.ASCII.GetString(Assert.Single(remote.Received).Body));
    }

    [Fact]
    public async Task The_public_base_url_is_what_callers_sign()
    {
        await using var gateway = await TestGateway.StartAsync(azurite, new Dictionary<string, string?> { ["OAuth:PublicBaseUrl"] = "https://mtls.example.com" });
        var key = await gateway.As("demo").CreateAppKeyAsync("MTLS_READ_INTERNAL");
        const string path = "/mtls/account/demo/certificates";
        (await new GatewayClient(gateway.Url, "demo", (_, _) => key.Sign(HttpMethod.Get, gateway.Url + path)).GetAsync(path)).IsProblem(HttpStatusCode.Unauthorized, "unauthorized");
        Assert.Equal(HttpStatusCode.OK, (await new GatewayClient(gateway.Url, "demo", (_, _) => key.Sign(HttpMethod.Get, "https://mtls.example.com" + path)).GetAsync(path)).Status);
    }

    [Fact]
    public async Task A_replay_is_refused_by_another_instance_and_after_a_restart()
    {
        var shared = new Dictionary<string, string?>
        {
            ["Storage:TableName"] = $"t{Guid.NewGuid():N}",
            ["OAuth:PublicBaseUrl"] = "https://mtls.example.com",
            ["LocalVault:Folder"] = Directory.CreateTempSubdirectory("mtlsfunctions-test-").FullName,
        };
        const string path = "/mtls/account/demo/certificates";
        string header;
        await using (var first = await TestGateway.StartAsync(azurite, shared))
        {
            var key = await first.As("demo").CreateAppKeyAsync("MTLS_READ_INTERNAL");
            header = key.Sign(HttpMethod.Get, "https://mtls.example.com" + path);
            Assert.Equal(HttpStatusCode.OK, (await new GatewayClient(first.Url, "demo", (_, _) => header).GetAsync(path)).Status);
            await using var beside = await TestGateway.StartAsync(azurite, shared);
            (await new GatewayClient(beside.Url, "demo", (_, _) => header).GetAsync(path)).IsProblem(HttpStatusCode.Unauthorized, "unauthorized");
        }

        await using var later = await TestGateway.StartAsync(azurite, shared);
        (await new GatewayClient(later.Url, "demo", (_, _) => header).GetAsync(path)).IsProblem(HttpStatusCode.Unauthorized, "unauthorized");
        Directory.Delete(shared["LocalVault:Folder"]!, recursive: true);
    }

    [Theory]
    [InlineData(false, HttpStatusCode.OK)]
    [InlineData(true, HttpStatusCode.ServiceUnavailable)]
    public async Task While_the_nonces_are_down_memory_serves_unless_sharing_is_required(bool required, HttpStatusCode expected)
    {
        var own = await AzuriteServer.StartAsync(null, 0, Console.Error.WriteLine, TestContext.Current.CancellationToken);
        await using var gateway = await TestGateway.StartAsync(azurite, new Dictionary<string, string?>
        {
            ["Storage:ConnectionString"] = own.ConnectionString,
            ["OAuth:RequireSharedNonces"] = required.ToString(),
        });
        await using var remote = await MtlsServer.StartAsync(gateway.Pki);
        var key = await gateway.As("demo").CreateAppKeyAsync("MTLS_FORWARD");
        GatewayClient signed = new(gateway.Url, "demo", key.Sign);
        await gateway.As("demo").MapAsync(remote.Url, await gateway.As("demo").UploadAsync(gateway.Pki.IssueClient()));
        Assert.Equal(HttpStatusCode.OK, (await signed.ForwardAsync(HttpMethod.Get, remote.Url)).Status);

        await own.DisposeAsync();

        Assert.Equal(expected, (await signed.ForwardAsync(HttpMethod.Get, remote.Url)).Status);
    }
}
