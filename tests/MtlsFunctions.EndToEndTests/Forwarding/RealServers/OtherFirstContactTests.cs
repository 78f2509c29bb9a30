using System.Net;
using MtlsFunctions.Shared.RealServers;

namespace MtlsFunctions.EndToEndTests.Forwarding.RealServers;

/// <summary>Servers of Node, Java and OpenSSL get the mapped certificate.</summary>
public sealed class OtherFirstContactTests(AccountsFixture shared) : IClassFixture<AccountsFixture>
{
    [Theory]
    [InlineData("TLSv1.2", false)]
    [InlineData("TLSv1.3", false)]
    [InlineData("TLSv1.3", true)]
    public async Task Node(string tls, bool http2)
    {
        await using var node = await NodeServer.StartAsync(
            shared.Gateway.Pki, tlsOptions: $"minVersion: '{tls}', maxVersion: '{tls}'", http2: http2,
            handler: "(request, response) => response.end(request.httpVersion + ' ' + request.socket.getPeerCertificate().subject.CN)");
        Assert.Equal(http2 ? "2.0 client" : "1.1 client", (await ForwardAsync(node.Url)).Text);
    }

    [Theory]
    [InlineData("TLSv1.2")]
    [InlineData("TLSv1.3")]
    public async Task Java(string tls)
    {
        await using var java = await JavaServer.StartAsync(shared.Gateway.Pki, protocol: tls);
        Assert.Equal("ok", (await ForwardAsync(java.Url)).Text);
    }

    [Theory]
    [InlineData("-tls1_2")]
    [InlineData("-tls1_3")]
    public async Task OpenSsl(string tls)
    {
        await using var openssl = await OpenSslServer.StartAsync(shared.Gateway.Pki, [tls]);
        Assert.Contains("Client certificate", (await ForwardAsync(openssl.Url)).Text, StringComparison.Ordinal);
    }

    private async Task<Answer> ForwardAsync(Uri url)
    {
        var (account, certificate, _) = await shared.NewAccountWithCertificateAsync();
        await account.MapAsync(url.AbsoluteUri, certificate);
        var answer = await account.ForwardAsync(HttpMethod.Get, url.AbsoluteUri);
        Assert.Equal(HttpStatusCode.OK, answer.Status);
        return answer;
    }
}
