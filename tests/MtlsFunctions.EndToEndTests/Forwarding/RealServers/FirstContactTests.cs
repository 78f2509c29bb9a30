using System.Net;
using MtlsFunctions.Shared;
using MtlsFunctions.Shared.RealServers;

namespace MtlsFunctions.EndToEndTests.Forwarding.RealServers;

/// <summary>Servers from the system's packages, with their own defaults, get the mapped certificate.</summary>
public sealed class FirstContactTests(AccountsFixture shared) : IClassFixture<AccountsFixture>
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Nginx_sees_the_mapped_certificate(bool http2)
    {
        await using var nginx = await NginxServer.StartAsync(shared.Gateway.Pki, http2: http2);
        var serial = await ForwardAsync(nginx.Url);
        Assert.Equal($"200 GET / {serial}", Assert.Single(await LoggedAsync(nginx.AccessLog)));
    }

    [Theory]
    [InlineData("h2 http/1.1", "HTTP/2.0")]
    [InlineData("http/1.1", "HTTP/1.1")]
    public async Task Apache_sees_the_mapped_certificate(string protocols, string spoken)
    {
        await using var apache = await ApacheServer.StartAsync(shared.Gateway.Pki, protocols: protocols);
        var serial = await ForwardAsync(apache.Url);
        Assert.Equal($"200 GET / {spoken} {serial}", Assert.Single(await LoggedAsync(apache.AccessLog)));
    }

    [Fact]
    public async Task A_server_that_cannot_start_fails_the_test_with_its_own_words()
    {
        var failure = await Assert.ThrowsAsync<InvalidOperationException>(() => NginxServer.StartAsync(shared.Gateway.Pki, serverLines: "no_such_directive;"));
        Assert.Contains("no_such_directive", failure.Message, StringComparison.Ordinal);
    }

    // Written after the answer has gone out.
    private static Task<string[]> LoggedAsync(Func<string[]> read) => Eventually.GetAsync(() => Task.FromResult(read()), lines => lines.Length > 0);

    /// <returns>The serial number of the certificate that is mapped to the URL, upper-case hex.</returns>
    private async Task<string> ForwardAsync(Uri url)
    {
        var client = shared.Gateway.Pki.IssueClient();
        var account = shared.NewAccount();
        await account.MapAsync(url.AbsoluteUri, await account.UploadAsync(client));
        Assert.Equal(HttpStatusCode.OK, (await account.ForwardAsync(HttpMethod.Get, url.AbsoluteUri)).Status);
        return client.Certificate.SerialNumber;
    }
}
