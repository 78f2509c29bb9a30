using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace MtlsFunctions.EndToEndTests.Mappings;

public sealed class UpdateMappingsBadInputTests(UpdateMappingsBadInputTests.TwoMappings shared) : IClassFixture<UpdateMappingsBadInputTests.TwoMappings>
{
    public static TheoryData<string, string, string> BadItems => new(CreateMappingsTests.BadItems.Select(row => (row.Data.Item1, row.Data.Item2, row.Data.Item4)));

    [Theory]
    [MemberData(nameof(BadItems))]
    public async Task One_bad_item_leaves_every_mapping_as_it_was(string property, string value, string type)
    {
        var (demo, certificate) = await shared.QuietAccountAsync();
        var ids = await shared.MappingsAsync();
        var before = (await demo.GetAsync(demo.MappingsPath)).Text;
        var good = GatewayClient.Mapping("https://three.example/", certificate);
        var bad = GatewayClient.Mapping("https://four.example/", certificate);
        (good["id"], bad["id"], bad[property]) = (ids[0], ids[1], JsonNode.Parse(value));

        var many = await PutAsync(demo, demo.MappingsPath, new JsonArray(good, bad));
        many.IsProblem(HttpStatusCode.BadRequest, type);
        Assert.Equal(1, (int)many.Json["index"]!);
        var single = await PutAsync(demo, $"{demo.MappingsPath}/{ids[1]}", bad.DeepClone());
        single.IsProblem(HttpStatusCode.BadRequest, type);
        Assert.False(single.Json.AsObject().ContainsKey("index"));
        Assert.Equal(before, (await demo.GetAsync(demo.MappingsPath)).Text);
    }

    [Fact]
    public async Task Another_accounts_mapping_is_not_found_and_its_certificate_unknown()
    {
        var (demo, own, _) = await shared.NewAccountWithCertificateAsync();
        var (other, foreign, _) = await shared.NewAccountWithCertificateAsync();
        var mine = await demo.MapAsync("https://a.example/", own);
        var theirs = await other.MapAsync("https://a.example/", foreign);
        var before = (await other.GetAsync(other.MappingsPath)).Text;

        (await PutAsync(demo, $"{demo.MappingsPath}/{theirs}", GatewayClient.Mapping("https://b.example/", own))).IsProblem(HttpStatusCode.NotFound, "not-found");
        (await PutAsync(demo, $"{demo.MappingsPath}/{mine}", GatewayClient.Mapping("https://a.example/", foreign))).IsProblem(HttpStatusCode.BadRequest, "certificate-unknown");
        (await demo.GetAsync($"{demo.MappingsPath}/{theirs}")).IsProblem(HttpStatusCode.NotFound, "not-found");
        Assert.Equal(before, (await other.GetAsync(other.MappingsPath)).Text);
    }

    [Fact]
    public async Task Thirty_three_fit_when_they_keep_names_and_urls_and_what_does_not_fit_says_the_number()
    {
        var (demo, certificate, _) = await shared.NewAccountWithCertificateAsync();
        var created = (await demo.PostAsync(demo.MappingsPath, new JsonArray(
            [.. Enumerable.Range(0, 33).Select(number => GatewayClient.Mapping($"https://a.example/{number}", certificate))]))).Json.AsArray();

        foreach (var mapping in created)
            mapping!["enable"] = false;
        Assert.Equal(HttpStatusCode.OK, (await PutAsync(demo, demo.MappingsPath, created.DeepClone())).Status);

        foreach (var (number, mapping) in created.Index())
            (mapping!["name"], mapping["url"]) = ($"renamed {number}", $"https://b.example/{number}");
        var refused = await PutAsync(demo, demo.MappingsPath, created.DeepClone());
        refused.IsProblem(HttpStatusCode.BadRequest, "too-many-items");
        Assert.Contains("20", (string)refused.Json["detail"]!, StringComparison.Ordinal);
        Assert.All((await demo.GetAsync(demo.MappingsPath)).Json.AsArray(), mapping => Assert.StartsWith("https://a.", (string)mapping!["url"]!, StringComparison.Ordinal));
        Assert.Equal(HttpStatusCode.OK, (await PutAsync(demo, demo.MappingsPath, new JsonArray([.. created.Take(19).Select(mapping => mapping!.DeepClone())]))).Status);
    }

    private static Task<Answer> PutAsync(GatewayClient account, string path, JsonNode body) => account.SendAsync(HttpMethod.Put, path, JsonContent.Create(body));

    /// <summary>The quiet account has two mappings.</summary>
    public sealed class TwoMappings(AzuriteFixture azurite) : AccountsFixture(azurite)
    {
        private long[]? ids;

        public async Task<long[]> MappingsAsync()
        {
            var (demo, certificate) = await QuietAccountAsync();
            return ids ??= [await demo.MapAsync("https://one.example/", certificate), await demo.MapAsync("https://two.example/", certificate)];
        }
    }
}
