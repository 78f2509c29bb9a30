using System.Net;
using System.Text.Json.Nodes;

namespace MtlsFunctions.EndToEndTests.Mappings;

public sealed class CreateMappingsTests(AccountsFixture shared) : IClassFixture<AccountsFixture>
{
    [Fact]
    public async Task The_answer_is_the_array_with_ids_in_the_documented_shape()
    {
        var (demo, certificate, _) = await shared.NewAccountWithCertificateAsync();

        var created = await demo.PostAsync(demo.MappingsPath + "?v=3.0", new JsonArray(
            GatewayClient.Mapping("https://One.example:443/x?y", certificate, "1", "first"), GatewayClient.Mapping("https://two.example", certificate, "3", "second")));

        Assert.Equal(HttpStatusCode.Created, created.Status);
        var ids = created.Json.AsArray().Select(mapping => (long)mapping!["id"]!).ToArray();
        Assert.Equal(
            $$"""
            [{"id":{{ids[0]}},"deleted":false,"url":"https://One.example:443/x?y","enable":true,"serviceId":"1","siteId":"{{demo.Account}}","name":"first","certificationId":"{{certificate}}"},{"id":{{ids[1]}},"deleted":false,"url":"https://two.example","enable":true,"serviceId":"3","siteId":"{{demo.Account}}","name":"second","certificationId":"{{certificate}}"}]
            """, created.Text);
        Assert.All(ids, id => Assert.InRange(id, 1, (1L << 53) - 1));

        var listed = await demo.GetAsync(demo.MappingsPath);
        Assert.Equal(ids.Order(), listed.Json.AsArray().Select(mapping => (long)mapping!["id"]!));
        Assert.Equal(created.Header("ac-revision"), listed.Header("ac-revision"));
        var one = await demo.GetAsync($"{demo.MappingsPath}/{ids[1]}");
        Assert.True(JsonNode.DeepEquals(created.Json[1], one.Json));
        Assert.Equal(created.Header("ac-revision"), one.Header("ac-revision"));
    }

    [Fact]
    public async Task An_account_without_mappings_has_an_empty_list()
    {
        var listed = await shared.NewAccount().GetAsync(shared.NewAccount().MappingsPath);
        Assert.Equal(HttpStatusCode.Forbidden, listed.Status);
        var demo = shared.NewAccount();
        listed = await demo.GetAsync(demo.MappingsPath);
        Assert.Equal((HttpStatusCode.OK, "[]", "0"), (listed.Status, listed.Text, listed.Header("ac-revision")));
    }

    [Fact]
    public async Task Ids_may_be_numbers_services_may_be_named_and_what_is_unknown_is_ignored()
    {
        var (demo, certificate, _) = await shared.NewAccountWithCertificateAsync();
        var created = await demo.PostRawAsync(demo.MappingsPath, $$"""
            [{"id":17,"name":"mine","url":"https://a.example/","serviceId":"WEBHOOKS","certificationId":{{certificate}},"siteId":"{{demo.Account}}","deleted":true,"colour":"red"},
             {"name":"mine too","url":"https://a.example/","serviceId":3,"certificationId":"{{certificate}}"}]
            """);

        Assert.Equal(HttpStatusCode.Created, created.Status);
        Assert.Equal(("2", false, true), ((string?)created.Json[0]!["serviceId"], (bool)created.Json[0]!["deleted"]!, (bool)created.Json[0]!["enable"]!));
        Assert.NotEqual(17, (long)created.Json[0]!["id"]!);
        Assert.Equal("3", (string?)created.Json[1]!["serviceId"]);
    }

    public static TheoryData<string, string, HttpStatusCode, string> BadItems => new()
    {
        { "serviceId", "\"9\"", HttpStatusCode.BadRequest, "service-unknown" },
        { "serviceId", "\"webhooks\"", HttpStatusCode.BadRequest, "service-unknown" },
        { "serviceId", "null", HttpStatusCode.BadRequest, "service-unknown" },
        { "siteId", "\"somebody-else\"", HttpStatusCode.BadRequest, "request-invalid" },
        { "certificationId", "\"4711\"", HttpStatusCode.BadRequest, "certificate-unknown" },
        { "certificationId", "\"mine\"", HttpStatusCode.BadRequest, "certificate-unknown" },
        { "certificationId", "null", HttpStatusCode.BadRequest, "certificate-unknown" },
        { "url", "\"http://a.example/\"", HttpStatusCode.BadRequest, "url-invalid" },
        { "url", "\"https://user@a.example/\"", HttpStatusCode.BadRequest, "url-invalid" },
        { "url", "\"https://a.example/#f\"", HttpStatusCode.BadRequest, "url-invalid" },
        { "url", "\"https://a.exampl\u0435/\"", HttpStatusCode.BadRequest, "url-invalid" },
        { "url", "\"\"", HttpStatusCode.BadRequest, "url-invalid" },
        { "url", "null", HttpStatusCode.BadRequest, "url-invalid" },
        { "name", "\"\"", HttpStatusCode.BadRequest, "name-invalid" },
        { "name", "\"tab\\there\"", HttpStatusCode.BadRequest, "name-invalid" },
        { "name", "null", HttpStatusCode.BadRequest, "name-invalid" },
    };

    [Theory]
    [MemberData(nameof(BadItems))]
    public async Task One_bad_item_is_named_by_its_index_and_nothing_is_stored(string property, string value, HttpStatusCode status, string type)
    {
        var (demo, certificate) = await shared.QuietAccountAsync();
        var (bad, worse) = (GatewayClient.Mapping("https://two.example/", certificate), GatewayClient.Mapping("https://three.example/", certificate));
        (bad[property], worse[property]) = (JsonNode.Parse(value), JsonNode.Parse(value));

        var answer = await demo.PostAsync(demo.MappingsPath, new JsonArray(GatewayClient.Mapping("https://one.example/", certificate), bad, worse));

        answer.IsProblem(status, type);
        Assert.Equal(1, (int)answer.Json["index"]!);
        Assert.Equal("[]", (await demo.GetAsync(demo.MappingsPath)).Text);
    }

    [Theory]
    [InlineData("", "request-invalid")]
    [InlineData("null", "request-invalid")]
    [InlineData("[]", "request-invalid")]
    [InlineData("[null]", "request-invalid")]
    [InlineData("{}", "request-invalid")]
    [InlineData("[{]", "request-invalid")]
    [InlineData("[[]]", "request-invalid")]
    [InlineData("[{\"url\":7}]", "request-invalid")]
    [InlineData("[{\"enable\":\"yes\"}]", "request-invalid")]
    [InlineData("[{\"serviceId\":true}]", "request-invalid")]
    [InlineData("[{\"name\":\"a\",\"name\":\"b\"}]", "request-invalid")]
    [InlineData("[{\"name\":\"a\"}", "request-invalid")]
    [InlineData("[{\"name\":\"\\ud800\"}]", "request-invalid")]
    [InlineData("[{\"name\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":1}}}}}}}}}}}}}}}}]", "request-invalid")]
    public async Task A_body_that_is_no_array_of_mappings_is_refused(string body, string type)
    {
        var demo = shared.NewAccount();
        (await demo.PostRawAsync(demo.MappingsPath, body)).IsProblem(HttpStatusCode.BadRequest, type);
    }

    [Fact]
    public async Task A_name_of_257_and_a_url_of_8193_or_10000_characters_are_refused_and_one_less_is_not()
    {
        var (demo, certificate, _) = await shared.NewAccountWithCertificateAsync();
        Task<Answer> CreateAsync(int url, int name) => demo.PostAsync(
            demo.MappingsPath, new JsonArray(GatewayClient.Mapping("https://a.example/".PadRight(url, 'x'), certificate, name: new string('n', name))));

        (await CreateAsync(8_193, 10)).IsProblem(HttpStatusCode.BadRequest, "url-invalid");
        (await CreateAsync(10_000, 10)).IsProblem(HttpStatusCode.BadRequest, "url-invalid");
        (await CreateAsync(100, 257)).IsProblem(HttpStatusCode.BadRequest, "name-invalid");
        Assert.Equal(HttpStatusCode.Created, (await CreateAsync(8_192, 256)).Status);
    }

    [Fact]
    public async Task Another_accounts_certificate_is_as_unknown_as_one_that_nobody_has()
    {
        var (demo, _, _) = await shared.NewAccountWithCertificateAsync();
        var (_, foreign, _) = await shared.NewAccountWithCertificateAsync();

        var answer = await demo.PostAsync(demo.MappingsPath, new JsonArray(GatewayClient.Mapping("https://a.example/", foreign)));

        answer.IsProblem(HttpStatusCode.BadRequest, "certificate-unknown");
        Assert.Equal(0, (int)answer.Json["index"]!);
        var unknown = await demo.PostAsync(demo.MappingsPath, new JsonArray(GatewayClient.Mapping("https://a.example/", 4711)));
        Assert.Equal(((string)unknown.Json["detail"]!).Replace("4711", "#", StringComparison.Ordinal), ((string)answer.Json["detail"]!).Replace($"{foreign}", "#", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_triplet_and_a_name_are_unique_in_the_request_and_in_the_account()
    {
        var (demo, certificate, _) = await shared.NewAccountWithCertificateAsync();
        JsonObject Item(string name, string url, string service = "2") => GatewayClient.Mapping(url, certificate, service, name);
        async Task RefusedAsync(string type, int index, params JsonObject[] items)
        {
            var answer = await demo.PostAsync(demo.MappingsPath, new JsonArray([.. items]));
            answer.IsProblem(HttpStatusCode.Conflict, type);
            Assert.Equal(index, (int)answer.Json["index"]!);
        }

        await RefusedAsync("mapping-exists", 2, Item("a", "https://a.example/"), Item("b", "https://b.example/"), Item("c", "HTTPS://A.example:443"));
        await RefusedAsync("name-taken", 1, Item("a", "https://a.example/"), Item("a", "https://b.example/"));
        Assert.Equal("[]", (await demo.GetAsync(demo.MappingsPath)).Text);

        Assert.Equal(HttpStatusCode.Created, (await demo.PostAsync(demo.MappingsPath, new JsonArray(Item("a", "https://a.example/x")))).Status);
        await RefusedAsync("mapping-exists", 1, Item("b", "https://b.example/"), Item("c", "https://A.EXAMPLE:443/x"));
        await RefusedAsync("name-taken", 1, Item("b", "https://b.example/"), Item("a", "https://c.example/"));
        Assert.Single((await demo.GetAsync(demo.MappingsPath)).Json.AsArray());

        // What differs in anything that counts is another one; and another account has names and triplets of its own.
        Assert.Equal(HttpStatusCode.Created, (await demo.PostAsync(demo.MappingsPath, new JsonArray(
            Item("A", "https://a.example/x?"), Item("d", "https://a.example/X"), Item("e", "https://a.example/x", "3")))).Status);
        var (other, foreign, _) = await shared.NewAccountWithCertificateAsync();
        Assert.Equal(HttpStatusCode.Created, (await other.PostAsync(other.MappingsPath, new JsonArray(GatewayClient.Mapping("https://a.example/x", foreign, name: "a")))).Status);
    }

    [Fact]
    public async Task Thirty_three_fit_into_one_request_and_thirty_four_are_refused_with_the_number()
    {
        var (demo, certificate, _) = await shared.NewAccountWithCertificateAsync();
        JsonArray Items(int count, string host) => [.. Enumerable.Range(0, count).Select(number => GatewayClient.Mapping($"https://{host}.example/{number}", certificate))];

        var refused = await demo.PostAsync(demo.MappingsPath, Items(34, "a"));
        refused.IsProblem(HttpStatusCode.BadRequest, "too-many-items");
        Assert.Contains("33", (string)refused.Json["detail"]!, StringComparison.Ordinal);
        Assert.Equal("[]", (await demo.GetAsync(demo.MappingsPath)).Text);

        var created = await demo.PostAsync(demo.MappingsPath, Items(33, "a"));
        Assert.Equal(HttpStatusCode.Created, created.Status);
        Assert.Equal(33, (await demo.GetAsync(demo.MappingsPath)).Json.AsArray().Count);
        var ids = string.Join(',', created.Json.AsArray().Select(mapping => (string)mapping!["id"]!.ToJsonString()));
        (await demo.SendAsync(HttpMethod.Delete, $"{demo.MappingsPath}/{ids},1")).IsProblem(HttpStatusCode.BadRequest, "too-many-items");
        Assert.Equal(HttpStatusCode.OK, (await demo.SendAsync(HttpMethod.Delete, $"{demo.MappingsPath}/{ids}")).Status);
    }

    [Fact]
    public async Task Many_who_create_the_same_mapping_at_once_create_it_once()
    {
        var (demo, certificate, _) = await shared.NewAccountWithCertificateAsync();

        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ =>
            demo.PostAsync(demo.MappingsPath, new JsonArray(GatewayClient.Mapping("https://a.example/", certificate)))));

        Assert.Equal([HttpStatusCode.Created, .. Enumerable.Repeat(HttpStatusCode.Conflict, 7)], answers.Select(answer => answer.Status).Order());
        Assert.Single((await demo.GetAsync(demo.MappingsPath)).Json.AsArray());
    }

    [Theory]
    [InlineData("1,")]
    [InlineData(",1")]
    [InlineData("1,,2")]
    [InlineData("1, 2")]
    [InlineData("-1")]
    [InlineData("+1")]
    [InlineData("1.0")]
    [InlineData("all")]
    [InlineData("99999999999999999999")]
    public async Task Ids_to_delete_that_are_none_are_refused(string ids)
    {
        var demo = shared.NewAccount();
        (await demo.SendAsync(HttpMethod.Delete, $"{demo.MappingsPath}/{Uri.EscapeDataString(ids)}")).IsProblem(HttpStatusCode.BadRequest, "request-invalid");
    }
}
