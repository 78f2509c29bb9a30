using System.Net;
using MtlsFunctions.Shared;
using MtlsFunctions.Shared.RealServers;

namespace MtlsFunctions.EndToEndTests.Forwarding.RealServers;

/// <summary>
/// Apache that asks for the certificate for some paths only: it can't over HTTP/2 (HTTP_1_1_REQUIRED), and does it after the handshake
/// over HTTP/1.1.
/// </summary>
public sealed class CertificateForPathsTests(AccountsFixture shared) : IClassFixture<AccountsFixture>
{
    private const string Demand = "<Location /count>\nSSLVerifyClient require\nSSLRenegBufferSize 10000000\n</Location>\n";

    [Theory]
    [InlineData("GET", 0)]
    [InlineData("POST", 0)]
    [InlineData("POST", 1_000)]
    [InlineData("PUT", 60_000)]
    public async Task It_is_spoken_to_in_HTTP_1_and_that_is_remembered(string method, int length)
    {
        await using var apache = await ApacheServer.StartAsync(shared.Gateway.Pki, hostLines: Demand, verifyClient: "none");
        var (account, certificate, _) = await shared.NewAccountWithCertificateAsync();
        var url = new Uri(apache.Url, "count").AbsoluteUri;
        await account.MapAsync(url, certificate);

        foreach (var _ in Enumerable.Range(0, 3))
        {
            var answer = await account.ForwardAsync(new HttpMethod(method), url, content: length == 0 ? null : new ByteArrayContent(new byte[length]));
            Assert.Equal((HttpStatusCode.OK, $"{length}\n", null), (answer.Status, answer.Text, answer.Header("LP-error-from-transport")));
        }

        await Eventually.TrueAsync(() => apache.AccessLog().Count(IsAnswered) >= 3);
        Assert.Equal(3, apache.AccessLog().Count(IsAnswered));
        Assert.InRange(apache.AccessLog().Count(line => line.Contains("HTTP/2.0", StringComparison.Ordinal)), 0, 1);
    }

    [Fact]
    public async Task The_tester_finds_it_well()
    {
        await using var apache = await ApacheServer.StartAsync(shared.Gateway.Pki, hostLines: Demand, verifyClient: "none");
        var account = shared.NewAccount();
        var client = shared.Gateway.Pki.IssueClient();

        var answer = await account.SendAsync(
            HttpMethod.Post, $"/mtls/account/{account.Account}/p12-test/multipart", GatewayClient.TestForm(client.Pkcs12, client.Password),
            ("LP-forward-url", new Uri(apache.Url, "count").AbsoluteUri));

        Assert.Equal((HttpStatusCode.OK, "0\n"), (answer.Status, answer.Text));
        Assert.True(IsAnswered(await LastLineAsync(apache)));
    }

    /// <summary>TLS 1.3: authentication after the handshake. TLS 1.2: renegotiation.</summary>
    [Theory]
    [InlineData("-TLSv1.2 +TLSv1.3", false)]
    [InlineData("-TLSv1.2 +TLSv1.3", true)]
    [InlineData("-TLSv1.3 +TLSv1.2", false)]
    [InlineData("-TLSv1.3 +TLSv1.2", true)]
    public async Task Over_HTTP_1_it_asks_after_the_handshake_whatever_body_waits(string versions, bool expects)
    {
        await using var apache = await ApacheServer.StartAsync(
            shared.Gateway.Pki, protocols: "http/1.1", hostLines: $"SSLProtocol all {versions}\n{Demand}", verifyClient: "none");
        var (account, certificate, _) = await shared.NewAccountWithCertificateAsync();
        var url = new Uri(apache.Url, "count").AbsoluteUri;
        await account.MapAsync(url, certificate);

        var answer = await account.ForwardAsync(
            HttpMethod.Post, url, content: new ByteArrayContent(new byte[5_000_000]), headers: expects ? [("Expect", "100-continue")] : []);

        Assert.Equal((HttpStatusCode.OK, "5000000\n", null), (answer.Status, answer.Text, answer.Header("LP-error-from-transport")));
        Assert.True(IsAnswered(await LastLineAsync(apache)));
    }

    // Status 200, over HTTP/1.1, with the serial of a client certificate.
    private static bool IsAnswered(string line) =>
        line.Split(' ') is ["200", _, "/count", "HTTP/1.1", { Length: > 1 }];

    private static async Task<string> LastLineAsync(ApacheServer apache)
    {
        await Eventually.TrueAsync(() => apache.AccessLog().Length > 0);
        return apache.AccessLog()[^1];
    }
}
