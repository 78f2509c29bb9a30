using System.Net;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using MtlsFunctions.Shared;
using MtlsFunctions.Shared.RealServers;

namespace MtlsFunctions.EndToEndTests.Forwarding.RealServers;

/// <summary>What is wrong with a remote's certificate, or with ours for it: each case is told apart, with its next step, in the header and in the problem.</summary>
public sealed class RemoteCertificateTests(AccountsFixture shared) : IClassFixture<AccountsFixture>
{
    private TestPki Pki => shared.Gateway.Pki;

    [Fact]
    public async Task A_server_that_sends_no_intermediate()
    {
        var leaf = Below(Pki);
        var remote = await FailsAsync("tls-untrusted", $"the issuer '{Pki.Intermediate.Subject}' is missing", leaf);
        Assert.Equal((leaf.Subject, Pki.Intermediate.Subject, Pki.Intermediate.Subject), ((string?)remote["subject"], (string?)remote["issuer"], (string?)remote["missing"]));
        Assert.Equal(TestPki.ThumbprintOf(leaf), (string?)remote["sha256"]);
        Assert.Single(remote["chain"]!.AsArray());
    }

    [Fact]
    public async Task A_private_root()
    {
        var stranger = new TestPki();
        var remote = await FailsAsync("tls-untrusted", $"SHA-256 {TestPki.ThumbprintOf(stranger.Root)}, which is not trusted", stranger.IssueServer(), chain: [stranger.Root]);
        Assert.Equal(2, remote["chain"]!.AsArray().Count);
        Assert.Equal(["localhost", "127.0.0.1"], remote["names"]!.AsArray().Select(name => (string?)name));
    }

    [Fact]
    public async Task A_certificate_of_another_name() =>
        await FailsAsync("tls-wrong-host", "is for another-host.example", Pki.IssueServerOfAnotherHost());

    [Fact]
    public async Task A_certificate_that_is_for_clients_only()
    {
        using var key = System.Security.Cryptography.ECDsa.Create(System.Security.Cryptography.ECCurve.NamedCurves.nistP256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        var now = TimeProvider.System.GetUtcNow();
        var client = MtlsFunctions.Shared.Certificates.Issue(
            new X500DistinguishedName("CN=client"), key, now.AddDays(-1), now.AddDays(9), Pki.Root,
            [.. MtlsFunctions.Shared.Certificates.ForLeaf(ClientUsage.ClientAuth), names.Build()]);
        await FailsAsync("tls-untrusted", "not one for servers", client);
    }

    [Fact]
    public async Task An_expired_certificate() => await FailsAsync("tls-expired", "certificate expired at 20", Pki.IssueExpiredServer());

    [Theory]
    [InlineData("tls-no-common-cipher", "Offered are TLS_", "-tls1_2", "-cipher", "AES128-SHA")]
    [InlineData("tls-no-common-cipher", "Offered are TLS_", "-tls1_3", "-ciphersuites", "TLS_AES_128_CCM_8_SHA256", "-cipher", "DEFAULT@SECLEVEL=0")]
    [InlineData("tls-no-common-cipher", "signatures", "-tls1_2", "-sigalgs", "ECDSA+SHA1", "-cipher", "DEFAULT@SECLEVEL=0")]
    [InlineData("tls-no-common-cipher", "groups", "-tls1_3", "-groups", "brainpoolP256r1")]
    [InlineData("tls-protocol", "TLS 1.3 and", "-tls1_1", "-cipher", "DEFAULT@SECLEVEL=0")]
    public async Task Nothing_in_common(string code, string words, params string[] arguments)
    {
        await using var openssl = await OpenSslServer.StartAsync(Pki, arguments, verify: false);
        await FailsAsync(code, words, openssl.Url);
    }

    /// <summary>The certificates here have P-256 keys.</summary>
    [Theory]
    [InlineData("-tls1_2", "-client_sigalgs", "RSA+SHA256:RSA-PSS+SHA256")]
    [InlineData("-tls1_3", "-client_sigalgs", "RSA-PSS+SHA256")]
    [InlineData("-tls1_2", "-client_sigalgs", "RSA+SHA1:ECDSA+SHA1", "-cipher", "DEFAULT@SECLEVEL=0")]
    public async Task No_signature_that_our_key_can_make(params string[] arguments)
    {
        await using var openssl = await OpenSslServer.StartAsync(Pki, arguments);
        var answer = await FailsAsync("tls-key-unsuitable", "another kind of key is needed", openssl.Url);
        Assert.True((bool)answer.Json["certificateAsked"]!);
    }

    [Fact]
    public async Task A_server_without_secure_renegotiation()
    {
        // A hello of TLS 1.2 with no extension at all: the one of RFC 5746 is what is missed.
        byte[] hello = [2, 0, 0, 38, 3, 3, .. new byte[32], 0, 0xC0, 0x2F, 0];
        await using var remote = new FaultyServer(
            async (stream, ending) =>
            {
                await stream.ReadExactlyAsync(new byte[5], ending);
                await stream.WriteAsync((byte[])[22, 3, 3, 0, (byte)hello.Length, .. hello], ending);
                await stream.CopyToAsync(Stream.Null, ending);
            },
            certificate: null);
        await FailsAsync("tls-too-weak", "RFC 5746", new Uri(remote.Url));
    }

    [Fact]
    public async Task The_issuers_that_a_server_takes_are_told_where_it_refuses()
    {
        var stranger = new TestPki();
        await using var openssl = await OpenSslServer.StartAsync(Pki, ["-tls1_2"], stranger.Root);
        var answer = await FailsAsync("tls-certificate-refused", $"takes certificates of {stranger.Root.Subject}", openssl.Url);
        Assert.Equal(stranger.Root.Subject, (string?)Assert.Single(answer.Json["acceptableIssuers"]!.AsArray()));
        Assert.Equal("CN=localhost", (string?)answer.Json["remoteCertificate"]!["subject"]);
    }

    [Fact]
    public async Task Partners_intermediates_and_own_certificates_are_anchors()
    {
        var stranger = new TestPki();
        var below = Below(stranger);
        foreach (var (anchor, leaf, chain) in new (X509Certificate2, X509Certificate2, X509Certificate2[])[]
        {
            (stranger.Intermediate, below, []), (stranger.Intermediate, below, [stranger.Intermediate]), (below, below, []),
        })
        {
            await using var openssl = await OpenSslServer.StartAsync(Pki, [], certificate: leaf, chain: chain);
            var (account, certificate, _) = await shared.NewAccountWithCertificateAsync();
            var mapping = GatewayClient.Mapping(openssl.Url.AbsoluteUri, certificate);
            mapping["trustedCa"] = anchor.ExportCertificatePem();
            Assert.Equal(HttpStatusCode.Created, (await account.PostAsync(account.MappingsPath, new JsonArray(mapping))).Status);
            Assert.Equal(HttpStatusCode.OK, (await account.ForwardAsync(HttpMethod.Get, openssl.Url.AbsoluteUri)).Status);
        }
    }

    private static X509Certificate2 Below(TestPki pki)
    {
        using var key = System.Security.Cryptography.ECDsa.Create(System.Security.Cryptography.ECCurve.NamedCurves.nistP256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        var now = TimeProvider.System.GetUtcNow();
        return MtlsFunctions.Shared.Certificates.Issue(
            new X500DistinguishedName("CN=below"), key, now.AddDays(-1), now.AddDays(9), pki.Intermediate,
            [.. MtlsFunctions.Shared.Certificates.ForLeaf(ClientUsage.ServerAuth), names.Build()]);
    }

    private async Task<JsonNode> FailsAsync(string code, string words, X509Certificate2 server, X509Certificate2[]? chain = null)
    {
        await using var openssl = await OpenSslServer.StartAsync(Pki, [], certificate: server, chain: chain);
        var answer = await FailsAsync(code, words, openssl.Url);
        var remote = answer.Json["remoteCertificate"]!;
        Assert.Contains(words, (string)remote["problem"]!, StringComparison.Ordinal);
        return remote;
    }

    private async Task<Answer> FailsAsync(string code, string words, Uri url)
    {
        var (account, certificate, _) = await shared.NewAccountWithCertificateAsync();
        await account.MapAsync(url.AbsoluteUri, certificate);
        var answer = await account.ForwardAsync(HttpMethod.Get, url.AbsoluteUri);
        Assert.Equal((HttpStatusCode.FailedDependency, code), (answer.Status, answer.Header("LP-error-from-transport")));
        Assert.Equal(code, (string?)answer.Json["transportError"]);
        Assert.Contains(words, (string)answer.Json["detail"]!, StringComparison.Ordinal);
        Assert.Contains(words, answer.Header("LP-message-from-transport"), StringComparison.Ordinal);
        Assert.DoesNotContain("127.0.0.1:", answer.Text, StringComparison.Ordinal);
        return answer;
    }
}
