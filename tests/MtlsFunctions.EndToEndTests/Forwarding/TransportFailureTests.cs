using System.Net;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using MtlsFunctions.Shared;

namespace MtlsFunctions.EndToEndTests.Forwarding;

/// <summary>Every way in which a remote can't be reached has its own stable code, in a 424 with both headers.</summary>
public sealed class TransportFailureTests(AccountsFixture shared) : IClassFixture<AccountsFixture>
{
    private TestPki Pki => shared.Gateway.Pki;

    [Theory]
    [InlineData("https://nobody.invalid/x?q", "name-not-found")]
    [InlineData("https://256.256.256.256/", "name-not-found")]
    [InlineData("https://127.0.0.1:1/", "connection-refused")]
    public async Task A_host_that_is_not_there(string url, string code) => await FailsAsync(code, url);

    /// <summary>The system itself refuses to connect to the broadcast address: nothing leaves the machine.</summary>
    [Fact]
    public async Task A_host_to_which_no_way_leads()
    {
        await using var gateway = await TestGateway.StartAsync(shared.Azurite, new Dictionary<string, string?> { ["Forwarding:AllowedNetworks:2"] = "255.255.255.255/32" });
        var answer = await gateway.As("demo").ForwardAsync(HttpMethod.Get, "https://255.255.255.255/");
        Assert.Equal((HttpStatusCode.FailedDependency, "connect-failed"), (answer.Status, answer.Header("LP-error-from-transport")));
        Assert.StartsWith("https://255.255.255.255/ connect-failed: ", answer.Header("LP-message-from-transport"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_remote_certificate_of_an_unknown_authority()
    {
        await using var remote = await MtlsServer.StartAsync(new TestPki(), NoCertificateAsked);
        await FailsAsync("tls-untrusted", remote.Url);
        Assert.Empty(remote.Received);
    }

    [Fact]
    public async Task A_remote_certificate_that_is_expired_or_for_another_host()
    {
        foreach (var (certificate, code) in new (X509Certificate2, string)[]
        {
            (Pki.IssueExpiredServer(), "tls-expired"),
            (Pki.IssueServerOfAnotherHost(), "tls-wrong-host"),
            (Pki.IssueServer("localhost"), "tls-wrong-host"),
            (new TestPki().IssueExpiredServer(), "tls-expired"),
        })
        {
            await using var remote = await MtlsServer.StartAsync(Pki, options =>
            {
                NoCertificateAsked(options);
                options.Certificate = certificate;
            });
            await FailsAsync(code, remote.Url);
            Assert.Empty(remote.Received);
        }
    }

    [Fact]
    public async Task A_remote_without_a_protocol_in_common()
    {
        await using var gateway = await TestGateway.StartAsync(shared.Azurite, new Dictionary<string, string?> { ["Forwarding:MinimumTlsVersion"] = "Tls13" });
        await using var old = await MtlsServer.StartAsync(gateway.Pki, options => (options.TlsVersions, options.ClientCertificates) = (SslProtocols.Tls12, ClientCertificateMode.NoCertificate));
        await using var current = await MtlsServer.StartAsync(gateway.Pki, options => (options.TlsVersions, options.ClientCertificates) = (SslProtocols.Tls13, ClientCertificateMode.NoCertificate));
        var demo = gateway.As("demo");

        Assert.Equal("tls-protocol", (await demo.ForwardAsync(HttpMethod.Get, old.Url)).Header("LP-error-from-transport"));
        Assert.Equal(HttpStatusCode.OK, (await demo.ForwardAsync(HttpMethod.Get, current.Url)).Status);
    }

    /// <summary>A whole server that looks at certificates when the handshake is over, and then says nothing: it closes.</summary>
    [Theory]
    [InlineData(SslProtocols.Tls12)]
    [InlineData(SslProtocols.Tls13)]
    public async Task A_remote_that_demands_a_certificate_and_gets_none_or_one_that_it_refuses(SslProtocols tls)
    {
        await using var remote = await MtlsServer.StartAsync(
            Pki, options => (options.TlsVersions, options.ClientRoots, options.Protocols) = (tls, new TestPki().Roots, HttpProtocols.Http1));
        var (demo, certificate) = await shared.QuietAccountAsync();
        var mapped = $"{remote.Url}/{tls}";
        await demo.MapAsync(mapped, certificate);

        await FailsAsync("tls-closed-after-handshake", remote.Url);
        await FailsAsync("tls-closed-after-handshake", mapped);
        Assert.Empty(remote.Received);
    }

    /// <summary>As servers say it under TLS 1.2, where alerts are in clear: the same bytes whoever sends them.</summary>
    [Theory]
    [InlineData(40, "tls-no-common-cipher", "tls-no-common-cipher")] // handshake_failure, before the remote has chosen anything
    [InlineData(42, "tls-certificate-required", "tls-certificate-refused")] // bad_certificate
    [InlineData(43, "tls-certificate-required", "tls-certificate-refused")] // unsupported_certificate
    [InlineData(44, "tls-certificate-required", "tls-certificate-refused")] // certificate_revoked
    [InlineData(45, "tls-certificate-required", "tls-certificate-refused")] // certificate_expired
    [InlineData(46, "tls-certificate-required", "tls-certificate-refused")] // certificate_unknown
    [InlineData(48, "tls-certificate-required", "tls-certificate-refused")] // unknown_ca
    [InlineData(49, "tls-certificate-required", "tls-certificate-refused")] // access_denied
    [InlineData(70, "tls-protocol", "tls-protocol")] // protocol_version
    [InlineData(71, "tls-protocol", "tls-protocol")] // insufficient_security
    [InlineData(80, "tls-failed", "tls-failed")] // internal_error
    [InlineData(112, "tls-failed", "tls-failed")] // unrecognized_name
    [InlineData(116, "tls-certificate-required", "tls-key-unsuitable")] // certificate_required
    public async Task A_remote_that_ends_the_handshake_and_says_why(byte alert, string withoutCertificate, string withCertificate)
    {
        await using var remote = new FaultyServer(
            async (stream, ending) =>
            {
                await stream.ReadExactlyAsync(new byte[5], ending);
                await stream.WriteAsync(new byte[] { 21, 3, 3, 0, 2, 2, alert }, ending);
                await stream.CopyToAsync(Stream.Null, ending);
            },
            certificate: null);
        var (demo, certificate) = await shared.QuietAccountAsync();
        var mapped = $"{remote.Url}/{alert}";
        await demo.MapAsync(mapped, certificate);

        await FailsAsync(withoutCertificate, remote.Url);
        await FailsAsync(withCertificate, mapped);
    }

    [Theory]
    [InlineData("CloseAtOnce", "tls-failed")]
    [InlineData("Plain", "tls-failed")]
    [InlineData("Garbage", "tls-failed")]
    public async Task A_remote_that_speaks_no_TLS(string fault, string code)
    {
        await using var remote = new FaultyServer(
            fault switch
            {
                "CloseAtOnce" => Faults.CloseAtOnce,
                "Plain" => async (stream, ending) =>
                {
                    await stream.ReadExactlyAsync(new byte[5], ending);
                    await stream.WriteAsync("HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n"u8.ToArray(), ending);
                }
                ,
                _ => async (stream, ending) => await stream.WriteAsync(new byte[100], ending),
            },
            certificate: null);
        await FailsAsync(code, remote.Url);
    }

    [Theory]
    [InlineData("\0\u0001SSH-2.0 is this where I log in?\r\n\r\n")]
    [InlineData("HTTP/3.0 200 OK\r\n\r\n")]
    [InlineData("HTTP/1.1 2x0 OK\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nno colon\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nbad name: x\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nX-Control: a\u0001b\r\nContent-Length: 0\r\n\r\n")]
    [InlineData("HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n")]
    public async Task A_remote_whose_answer_is_no_HTTP(string answer)
    {
        await using var remote = new FaultyServer(Faults.AnswerRaw(answer), Pki.IssueServer());
        await FailsAsync("protocol-error", remote.Url);
    }

    [Fact]
    public async Task A_remote_whose_headers_never_end()
    {
        await using var remote = new FaultyServer(
            async (stream, ending) =>
            {
                await Faults.ReadHead(stream, ending);
                await stream.WriteAsync("HTTP/1.1 200 OK\r\n"u8.ToArray(), ending);
                while (true)
                    await stream.WriteAsync("X-More: and more and more\r\n"u8.ToArray(), ending);
            },
            Pki.IssueServer());
        await FailsAsync("response-headers-too-large", remote.Url);
    }

    [Theory]
    [InlineData("", false)]
    [InlineData("", true)]
    [InlineData("HTTP/1.1 20", false)]
    [InlineData("HTTP/1.1 200 OK\r\nX-Cut: of", true)]
    public async Task A_remote_that_closes_before_its_answer(string answer, bool reset)
    {
        await using var remote = new FaultyServer(Faults.AnswerRaw(answer), Pki.IssueServer(), reset);
        await FailsAsync("connection-closed", remote.Url);
        await FailsAsync("connection-closed", remote.Url, new ByteArrayContent(new byte[10]));
    }

    [Fact]
    public async Task The_message_holds_the_url_as_it_was_given()
    {
        var answer = await FailsAsync("connection-refused", "HTTPS://127.0.0.1:1/a%2Fb?c=%20d");
        Assert.Equal("HTTPS://127.0.0.1:1/a%2Fb?c=%20d connection-refused: nothing listens there", answer.Header("LP-message-from-transport"));
    }

    private static void NoCertificateAsked(MtlsServerOptions options) => options.ClientCertificates = ClientCertificateMode.NoCertificate;

    private async Task<Answer> FailsAsync(string code, string url, HttpContent? content = null)
    {
        var (demo, _) = await shared.QuietAccountAsync();
        var answer = await demo.ForwardAsync(content is null ? HttpMethod.Get : HttpMethod.Post, url, content: content);

        Assert.Equal((HttpStatusCode.FailedDependency, code), (answer.Status, answer.Header("LP-error-from-transport")));
        answer.IsProblem(HttpStatusCode.FailedDependency, "remote-unreachable");
        Assert.Contains(code, (string)answer.Json["detail"]!, StringComparison.Ordinal);
        Assert.Equal(("gateway", code), (answer.Header("LP-response-origin"), (string?)answer.Json["transportError"]));
        Assert.StartsWith($"{url} {code}: ", answer.Header("LP-message-from-transport"), StringComparison.Ordinal);
        return answer;
    }
}
