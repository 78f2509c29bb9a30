using System.Net;
using System.Security.Authentication;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using MtlsFunctions.Shared;

namespace MtlsFunctions.EndToEndTests.Forwarding;

/// <summary>Who offers a remote to go on with an earlier TLS session: read from what goes over the wire.</summary>
public sealed class ResumptionTests(Http1Fixture shared) : IClassFixture<Http1Fixture>
{
    [Theory]
    [InlineData(SslProtocols.Tls12)]
    [InlineData(SslProtocols.Tls13)]
    public async Task Sessions_are_resumed_with_a_certificate_and_the_operators_trust_alone(SslProtocols tls)
    {
        await using var remote = await MtlsServer.StartAsync(shared.Gateway.Pki, options =>
        {
            options.ClientCertificates = ClientCertificateMode.AllowCertificate;
            options.TlsVersions = tls;
            options.Protocols = HttpProtocols.Http1;
            options.Handler = context =>
            {
                context.Response.Headers.Connection = "close";
                return Task.CompletedTask;
            };
        });
        await using var tap = new SessionTap(remote);
        var (demo, certificate, _) = await shared.NewAccountWithCertificateAsync();
        // The runtime resumes nothing with an address, only with a name.
        var url = tap.UrlFor("localhost");
        var narrow = GatewayClient.Mapping(url + "/narrow", certificate);
        narrow["trustedCa"] = shared.Gateway.Pki.RootPem;
        Assert.Equal(HttpStatusCode.Created, (await demo.PostAsync(demo.MappingsPath, new JsonArray(narrow, GatewayClient.Mapping(url + "/usual", certificate)))).Status);

        foreach (var path in new[] { "/usual", "/usual", "/narrow", "/narrow", "/unmapped", "/unmapped", "/usual" })
            Assert.Equal(HttpStatusCode.OK, (await demo.ForwardAsync(HttpMethod.Get, url + path)).Status);

        Assert.Equal([false, true, false, false, false, false, true], tap.Offers);
        if (tls == SslProtocols.Tls13)
            Assert.Equal(2, tap.Resumed);
    }
}
