using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using MtlsFunctions.Shared;
using MtlsFunctions.Shared.RealServers;

namespace MtlsFunctions.EndToEndTests.Forwarding.RealServers;

/// <summary>Tester, activate and explain say whether a remote asks for a certificate, of whom, and what it shows itself.</summary>
public sealed class RemoteLookTests(AccountsFixture shared) : IClassFixture<AccountsFixture>
{
    private TestPki Pki => shared.Gateway.Pki;

    [Theory]
    [InlineData("-tls1_2", true)]
    [InlineData("-tls1_3", true)]
    [InlineData("-tls1_2", false)]
    [InlineData("-tls1_3", false)]
    public async Task Whether_a_certificate_is_asked_for(string version, bool asked)
    {
        await using var openssl = await OpenSslServer.StartAsync(Pki, [version], verify: asked);
        var (account, certificate, _) = await shared.NewAccountWithCertificateAsync();

        var explained = await ExplainAsync(account, openssl.Url);
        Assert.Equal((asked, null), ((bool?)explained["certificateAsked"], (string?)explained["transportError"]));
        Assert.Equal(asked ? Pki.Root.Subject : null, (string?)explained["acceptableIssuers"]?[0]);
        Assert.Equal("CN=localhost", (string?)explained["remoteCertificate"]!["subject"]);
        Assert.Null(explained["remoteCertificate"]!["problem"]);

        var tested = await TestAsync(account, Pki.IssueClient(), openssl.Url);
        Assert.Equal((HttpStatusCode.OK, asked ? "true" : "false"), (tested.Status, tested.Header("LP-certificate-asked")));
        Assert.Equal(asked ? Pki.Root.Subject : null, tested.Header("LP-acceptable-issuers"));

        var activated = await ActivateAsync(account, certificate, openssl.Url);
        Assert.Equal((HttpStatusCode.Created, asked), (activated.Status, (bool?)activated.Json["certificateAsked"]));
        Assert.Equal("CN=localhost", (string?)activated.Json["remoteCertificate"]!["subject"]);
    }

    /// <summary>Node only closes: the issuers that it asked for are all that there is to go by.</summary>
    [Theory]
    [InlineData("TLSv1.2", false)]
    [InlineData("TLSv1.3", false)]
    [InlineData("TLSv1.3", true)]
    public async Task A_refusal_names_the_issuers_that_would_be_taken(string version, bool http2)
    {
        var stranger = new TestPki();
        await using var node = await NodeServer.StartAsync(Pki, stranger.Root, tlsOptions: $"minVersion: '{version}', maxVersion: '{version}'", http2: http2);
        var (account, certificate, _) = await shared.NewAccountWithCertificateAsync();

        foreach (var answer in new[] { await TestAsync(account, Pki.IssueClient(), node.Url), await ActivateAsync(account, certificate, node.Url) })
        {
            answer.IsProblem(HttpStatusCode.FailedDependency, "remote-unreachable");
            Assert.Equal(("tls-closed-after-handshake", true), ((string?)answer.Json["transportError"], (bool?)answer.Json["certificateAsked"]));
            Assert.Equal(stranger.Root.Subject, (string?)answer.Json["acceptableIssuers"]![0]);
            Assert.Equal("CN=localhost", (string?)answer.Json["remoteCertificate"]!["subject"]);
            Assert.EndsWith(
                $"The certificate is of '{Pki.Root.Subject}', which is not among those that the remote says it takes: {stranger.Root.Subject}.",
                (string)answer.Json["detail"]!, StringComparison.Ordinal);
            Assert.Null(answer.Header("LP-error-from-transport"));
        }

        Assert.Empty((await account.GetAsync(account.MappingsPath)).Json.AsArray());
    }

    /// <summary>The same words whether the request or the verdict is faster, over and over.</summary>
    [Fact]
    public async Task The_tester_waits_for_the_verdict()
    {
        await using var apache = await ApacheServer.StartAsync(Pki, new TestPki().Root, hostLines: "SSLProtocol TLSv1.3");
        var account = shared.NewAccount();
        for (var round = 0; round < 5; round++)
            Assert.Equal("tls-certificate-refused", (string?)(await TestAsync(account, Pki.IssueClient(), apache.Url)).Json["transportError"]);
    }

    [Theory]
    [InlineData("-tls1_2")]
    [InlineData("-tls1_3")]
    public async Task What_is_wrong_with_the_remotes_certificate(string version)
    {
        await using var openssl = await OpenSslServer.StartAsync(Pki, [version], certificate: Pki.IssueExpiredServer());
        var (account, certificate, _) = await shared.NewAccountWithCertificateAsync();

        var explained = await ExplainAsync(account, openssl.Url);
        Assert.Equal("tls-expired", (string?)explained["transportError"]);
        Assert.Equal((string?)explained["transportMessage"], (string?)explained["remoteCertificate"]!["problem"]);
        foreach (var answer in new[] { await TestAsync(account, Pki.IssueClient(), openssl.Url), await ActivateAsync(account, certificate, openssl.Url) })
            Assert.Equal(("tls-expired", (string?)explained["transportMessage"]), ((string?)answer.Json["transportError"], (string?)answer.Json["remoteCertificate"]!["problem"]));
    }

    [Fact]
    public async Task Weak_certificates_are_warned_of()
    {
        using var rsa = RSA.Create(1024);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        var now = TimeProvider.System.GetUtcNow();
        var weak = MtlsFunctions.Shared.Certificates.Issue(
            new X500DistinguishedName("CN=weak"), rsa, now.AddDays(-1), now.AddDays(9), Pki.Root,
            [.. MtlsFunctions.Shared.Certificates.ForLeaf(ClientUsage.ServerAuth), names.Build()]);
        await using var openssl = await OpenSslServer.StartAsync(Pki, ["-cipher", "DEFAULT@SECLEVEL=0"], certificate: weak);
        var account = shared.NewAccount();

        var explained = await ExplainAsync(account, openssl.Url);
        Assert.Null(explained["transportError"]);
        Assert.Contains("1024 bits", (string)explained["remoteCertificate"]!["warnings"]![0]!, StringComparison.Ordinal);
        var tested = await TestAsync(account, Pki.IssueClient(), openssl.Url);
        Assert.Equal(HttpStatusCode.OK, tested.Status);
        Assert.Contains("1024 bits", tested.Header("LP-remote-warnings"), StringComparison.Ordinal);

        await using var strict = await TestGateway.StartAsync(shared.Azurite, new Dictionary<string, string?>
        {
            ["Forwarding:RefuseWeakRemoteCertificates"] = "true",
            ["Forwarding:TrustedRoots:0"] = Pki.WriteRootPem(Path.Combine(shared.Gateway.VaultFolder, "roots")),
        });
        var refused = await strict.As("demo").ForwardAsync(HttpMethod.Get, openssl.Url.AbsoluteUri);
        Assert.Equal("tls-too-weak", refused.Header("LP-error-from-transport"));
        Assert.Contains("1024 bits", refused.Header("LP-message-from-transport"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nothing_is_dialled_where_the_guard_or_the_caller_says_no()
    {
        await using var nobody = new RefusingListener();
        var account = shared.NewAccount();
        var refused = await ExplainAsync(account, new Uri("https://169.254.169.254/latest"));
        Assert.Equal("target-refused", (string?)refused["transportError"]);
        Assert.DoesNotContain("169.254", (string)refused["transportMessage"]!, StringComparison.Ordinal);

        var unseen = await account.PostAsync($"/mtls/account/{account.Account}/explain", new JsonObject { ["serviceName"] = "WEBHOOKS", ["url"] = nobody.Url, ["look"] = false });
        Assert.Equal(HttpStatusCode.OK, unseen.Status);
        Assert.False(unseen.Json.AsObject().ContainsKey("transportError"));
        Assert.Equal(0, await nobody.CountAsync());

        Assert.Equal("connection-refused", (string?)(await ExplainAsync(account, new Uri("https://127.0.0.1:1/")))["transportError"]);
    }

    private static async Task<JsonNode> ExplainAsync(GatewayClient account, Uri url)
    {
        var answer = await account.PostAsync($"/mtls/account/{account.Account}/explain", new JsonObject { ["serviceName"] = "WEBHOOKS", ["url"] = url.AbsoluteUri });
        Assert.Equal(HttpStatusCode.OK, answer.Status);
        return answer.Json;
    }

    private static Task<Answer> ActivateAsync(GatewayClient account, long certificate, Uri url) => account.PostAsync(
        $"{account.CertificatesPath}/activate/{certificate}?isValidateUrlEnabled=true", new JsonObject { ["serviceName"] = "WEBHOOKS", ["url"] = url.AbsoluteUri });

    private static Task<Answer> TestAsync(GatewayClient account, TestClient client, Uri url) => account.SendAsync(
        HttpMethod.Post, $"/mtls/account/{account.Account}/p12-test/multipart",
        new MultipartFormDataContent { { new ByteArrayContent(client.Pkcs12), "file", "c.p12" }, { new StringContent(client.Password), "password" } },
        ("LP-forward-url", url.AbsoluteUri));
}
