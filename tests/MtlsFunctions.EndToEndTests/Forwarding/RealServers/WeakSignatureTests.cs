using System.Net;
using MtlsFunctions.Shared;
using MtlsFunctions.Shared.RealServers;

namespace MtlsFunctions.EndToEndTests.Forwarding.RealServers;

/// <summary>A certificate that our own OpenSSL refuses to present: the remote isn't to blame, and nothing reaches it.</summary>
public sealed class WeakSignatureTests(AccountsFixture shared) : IClassFixture<AccountsFixture>
{
    [Fact]
    public async Task A_forward_with_a_SHA_1_certificate_says_certificate_unusable()
    {
        using var folder = new ToolFolder();
        folder.Certificate("ca");
        folder.OpenSsl("req -new -newkey rsa:2048 -nodes -keyout client.key -out client.csr -subj /CN=client");
        folder.OpenSsl("x509 -req -in client.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 20 -sha1 -out client.pem");
        folder.OpenSsl("pkcs12 -export -inkey client.key -in client.pem -passout pass:secret -out client.p12");
        await using var openssl = await OpenSslServer.StartAsync(shared.Gateway.Pki, ["-tls1_3"], shared.Gateway.Pki.Root);
        var (account, _, _) = await shared.NewAccountWithCertificateAsync();

        var tested = await account.TestAsync(folder.Read("client.p12"), "secret");
        Assert.Equal(HttpStatusCode.OK, tested.Status);
        Assert.Contains("is signed with sha1RSA", tested.Text, StringComparison.Ordinal);
        var uploaded = await account.UploadAsync(folder.Read("client.p12"), "weak", "secret");
        Assert.Equal(HttpStatusCode.Created, uploaded.Status);
        await account.MapAsync(openssl.Url.AbsoluteUri, (long)uploaded.Json["successfulySavedCertificates"]![0]!["id"]!);

        var answer = await account.ForwardAsync(HttpMethod.Get, openssl.Url.AbsoluteUri);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.Status);
        Assert.Contains("problem:certificate-unusable", answer.Text, StringComparison.Ordinal);
        Assert.Contains("SHA-1", answer.Text, StringComparison.Ordinal);
    }
}
