using System.Net;
using System.Net.Security;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using MtlsFunctions.Shared;

namespace MtlsFunctions.EndToEndTests.Forwarding.Wire;

/// <summary>A caller that speaks HTTP/2 with the gateway, and remotes that speak it or don't.</summary>
public sealed class Http2Tests(Http2Tests.Http2Gateway shared) : IClassFixture<Http2Tests.Http2Gateway>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("GET")]
    [InlineData("DELETE")]
    public async Task A_remote_that_speaks_HTTP_1_sees_nothing_of_it(string method)
    {
        await using var remote = new RawRemote(shared.Gateway.Pki.IssueServer());
        using var answer = await SendAsync(method, remote.Url, headers: [("X-One", "1"), ("Cookie", "a=1; b=2")]);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal(new RawHead("", [$"Host: 127.0.0.1:{remote.Port}", "X-One: 1", "Cookie: a=1; b=2"]).Sorted, Assert.Single(remote.Received).Head.Sorted);
    }

    [Fact]
    public async Task A_body_whose_length_is_unknown_arrives_whole()
    {
        await using var remote = new RawRemote(shared.Gateway.Pki.IssueServer());
        using var answer = await SendAsync("POST", remote.Url, new StreamContent(new MemoryStream(new byte[1000])));

        var seen = Assert.Single(remote.Received);
        Assert.Equal(new string('\0', 1000), seen.Head["Transfer-Encoding"] == "chunked" ? RawHttp.Decode(seen.Body) : seen.Body);
    }

    [Fact]
    public async Task Trailers_pass_where_both_connections_are_HTTP_2()
    {
        await using var remote = await RemoteAsync(async context =>
        {
            context.Response.DeclareTrailer("X-Sum");
            await context.Response.WriteAsync("hello", Cancellation);
            context.Response.AppendTrailer("X-Sum", "42");
            context.Response.AppendTrailer("LP-error-from-transport", "forged");
        });
        using var answer = await SendAsync("GET", remote.Url);

        Assert.Equal("hello", await answer.Content.ReadAsStringAsync(Cancellation));
        Assert.Equal(["x-sum: 42"], answer.TrailingHeaders.Select(trailer => $"{trailer.Key}: {string.Join(", ", trailer.Value)}"));
        Assert.Equal("HTTP/2", Assert.Single(remote.Received).Protocol);
    }

    [Fact]
    public async Task A_remote_that_answers_before_it_has_read_the_request_has_answered()
    {
        await using var remote = await RemoteAsync(context =>
        {
            context.Response.StatusCode = 413;
            context.Response.Headers["X-Early"] = "1";
            return Task.CompletedTask;
        });
        for (var round = 0; round < 5; round++)
        {
            using var answer = await SendAsync("POST", remote.Url, new ByteArrayContent(new byte[4_000_000]));
            Assert.Equal((HttpStatusCode.RequestEntityTooLarge, "1"), (answer.StatusCode, Assert.Single(answer.Headers.GetValues("X-Early"))));
        }
    }

    [Fact]
    public async Task A_stream_that_the_remote_resets_in_mid_body_is_reset_for_the_caller()
    {
        var seen = Signal.New();
        await using var remote = await RemoteAsync(async context =>
        {
            await context.Response.WriteAsync("hello", Cancellation);
            await seen.Task.WaitAsync(context.RequestAborted);
            context.Abort();
        });
        using var answer = await SendAsync("GET", remote.Url);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        seen.SetResult();

        await Assert.ThrowsAnyAsync<HttpRequestException>(() => answer.Content.ReadAsStringAsync(Cancellation));
    }

    [Theory]
    [InlineData("GET", true)]
    [InlineData("DELETE", true)]
    [InlineData("POST", true)]
    [InlineData("GET", false)]
    [InlineData("DELETE", false)]
    [InlineData("POST", false)]
    public async Task No_request_is_sent_twice_when_its_connection_ends_without_an_answer(string method, bool takesHttp2)
    {
        var requests = 0;
        await using var remote = new FaultyServer(
            async (stream, ending) =>
            {
                if (takesHttp2)
                {
                    await Http2Frames.BeginAsync(stream, ending);
                    await Http2Frames.ReadHeadersAsync(stream, ending);
                }
                else
                {
                    await RawHttp.ReadHeadAsync(stream, ending);
                }

                Interlocked.Increment(ref requests);
            },
            shared.Gateway.Pki.IssueServer(),
            configure: tls => tls.ApplicationProtocols = [takesHttp2 ? SslApplicationProtocol.Http2 : SslApplicationProtocol.Http11]);

        using var answer = await SendAsync(method, remote.Url);

        Assert.Equal((HttpStatusCode.FailedDependency, 1), (answer.StatusCode, requests));
        Assert.True(answer.Headers.Contains("LP-error-from-transport"));
    }

    [Theory]
    [InlineData(true, "HTTP/2")]
    [InlineData(false, "HTTP/1.1")]
    public async Task Whether_remotes_are_spoken_to_in_HTTP_2_is_a_setting(bool http2, string protocol)
    {
        await using var gateway = await TestGateway.StartAsync(shared.Azurite, new Dictionary<string, string?> { ["Forwarding:Http2"] = $"{http2}" });
        await using var remote = await MtlsServer.StartAsync(gateway.Pki, options => options.ClientCertificates = ClientCertificateMode.NoCertificate);

        Assert.Equal(HttpStatusCode.OK, (await gateway.As("demo").ForwardAsync(HttpMethod.Get, remote.Url)).Status);
        Assert.Equal(protocol, Assert.Single(remote.Received).Protocol);
    }

    private Task<MtlsServer> RemoteAsync(RequestDelegate handler) => MtlsServer.StartAsync(shared.Gateway.Pki, options =>
    {
        options.ClientCertificates = ClientCertificateMode.NoCertificate;
        options.RecordBodies = false;
        options.Handler = handler;
    });

    private async Task<HttpResponseMessage> SendAsync(string method, string url, HttpContent? content = null, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), $"{shared.Gateway.Url}/mtls/account/demo")
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = content,
        };
        foreach (var (name, value) in headers.Append(("LP-forward-url", url)).Append(("Authorization", $"Bearer {shared.Gateway.Issuer.Token("demo", "MTLS_WRITE_INTERNAL")}")))
            request.Headers.TryAddWithoutValidation(name, value);
        return await shared.Caller.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Cancellation);
    }

    public sealed class Http2Gateway(AzuriteFixture azurite) : AccountsFixture(azurite)
    {
        public HttpClient Caller { get; } = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false });

        protected override Action<WebApplicationBuilder> Configure => builder => builder.WebHost.ConfigureKestrel(
            kestrel => kestrel.ConfigureEndpointDefaults(listen => listen.Protocols = HttpProtocols.Http2));

        public override async ValueTask DisposeAsync()
        {
            Caller.Dispose();
            await base.DisposeAsync();
        }
    }
}
