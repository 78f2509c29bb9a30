using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using MtlsFunctions.Shared;

namespace MtlsFunctions.EndToEndTests.Compatibility;

/// <summary>The story of the webhooks sender: it asks whether an endpoint is mapped, then posts notifications that it has signed.</summary>
[Collection(nameof(CompatibleGateway))]
public sealed class WebhooksCallerTests(CompatibleGateway compatible)
{
    private const string Signature = "x-liveperson-signature";

    // Blanks, order, a repeated name, escapes and a line end: whatever parses and writes it anew breaks the signature.
    private static readonly byte[] Payload = Encoding.UTF8.GetBytes("{ \"body\" : {\"b\":1,\"a\":1.0,\"b\":2, \"text\":\"\\u00e9 é 😀\"} }\r\n ");

    [Fact]
    public async Task Notifications_arrive_byte_for_byte_and_their_receipt_comes_back_as_it_was()
    {
        var statuses = new Queue<int>([200, 201, 202, 500]);
        await using var endpoint = await MtlsServer.StartAsync(compatible.Gateway.Pki, options => options.Handler = context =>
        {
            context.Response.StatusCode = statuses.Dequeue();
            return context.Response.WriteAsync("received");
        });
        var url = endpoint.Url + "/hooks?account=le1606809";
        var sender = await SenderAsync();

        Assert.False(await IsMappedAsync(sender, url));
        var certificate = await compatible.MapAsync(url, "2");
        Assert.True(await IsMappedAsync(sender, url));

        foreach (var status in new[] { 200, 201, 202, 500 })
        {
            var content = new ByteArrayContent(Payload);
            content.Headers.TryAddWithoutValidation("Content-Type", "application/json");
            var answer = await sender.ForwardAsync(HttpMethod.Post, url, "WEBHOOKS", content, (Signature, Sign(Payload)), ("X-Request-Id", $"request {status}"));

            Assert.Equal((status, "received", "upstream"), ((int)answer.Status, answer.Text, answer.Header("LP-response-origin")));
        }

        Assert.Equal(4, endpoint.Received.Count);
        Assert.All(endpoint.Received, notification =>
        {
            Assert.Equal(Payload, notification.Body);
            Assert.Equal([Sign(notification.Body)], notification.Headers[Signature]);
            Assert.Equal(certificate.Thumbprint, notification.ClientThumbprint);
            Assert.Equal("/hooks?account=le1606809", notification.RawTarget);
            Assert.StartsWith("request ", Assert.Single(notification.Headers["X-Request-Id"]), StringComparison.Ordinal);
            Assert.DoesNotContain("Authorization", notification.Headers.Keys);
        });
    }

    [Fact]
    public async Task Its_app_key_opens_nothing_else()
    {
        var sender = await SenderAsync();

        foreach (var path in new[] { sender.CertificatesPath, sender.MappingsPath, $"/mtls/account/{sender.Account}/app-keys", $"/mtls/account/{sender.Account}/audit" })
            (await sender.GetAsync(path)).IsProblem(HttpStatusCode.Forbidden, "forbidden");
    }

    private async Task<GatewayClient> SenderAsync() => await compatible.Gateway.WithAppKeyAsync(CompatibleGateway.Account, "MTLS_FORWARD");

    /// <summary>In both forms of the check and in the one by account; they agree.</summary>
    private static async Task<bool> IsMappedAsync(GatewayClient sender, string url)
    {
        JsonArray Triplet() => new(new JsonObject { ["serviceName"] = "WEBHOOKS", ["accountId"] = sender.Account, ["url"] = url });
        var first = (bool)(await sender.PostAsync("/mtls/mapping?v=1", Triplet())).Json.AsObject().Single().Value!;
        Assert.Equal(first, (bool)(await sender.PostAsync("/mtls/mapping?v=2", Triplet())).Json[0]!["doExist"]!);
        Assert.Equal(first, (bool)(await sender.PostAsync($"/api/account/{sender.Account}/checks/serviceUrlMappings", Triplet())).Json[0]!["exist"]!);
        return first;
    }

    private static string Sign(byte[] payload) => $"sha256={Convert.ToBase64String(HMACSHA256.HashData("the sender's secret"u8, payload))}";
}
