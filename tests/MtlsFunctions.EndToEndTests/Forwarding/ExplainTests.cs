using System.Net;
using System.Text.Json.Nodes;
using MtlsFunctions.EndToEndTests.Authorization;

namespace MtlsFunctions.EndToEndTests.Forwarding;

/// <summary>Why a forward would use which certificate, or none.</summary>
public sealed class ExplainTests(SharedGateway shared) : IClassFixture<SharedGateway>
{
    private const string Url = "https://remote.example/orders/42?customer=7";

    private readonly GatewayClient client = shared.Gateway.As($"a{Guid.NewGuid():N}");

    [Fact]
    public async Task A_match_names_mapping_certificate_version_and_trust()
    {
        var certificate = shared.Gateway.Pki.IssueClient();
        var id = await client.UploadAsync(certificate);
        var mapping = await client.MapAsync(Url, id);

        var answer = await ExplainAsync("WEBHOOKS", Url);

        Assert.True((bool)answer["match"]!);
        Assert.Equal(
            (mapping, $"{id}", 1, certificate.Thumbprint),
            ((long)answer["mappingId"]!, (string?)answer["certificationId"], (int)answer["version"]!, (string?)answer["thumbprint"]));
        Assert.Equal("the system's roots and 1 of the operator's", (string?)answer["trust"]);
        Assert.Empty(answer["candidates"]!.AsArray());
        Assert.Single(answer["reasons"]!.AsArray());
    }

    [Theory]
    [InlineData("IDP", Url, "it is for WEBHOOKS, not IDP")]
    [InlineData("2", "https://remote.example/orders/42?customer=8", "its URL differs in the query")]
    [InlineData("WEBHOOKS", "https://remote.example/orders/42", "its URL differs in the query")]
    [InlineData("WEBHOOKS", "https://remote.example/orders/42/?customer=7", "its URL differs in the query and by a slash before it")]
    [InlineData("WEBHOOKS", "https://remote.example/Orders/42?customer=7", "its URL differs in upper and lower case")]
    [InlineData("WEBHOOKS", "https://remote.example/orders/42?customer=7/", "its URL differs by a slash at the end")]
    [InlineData("FAAS", "https://remote.example/other", "it is for WEBHOOKS, not FAAS; its URL has another path on the same host")]
    public async Task A_near_miss_is_a_candidate_that_says_what_keeps_it_from_matching(string service, string url, string why)
    {
        var mapping = await client.MapAsync(Url, await client.UploadAsync(shared.Gateway.Pki.IssueClient()));

        var answer = await ExplainAsync(service, url);

        Assert.False((bool)answer["match"]!);
        Assert.Null(answer["mappingId"]);
        var candidate = Assert.Single(answer["candidates"]!.AsArray())!;
        Assert.Equal((mapping, Url, "WEBHOOKS", why), ((long)candidate["mappingId"]!, (string?)candidate["url"], (string?)candidate["serviceName"], (string?)candidate["why"]));
    }

    [Fact]
    public async Task A_disabled_mapping_is_a_candidate_and_the_nearest_stands_first()
    {
        var id = await client.UploadAsync(shared.Gateway.Pki.IssueClient());
        var farther = await client.MapAsync("https://remote.example/elsewhere", id);
        var nearer = await client.MapAsync(Url, id);
        var off = GatewayClient.Mapping(Url, id);
        off["enable"] = false;
        Assert.Equal(HttpStatusCode.OK, (await client.SendAsync(HttpMethod.Put, $"{client.MappingsPath}/{nearer}", new StringContent(off.ToJsonString()))).Status);
        await client.MapAsync("https://unrelated.example/orders/42?customer=7", id);

        var answer = await ExplainAsync("WEBHOOKS", Url);

        Assert.False((bool)answer["match"]!);
        Assert.Equal(
            [(nearer, "it is disabled"), (farther, "its URL has another path on the same host")],
            answer["candidates"]!.AsArray().Select(one => ((long)one!["mappingId"]!, (string)one["why"]!)));
    }

    [Fact]
    public async Task A_mapping_whose_certificate_cannot_be_used_says_why()
    {
        var id = await client.UploadAsync(shared.Gateway.Pki.IssueClient());
        var mapping = await client.MapAsync(Url, id);
        await client.SendAsync(HttpMethod.Post, $"{client.CertificatesPath}/{id}/disable");

        var answer = await ExplainAsync("WEBHOOKS", Url);

        Assert.False((bool)answer["match"]!);
        Assert.Equal(mapping, (long)answer["mappingId"]!);
        Assert.Contains("it is disabled; enable it", (string)answer["reasons"]![0]!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task At_most_ten_candidates_are_shown()
    {
        var id = await client.UploadAsync(shared.Gateway.Pki.IssueClient());
        var all = new JsonArray([.. Enumerable.Range(0, 12).Select(at => GatewayClient.Mapping($"https://remote.example/{at}", id))]);
        Assert.Equal(HttpStatusCode.Created, (await client.PostAsync(client.MappingsPath, all)).Status);

        Assert.Equal(10, (await ExplainAsync("WEBHOOKS", Url))["candidates"]!.AsArray().Count);
    }

    [Theory]
    [InlineData("""{"serviceName":"WEBHOOKS"}""", "url-invalid")]
    [InlineData("""{"serviceName":"WEBHOOKS","url":"http://remote.example/"}""", "url-invalid")]
    [InlineData("""{"serviceName":"OTHER","url":"https://remote.example/"}""", "service-unknown")]
    [InlineData("""{"url":"https://remote.example/"}""", "service-unknown")]
    [InlineData("""[]""", "request-invalid")]
    public async Task A_question_that_makes_no_sense_is_refused(string body, string type) =>
        (await client.PostRawAsync($"/mtls/account/{client.Account}/explain", body)).IsProblem(HttpStatusCode.BadRequest, type);

    private async Task<JsonNode> ExplainAsync(string service, string url)
    {
        var answer = await client.PostAsync($"/mtls/account/{client.Account}/explain", new JsonObject { ["serviceName"] = service, ["url"] = url });
        Assert.Equal(HttpStatusCode.OK, answer.Status);
        return answer.Json;
    }
}
