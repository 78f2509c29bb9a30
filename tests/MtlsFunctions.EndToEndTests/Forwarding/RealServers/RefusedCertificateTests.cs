using System.Net;
using MtlsFunctions.Shared;
using MtlsFunctions.Shared.RealServers;

namespace MtlsFunctions.EndToEndTests.Forwarding.RealServers;

/// <summary>
/// What servers that people run let us know when they refuse a client certificate, or get none: the matrix of docs/problems.md.
/// Several forwards each, small and large, because with some of them the answer was once a matter of who is faster.
/// </summary>
public sealed class RefusedCertificateTests(AccountsFixture shared) : IClassFixture<AccountsFixture>
{
    private const int Rounds = 6;
    private const string Refused = "tls-certificate-refused";
    private const string Required = "tls-certificate-required";
    private const string Closed = "tls-closed-after-handshake";

    private readonly TestPki strangers = new();

    [Theory]
    [InlineData("-TLSv1.2 +TLSv1.3", "http/1.1")]
    [InlineData("-TLSv1.3 +TLSv1.2", "http/1.1")]
    [InlineData("-TLSv1.2 +TLSv1.3", "h2 http/1.1")]
    [InlineData("-TLSv1.3 +TLSv1.2", "h2 http/1.1")]
    public async Task Apache_says_it(string versions, string protocols)
    {
        await using var apache = await ApacheServer.StartAsync(shared.Gateway.Pki, strangers.Root, protocols, $"SSLProtocol all {versions}");
        await FailsAsync(apache.Url, Refused, Required);
        Assert.Empty(apache.AccessLog());
    }

    [Theory]
    [InlineData("-tls1_2")]
    [InlineData("-tls1_3")]
    public async Task OpenSsl_says_it(string version)
    {
        await using var openssl = await OpenSslServer.StartAsync(shared.Gateway.Pki, [version], strangers.Root);
        await FailsAsync(openssl.Url, Refused, Required);
    }

    [Theory]
    [InlineData("TLSv1.2", false)]
    [InlineData("TLSv1.3", false)]
    [InlineData("TLSv1.2", true)]
    [InlineData("TLSv1.3", true)]
    public async Task Node_says_that_one_is_missing_and_closes_on_one_of_an_unknown_authority(string version, bool http2)
    {
        await using var node = await NodeServer.StartAsync(
            shared.Gateway.Pki, strangers.Root, tlsOptions: $"minVersion: '{version}', maxVersion: '{version}'", http2: http2);
        await FailsAsync(node.Url, Closed, Required);
    }

    [Theory]
    [InlineData("TLSv1.2")]
    [InlineData("TLSv1.3")]
    public async Task Java_only_closes(string version)
    {
        await using var java = await JavaServer.StartAsync(shared.Gateway.Pki, strangers.Root, version);
        await FailsAsync(java.Url, Closed, Closed);
    }

    /// <summary>It ends no handshake: an answer over HTTP says it, and goes to the caller like any other.</summary>
    [Theory]
    [InlineData("TLSv1.2", false)]
    [InlineData("TLSv1.3", true)]
    public async Task Nginx_answers(string version, bool http2)
    {
        await using var nginx = await NginxServer.StartAsync(
            shared.Gateway.Pki, strangers.Root, $"ssl_protocols {version}; location / {{ return 200 ok; }}", http2);
        var (account, mapped) = await MappedAsync(nginx.Url);

        foreach (var (url, words) in new[] { (mapped, "The SSL certificate error"), (nginx.Url.AbsoluteUri, "No required SSL certificate was sent") })
        {
            var answer = await account.ForwardAsync(HttpMethod.Get, url);
            Assert.Equal((HttpStatusCode.BadRequest, "upstream"), (answer.Status, answer.Header("LP-response-origin")));
            Assert.Contains(words, answer.Text, StringComparison.Ordinal);
        }
    }

    /// <summary>It asks on a connection that has answered before, by post-handshake authentication or renegotiation.</summary>
    [Theory]
    [InlineData("-TLSv1.2 +TLSv1.3")]
    [InlineData("-TLSv1.3 +TLSv1.2")]
    public async Task Apache_says_it_on_a_warm_connection_too(string versions)
    {
        await using var apache = await ApacheServer.StartAsync(
            shared.Gateway.Pki, strangers.Root, "http/1.1", $"SSLProtocol all {versions}\n<Location /mapped>\nSSLVerifyClient require\n</Location>", verifyClient: "none");
        var (account, mapped) = await MappedAsync(apache.Url);
        var open = new Uri(apache.Url, "/index.html").AbsoluteUri;
        await account.MapAsync(open, (long)(await account.GetAsync(account.CertificatesPath)).Json[0]!["id"]!);
        for (var round = 0; round < Rounds; round++)
        {
            Assert.Equal(HttpStatusCode.OK, (await account.ForwardAsync(HttpMethod.Get, open)).Status);
            Assert.Equal((round, Refused), (round, await CodeAsync(account, mapped, large: false)));
        }
    }

    private async Task<(GatewayClient Account, string Mapped)> MappedAsync(Uri server)
    {
        var (account, certificate, _) = await shared.NewAccountWithCertificateAsync();
        var mapped = new Uri(server, "/mapped").AbsoluteUri;
        await account.MapAsync(mapped, certificate);
        return (account, mapped);
    }

    private async Task FailsAsync(Uri server, string unknown, string none)
    {
        var (account, mapped) = await MappedAsync(server);
        for (var round = 0; round < Rounds; round++)
        {
            Assert.Equal((round, unknown), (round, await CodeAsync(account, mapped, large: round % 2 != 0)));
            Assert.Equal((round, none), (round, await CodeAsync(account, server.AbsoluteUri, large: round % 2 != 0)));
        }
    }

    private static async Task<string?> CodeAsync(GatewayClient account, string url, bool large)
    {
        var answer = await (large ? account.ForwardAsync(HttpMethod.Post, url, content: new ByteArrayContent(new byte[300_000])) : account.ForwardAsync(HttpMethod.Get, url));
        Assert.Equal(HttpStatusCode.FailedDependency, answer.Status);
        return answer.Header("LP-error-from-transport");
    }
}
