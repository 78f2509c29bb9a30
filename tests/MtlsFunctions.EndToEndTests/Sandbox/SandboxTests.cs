using System.Net;
using System.Net.Http.Headers;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
using MtlsFunctions.LocalHost;
using MtlsFunctions.LocalHost.Sandbox;

namespace MtlsFunctions.EndToEndTests.Sandbox;

public sealed class SandboxTests : IAsyncLifetime
{
    private static readonly string[] Names = ["demo", "other"];

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("mtlsfunctions-sandbox-");
    private SandboxPki pki = null!;
    private SandboxServer sandbox = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        pki = SandboxPki.Open(folder.FullName, Names, TimeProvider.System);
        sandbox = await SandboxServer.StartAsync(pki, port: 0, Cancellation);
    }

    public async ValueTask DisposeAsync()
    {
        await sandbox.DisposeAsync();
        folder.Delete(recursive: true);
    }

    [Theory]
    [InlineData("1.1")]
    [InlineData("2.0")]
    public async Task The_sandbox_says_what_it_saw(string version)
    {
        using var client = Client(Certificate("demo"));
        var target = "/a%2Fb//c/../%7e?q=1+2&r=%C3%A4";
        using var request = new HttpRequestMessage(
            HttpMethod.Patch, new Uri(sandbox.Url + target, new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true }))
        {
            Version = new Version(version),
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = new StringContent("{\"ä\": 1}", Encoding.UTF8, "application/json"),
        };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", "a+b/c=");
        request.Headers.Add("X-Many", ["one", "two"]);

        using var response = await client.SendAsync(request, Cancellation);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("application/json", response.Content.Headers.ContentType?.ToString());
        Assert.Empty(response.Headers.Server);
        var seen = await SeenAsync(response);
        Assert.Equal(
            ["subject", "thumbprint", "tlsVersion", "method", "path", "headers", "body"], seen.EnumerateObject().Select(property => property.Name));
        Assert.Equal("CN=demo.sandbox", seen.GetProperty("subject").GetString());
        Assert.Equal(Certificate("demo").GetCertHashString(HashAlgorithmName.SHA256), seen.GetProperty("thumbprint").GetString(), ignoreCase: true);
        Assert.Matches("^[0-9a-f]{64}$", seen.GetProperty("thumbprint").GetString());
        Assert.Matches("^Tls1[23]$", seen.GetProperty("tlsVersion").GetString());
        Assert.Equal("PATCH", seen.GetProperty("method").GetString());
        Assert.Equal(target, seen.GetProperty("path").GetString());
        Assert.Equal("{\"ä\": 1}", seen.GetProperty("body").GetString());
        var headers = seen.GetProperty("headers").EnumerateObject().ToDictionary(
            header => header.Name, header => header.Value.GetString(), StringComparer.OrdinalIgnoreCase);
        Assert.Equal("Bearer a+b/c=", headers["Authorization"]);
        Assert.Equal("one, two", headers["X-Many"]);
        Assert.Equal("application/json; charset=utf-8", headers["Content-Type"]);
        Assert.Equal(new Uri(sandbox.Url).Authority, headers["Host"]);
        Assert.DoesNotContain(headers.Keys, name => name.StartsWith(':'));
    }

    [Fact]
    public async Task Each_client_is_seen_as_itself()
    {
        foreach (var name in Names)
        {
            using var client = Client(Certificate(name));
            using var response = await client.GetAsync(sandbox.Url, Cancellation);
            var seen = await SeenAsync(response);
            Assert.Equal($"CN={name}.sandbox", seen.GetProperty("subject").GetString());
            Assert.Equal("", seen.GetProperty("body").GetString());
        }
    }

    [Fact]
    public async Task Head_answers_headers_only()
    {
        using var client = Client(Certificate("demo"));
        using var response = await client.SendAsync(new HttpRequestMessage(HttpMethod.Head, sandbox.Url), Cancellation);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Empty(await response.Content.ReadAsByteArrayAsync(Cancellation));
    }

    [Fact]
    public Task A_client_without_a_certificate_is_refused() => AssertRefusedAsync(null);

    [Fact]
    public async Task A_certificate_of_another_ca_is_refused()
    {
        var another = SandboxPki.Open(Path.Combine(folder.FullName, "another"), Names, TimeProvider.System);
        Assert.Equal(pki.Ca.Subject, another.Ca.Subject);
        await AssertRefusedAsync(Certificate(another.Clients["demo"]));
    }

    [Fact]
    public Task A_server_certificate_is_no_client_certificate() => AssertRefusedAsync(pki.Server);

    [Theory]
    [InlineData(4096)]
    [InlineData(4097)]
    [InlineData(64 * 1024 * 1024)]
    public async Task A_large_body_is_answered_with_its_hash(int length)
    {
        var body = new byte[length];
        body.AsSpan().Fill((byte)'x');
        var seen = await PostAsync(body);

        if (length <= 4096)
            Assert.Equal(new string('x', length), seen.GetProperty("body").GetString());
        else
            Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(body)), seen.GetProperty("bodySha256").GetString());
        Assert.NotEqual(seen.TryGetProperty("body", out _), seen.TryGetProperty("bodySha256", out _));
    }

    [Fact]
    public async Task A_body_that_is_no_text_is_answered_with_its_hash()
    {
        byte[] body = [0x30, 0x82, 0xff, 0x00];
        var seen = await PostAsync(body);
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(body)), seen.GetProperty("bodySha256").GetString());
        Assert.False(seen.TryGetProperty("body", out _));
    }

    [Fact]
    public async Task A_port_in_use_is_named()
    {
        var port = new Uri(sandbox.Url).Port;
        var fault = await Assert.ThrowsAsync<LocalHostException>(() => SandboxServer.StartAsync(pki, port, Cancellation));
        Assert.Contains($"port {port}", fault.Message, StringComparison.Ordinal);
    }

    private X509Certificate2 Certificate(string name) => Certificate(pki.Clients[name]);

    private static X509Certificate2 Certificate((string P12Path, string Password) client) =>
        X509CertificateLoader.LoadPkcs12FromFile(client.P12Path, client.Password);

    private HttpClient Client(X509Certificate2? certificate)
    {
        var trust = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        trust.CustomTrustStore.ImportFromPemFile(pki.CaPemPath);
        return new HttpClient(new SocketsHttpHandler
        {
            SslOptions =
            {
                CertificateChainPolicy = trust,
                ClientCertificateContext = certificate is null ? null : SslStreamCertificateContext.Create(certificate, null, offline: true),
            },
        });
    }

    private async Task AssertRefusedAsync(X509Certificate2? certificate)
    {
        using var client = Client(certificate);
        await Assert.ThrowsAsync<HttpRequestException>(() => client.GetAsync(sandbox.Url, Cancellation));
    }

    private async Task<JsonElement> PostAsync(byte[] body)
    {
        using var client = Client(Certificate("demo"));
        using var response = await client.PostAsync(sandbox.Url, new ByteArrayContent(body), Cancellation);
        return await SeenAsync(response);
    }

    private static async Task<JsonElement> SeenAsync(HttpResponseMessage response)
    {
        using var document = JsonDocument.Parse(await response.Content.ReadAsStreamAsync(Cancellation));
        return document.RootElement.Clone();
    }
}
