using System.Net;
using System.Net.Http.Json;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using MtlsFunctions.Shared;

namespace MtlsFunctions.EndToEndTests.Forwarding;

/// <summary>A mapping's own roots: what they open, and that they open it to nobody else.</summary>
public sealed class TrustedCaTests(AccountsFixture shared) : IClassFixture<AccountsFixture>
{
    private readonly TestPki own = new();

    [Fact]
    public async Task They_alone_are_trusted_for_the_mappings_remote()
    {
        await using var theirs = await RemoteAsync(own);
        await using var operators = await RemoteAsync(shared.Gateway.Pki);
        var (demo, certificate, thumbprint) = await shared.NewAccountWithCertificateAsync();
        await MapAsync(demo, theirs.Url, certificate, own.RootPem);
        await MapAsync(demo, operators.Url, certificate, own.RootPem);

        var answer = await demo.ForwardAsync(HttpMethod.Post, theirs.Url);
        Assert.Equal((HttpStatusCode.OK, thumbprint), (answer.Status, (string?)answer.Json["thumbprint"]));
        await UntrustedAsync(demo, operators.Url);
        Assert.Empty(operators.Received);
    }

    [Theory]
    [InlineData(SslProtocols.Tls12)]
    [InlineData(SslProtocols.Tls13)]
    public async Task No_other_mapping_and_no_other_account_gains_by_them(SslProtocols tls)
    {
        await using var remote = await RemoteAsync(own, tls);
        var client = shared.Gateway.Pki.IssueClient();
        var (demo, other) = (shared.NewAccount(), shared.NewAccount());
        // The same certificate everywhere, because that is all the runtime's session cache looks at.
        var (certificate, others) = (await demo.UploadAsync(client), await other.UploadAsync(client));
        await MapAsync(demo, remote.UrlFor("localhost") + "/trusting", certificate, own.RootPem);
        await MapAsync(demo, remote.UrlFor("localhost") + "/foreign", certificate, new TestPki().RootPem);
        await demo.MapAsync(remote.UrlFor("localhost") + "/plain", certificate);
        await other.MapAsync(remote.UrlFor("localhost") + "/trusting", others);

        for (var round = 0; round < 3; round++)
        {
            Assert.Equal(HttpStatusCode.OK, (await demo.ForwardAsync(HttpMethod.Get, remote.UrlFor("localhost") + "/trusting")).Status);
            await UntrustedAsync(demo, remote.UrlFor("localhost") + "/foreign");
            await UntrustedAsync(demo, remote.UrlFor("localhost") + "/plain");
            await UntrustedAsync(demo, remote.UrlFor("localhost") + "/unmapped");
            await UntrustedAsync(other, remote.UrlFor("localhost") + "/trusting");
        }

        Assert.All(remote.Received, request => Assert.Equal("/trusting", request.RawTarget));
        Assert.Equal(3, remote.Received.Count);
    }

    [Theory]
    [InlineData(SslProtocols.Tls12)]
    [InlineData(SslProtocols.Tls13)]
    public async Task What_others_trust_is_no_way_in_where_a_mapping_trusts_less(SslProtocols tls)
    {
        await using var remote = await RemoteAsync(shared.Gateway.Pki, tls);
        var client = shared.Gateway.Pki.IssueClient();
        var (demo, other) = (shared.NewAccount(), shared.NewAccount());
        var certificate = await demo.UploadAsync(client);
        await demo.MapAsync(remote.UrlFor("localhost") + "/plain", certificate);
        await MapAsync(demo, remote.UrlFor("localhost") + "/narrow", certificate, own.RootPem);
        await MapAsync(other, remote.UrlFor("localhost") + "/plain", await other.UploadAsync(client), own.RootPem);

        for (var round = 0; round < 3; round++)
        {
            Assert.Equal(HttpStatusCode.OK, (await demo.ForwardAsync(HttpMethod.Get, remote.UrlFor("localhost") + "/plain")).Status);
            await UntrustedAsync(demo, remote.UrlFor("localhost") + "/narrow");
            await UntrustedAsync(other, remote.UrlFor("localhost") + "/plain");
        }

        Assert.Equal(3, remote.Received.Count);
    }

    [Fact]
    public async Task A_change_of_them_holds_from_the_next_forward_on_however_warm_the_connections_are()
    {
        await using var remote = await RemoteAsync(own);
        var (demo, certificate, _) = await shared.NewAccountWithCertificateAsync();
        var id = await MapAsync(demo, remote.Url, certificate, own.RootPem);
        foreach (var (trustedCa, reached) in new (string?, bool)[] { (null, true), (new TestPki().RootPem, false), (null, false), (own.RootPem, true), ("", false), (own.RootPem, true) })
        {
            var mapping = GatewayClient.Mapping(remote.Url, certificate);
            mapping["trustedCa"] = trustedCa;
            var updated = await demo.SendAsync(HttpMethod.Put, $"{demo.MappingsPath}/{id}", JsonContent.Create(mapping));
            Assert.Equal(HttpStatusCode.OK, updated.Status);

            if (reached)
                Assert.Equal(HttpStatusCode.OK, (await demo.ForwardAsync(HttpMethod.Get, remote.Url)).Status);
            else
                await UntrustedAsync(demo, remote.Url);
        }
    }

    [Fact]
    public async Task They_are_shown_with_the_mapping_and_explained()
    {
        var (demo, certificate, _) = await shared.NewAccountWithCertificateAsync();
        var (with, without) = ("https://remote.example/with", "https://remote.example/without");
        var id = await MapAsync(demo, with, certificate, "\r\n" + own.RootPem.Replace("\n", "\r\n", StringComparison.Ordinal));
        var plain = await demo.MapAsync(without, certificate);

        Assert.Equal(own.RootPem, (string?)(await demo.GetAsync($"{demo.MappingsPath}/{id}")).Json["trustedCa"]);
        Assert.False((await demo.GetAsync($"{demo.MappingsPath}/{plain}")).Json.AsObject().ContainsKey("trustedCa"));
        Assert.Equal($"the mapping's trustedCa alone: {own.Root.Subject}", await TrustAsync(demo, with));
        Assert.Equal("the system's roots and 1 of the operator's", await TrustAsync(demo, without));
    }

    [Fact]
    public async Task A_text_that_is_none_names_its_item_and_nothing_is_stored()
    {
        var (demo, certificate, _) = await shared.NewAccountWithCertificateAsync();
        var (good, bad) = (GatewayClient.Mapping("https://a.example/", certificate), GatewayClient.Mapping("https://b.example/", certificate));
        bad["trustedCa"] = own.RootPem + own.Root.GetECDsaPrivateKey()!.ExportPkcs8PrivateKeyPem();

        var answer = await demo.PostAsync(demo.MappingsPath, new JsonArray(good, bad));

        answer.IsProblem(HttpStatusCode.BadRequest, "trusted-ca-invalid");
        Assert.Equal(1, (int)answer.Json["index"]!);
        Assert.Empty((await demo.GetAsync(demo.MappingsPath)).Json.AsArray());
        Assert.DoesNotContain(shared.Gateway.Log.Lines, line => line.Text.Contains("PRIVATE KEY", StringComparison.Ordinal));
    }

    private static async Task<long> MapAsync(GatewayClient account, string url, long certificate, string trustedCa)
    {
        var mapping = GatewayClient.Mapping(url, certificate);
        mapping["trustedCa"] = trustedCa;
        var answer = await account.PostAsync(account.MappingsPath, new JsonArray(mapping));
        Assert.Equal(HttpStatusCode.Created, answer.Status);
        return (long)answer.Json[0]!["id"]!;
    }

    private static async Task UntrustedAsync(GatewayClient account, string url)
    {
        var answer = await account.ForwardAsync(HttpMethod.Get, url);
        Assert.Equal((HttpStatusCode.FailedDependency, "tls-untrusted"), (answer.Status, answer.Header("LP-error-from-transport")));
    }

    private static async Task<string?> TrustAsync(GatewayClient account, string url) => (string?)(await account.PostAsync(
        $"/mtls/account/{account.Account}/explain", new JsonObject { ["serviceName"] = "WEBHOOKS", ["url"] = url })).Json["trust"];

    private Task<MtlsServer> RemoteAsync(TestPki issuer, SslProtocols tls = SslProtocols.None) => MtlsServer.StartAsync(shared.Gateway.Pki, options =>
    {
        options.Certificate = issuer.IssueServer();
        options.TlsVersions = tls;
        options.Protocols = HttpProtocols.Http1;
        options.Handler = context =>
        {
            // Each forward makes a connection, so that there is something to resume.
            if (tls != SslProtocols.None)
                context.Response.Headers.Connection = "close";
            return MtlsServer.AnswerWithThumbprint(context);
        };
    });
}
