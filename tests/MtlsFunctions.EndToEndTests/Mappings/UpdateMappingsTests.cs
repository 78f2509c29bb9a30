using System.Net;
using System.Text.Json.Nodes;

namespace MtlsFunctions.EndToEndTests.Mappings;

/// <summary>PUT, DELETE, revisions and If-Match.</summary>
public sealed class UpdateMappingsTests(AzuriteFixture azurite) : IAsyncLifetime
{
    private TestGateway gateway = null!;
    private GatewayClient demo = null!;
    private long certificate;

    public async ValueTask InitializeAsync()
    {
        gateway = await TestGateway.StartAsync(azurite);
        demo = gateway.As("demo");
        certificate = await demo.UploadAsync(gateway.Pki.IssueClient());
    }

    public ValueTask DisposeAsync() => gateway.DisposeAsync();

    [Fact]
    public async Task An_update_changes_only_the_mappings_that_it_names()
    {
        var first = await CreateAsync("first", "https://one.example/");
        var second = await CreateAsync("second", "https://two.example/");

        var updated = await PutAsync(demo.MappingsPath, new JsonArray(WithId(first, "renamed", "https://three.example/")));

        Assert.Equal(HttpStatusCode.OK, updated.Status);
        Assert.Equal(("renamed", "https://three.example/", first), ((string?)updated.Json[0]!["name"], (string?)updated.Json[0]!["url"], (long)updated.Json[0]!["id"]!));
        Assert.Equal("second", (string?)(await demo.GetAsync($"{demo.MappingsPath}/{second}")).Json["name"]);
        Assert.Equal([("https://one.example/", false), ("https://three.example/", true)], await ExistAsync("https://one.example/", "https://three.example/"));
        // What it held before is free again.
        await CreateAsync("first", "https://one.example/");
    }

    [Fact]
    public async Task Two_mappings_can_swap_names_and_urls_in_one_request()
    {
        var first = await CreateAsync("first", "https://one.example/");
        var second = await CreateAsync("second", "https://two.example/");

        var swapped = await PutAsync(demo.MappingsPath, new JsonArray(WithId(first, "second", "https://two.example/"), WithId(second, "first", "https://one.example/")));

        Assert.Equal(HttpStatusCode.OK, swapped.Status);
        Assert.Equal("second", (string?)(await demo.GetAsync($"{demo.MappingsPath}/{first}")).Json["name"]);
        (await demo.PostAsync(demo.MappingsPath, new JsonArray(GatewayClient.Mapping("https://one.example/", certificate)))).IsProblem(HttpStatusCode.Conflict, "mapping-exists");
    }

    [Fact]
    public async Task One_bad_item_stops_the_whole_update()
    {
        var first = await CreateAsync("first", "https://one.example/");
        await CreateAsync("second", "https://two.example/");

        var answer = await PutAsync(demo.MappingsPath, new JsonArray(WithId(first, "other", "https://three.example/"), WithId(1, "x", "https://x.example/")));
        answer.IsProblem(HttpStatusCode.NotFound, "not-found");
        Assert.Equal(1, (int)answer.Json["index"]!);
        (await PutAsync($"{demo.MappingsPath}/{first}", WithId(first, "second", "https://one.example/"))).IsProblem(HttpStatusCode.Conflict, "name-taken");
        (await PutAsync($"{demo.MappingsPath}/{first}", WithId(first, "first", "https://two.example/"))).IsProblem(HttpStatusCode.Conflict, "mapping-exists");
        (await PutAsync($"{demo.MappingsPath}/{first}", WithId(first + 1, "first", "https://one.example/"))).IsProblem(HttpStatusCode.BadRequest, "request-invalid");
        (await PutAsync(demo.MappingsPath, new JsonArray(GatewayClient.Mapping("https://y.example/", certificate)))).IsProblem(HttpStatusCode.BadRequest, "request-invalid");
        Assert.Equal("first", (string?)(await demo.GetAsync($"{demo.MappingsPath}/{first}")).Json["name"]);
    }

    [Fact]
    public async Task A_disabled_mapping_stays_disabled_until_it_is_enabled()
    {
        var id = await CreateAsync("first", "https://one.example/");
        var off = WithId(id, "first", "https://one.example/");
        off["enable"] = false;
        Assert.False((bool)(await PutAsync($"{demo.MappingsPath}/{id}", off)).Json["enable"]!);
        Assert.Equal([("https://one.example/", false)], await ExistAsync("https://one.example/"));

        var silent = WithId(id, "renamed", "https://one.example/");
        silent.Remove("enable");
        Assert.False((bool)(await PutAsync($"{demo.MappingsPath}/{id}", silent)).Json["enable"]!);
    }

    [Fact]
    public async Task A_stale_If_Match_changes_nothing()
    {
        var id = await CreateAsync("first", "https://one.example/");
        var revision = (await demo.GetAsync(demo.MappingsPath)).Header("ac-revision")!;
        var changed = await PutAsync($"{demo.MappingsPath}/{id}", WithId(id, "second", "https://one.example/"), revision);
        Assert.Equal(HttpStatusCode.OK, changed.Status);
        Assert.True(long.Parse(changed.Header("ac-revision")!, null) > long.Parse(revision, null));

        (await PutAsync($"{demo.MappingsPath}/{id}", WithId(id, "third", "https://one.example/"), revision)).IsProblem(HttpStatusCode.PreconditionFailed, "revision-stale");
        (await demo.SendAsync(HttpMethod.Delete, $"{demo.MappingsPath}/{id}", null, ("If-Match", $"\"{revision}\""))).IsProblem(HttpStatusCode.PreconditionFailed, "revision-stale");
        (await demo.SendAsync(HttpMethod.Delete, $"{demo.MappingsPath}/{id}", null, ("If-Match", "\"yesterday\""))).IsProblem(HttpStatusCode.BadRequest, "request-invalid");
        Assert.Equal("second", (string?)(await demo.GetAsync($"{demo.MappingsPath}/{id}")).Json["name"]);
        Assert.Equal(HttpStatusCode.OK, (await demo.SendAsync(HttpMethod.Delete, $"{demo.MappingsPath}/{id}", null, ("If-Match", $"\"{changed.Header("ac-revision")}\""))).Status);
    }

    [Fact]
    public async Task Several_mappings_are_deleted_together_or_not_at_all()
    {
        var first = await CreateAsync("first", "https://one.example/");
        var second = await CreateAsync("second", "https://two.example/");

        (await demo.SendAsync(HttpMethod.Delete, $"{demo.MappingsPath}/{first},1")).IsProblem(HttpStatusCode.NotFound, "not-found");
        (await demo.SendAsync(HttpMethod.Delete, $"{demo.MappingsPath}/first")).IsProblem(HttpStatusCode.BadRequest, "request-invalid");
        (await gateway.As("other").SendAsync(HttpMethod.Delete, $"{gateway.As("other").MappingsPath}/{first}")).IsProblem(HttpStatusCode.NotFound, "not-found");
        Assert.Equal(2, (await demo.GetAsync(demo.MappingsPath)).Json.AsArray().Count);

        var deleted = await demo.SendAsync(HttpMethod.Delete, $"{demo.MappingsPath}/{first},{second}");
        Assert.Equal(HttpStatusCode.OK, deleted.Status);
        Assert.All(deleted.Json.AsArray(), mapping => Assert.True((bool)mapping!["deleted"]!));
        Assert.Empty((await demo.GetAsync(demo.MappingsPath)).Json.AsArray());
        Assert.Equal(HttpStatusCode.OK, (await demo.SendAsync(HttpMethod.Delete, $"{demo.CertificatesPath}/{certificate}")).Status);
    }

    private async Task<long> CreateAsync(string name, string url)
    {
        var created = await demo.PostAsync(demo.MappingsPath, new JsonArray(GatewayClient.Mapping(url, certificate, name: name)));
        Assert.Equal(HttpStatusCode.Created, created.Status);
        return (long)created.Json[0]!["id"]!;
    }

    private JsonObject WithId(long id, string name, string url)
    {
        var mapping = GatewayClient.Mapping(url, certificate, name: name);
        mapping["id"] = id;
        return mapping;
    }

    private Task<Answer> PutAsync(string path, JsonNode body, string? revision = null) => demo.SendAsync(
        HttpMethod.Put, path, System.Net.Http.Json.JsonContent.Create(body), revision is null ? [] : [("If-Match", $"\"{revision}\"")]);

    private async Task<(string, bool)[]> ExistAsync(params string[] urls)
    {
        var triplets = new JsonArray([.. urls.Select(url => new JsonObject { ["serviceName"] = "WEBHOOKS", ["url"] = url })]);
        var checks = await demo.PostAsync("/api/account/demo/checks/serviceUrlMappings", triplets);
        return [.. checks.Json.AsArray().Select(check => ((string)check!["url"]!, (bool)check["exist"]!))];
    }
}
