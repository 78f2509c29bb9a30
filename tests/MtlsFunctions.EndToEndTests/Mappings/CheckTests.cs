using System.Net;
using System.Text.Json.Nodes;

namespace MtlsFunctions.EndToEndTests.Mappings;

/// <summary>The three ways to ask which triplets would be used.</summary>
public sealed class CheckTests(AccountsFixture shared) : IClassFixture<AccountsFixture>
{
    private const string Url = "https://www.example.com/x?a=b";

    public static TheoryData<string> Forms => ["/mtls/mapping", "/mtls/mapping?v=1", "/mtls/mapping?v=2", "/api/account/{0}/checks/serviceUrlMappings"];

    [Fact]
    public async Task The_first_form_is_the_documented_text_letter_for_letter()
    {
        var (demo, certificate, _) = await shared.NewAccountWithCertificateAsync();
        await demo.MapAsync(Url, certificate, "1");
        var asked = new JsonArray(Triplet(demo, "IDP", Url), Triplet(demo, "WEBHOOKS", Url), Triplet(demo, "IDP", "https://www.example.com"));

        var answers = new[] { await demo.PostAsync("/mtls/mapping", asked.DeepClone()), await demo.PostAsync("/mtls/mapping?v=1", asked.DeepClone()), await demo.PostAsync("/mtls/mapping?v=1.0", asked.DeepClone()) };

        Assert.All(answers, answer => Assert.Equal((HttpStatusCode.OK,
            $$"""
            {"CertificateMappingParamters{serviceName='IDP', accountId='{{demo.Account}}', url='{{Url}}'}":true,"CertificateMappingParamters{serviceName='WEBHOOKS', accountId='{{demo.Account}}', url='{{Url}}'}":false,"CertificateMappingParamters{serviceName='IDP', accountId='{{demo.Account}}', url='https://www.example.com'}":false}
            """), (answer.Status, answer.Text)));
    }

    [Fact]
    public async Task The_second_form_is_what_was_submitted_and_doExist()
    {
        var (demo, certificate, _) = await shared.NewAccountWithCertificateAsync();
        await demo.MapAsync(Url, certificate, "1");
        var bySite = new JsonObject { ["serviceName"] = "1", ["siteId"] = demo.Account, ["url"] = Url };

        var answer = await demo.PostAsync("/mtls/mapping?v=2", new JsonArray(Triplet(demo, "IDP", Url), bySite, Triplet(demo, "FAAS", Url)));

        Assert.Equal(
            $$"""
            [{"serviceName":"IDP","accountId":"{{demo.Account}}","url":"{{Url}}","doExist":true},{"serviceName":"1","siteId":"{{demo.Account}}","url":"{{Url}}","doExist":true},{"serviceName":"FAAS","accountId":"{{demo.Account}}","url":"{{Url}}","doExist":false}]
            """, answer.Text);
    }

    [Fact]
    public async Task The_form_of_an_account_needs_no_account_and_answers_with_names()
    {
        var (demo, certificate, _) = await shared.NewAccountWithCertificateAsync();
        await demo.MapAsync(Url, certificate, "1");

        var answer = await demo.PostRawAsync($"/api/account/{demo.Account}/checks/serviceUrlMappings", $$"""[{"serviceName":1,"url":"{{Url}}"},{"serviceName":"FAAS","url":"{{Url}}"}]""");

        Assert.Equal($$"""[{"serviceName":"IDP","url":"{{Url}}","exist":true},{"serviceName":"FAAS","url":"{{Url}}","exist":false}]""", answer.Text);
    }

    [Fact]
    public async Task A_triplet_exists_while_a_forward_would_use_it()
    {
        var (demo, certificate, _) = await shared.NewAccountWithCertificateAsync();
        var mapping = await demo.MapAsync(Url, certificate);
        Assert.All(await ExistAsync(demo), Assert.True);
        Assert.All(await ExistAsync(shared.NewAccount()), Assert.False);

        var off = GatewayClient.Mapping(Url, certificate);
        off["enable"] = false;
        await demo.SendAsync(HttpMethod.Put, $"{demo.MappingsPath}/{mapping}", System.Net.Http.Json.JsonContent.Create(off));
        Assert.All(await ExistAsync(demo), Assert.False);

        off["enable"] = true;
        await demo.SendAsync(HttpMethod.Put, $"{demo.MappingsPath}/{mapping}", System.Net.Http.Json.JsonContent.Create(off));
        Assert.All(await ExistAsync(demo), Assert.True);
        await demo.SendAsync(HttpMethod.Delete, $"{demo.MappingsPath}/{mapping}");
        Assert.All(await ExistAsync(demo), Assert.False);
    }

    [Fact]
    public async Task An_expired_certificate_and_one_that_the_vault_lacks_make_no_triplet_exist()
    {
        var (expired, first, _) = await shared.NewAccountWithCertificateAsync();
        await expired.MapAsync(Url, first);
        await shared.EditAsync(expired, first, row => row.NotAfter = TimeProvider.System.GetUtcNow().AddSeconds(-1));
        Assert.All(await ExistAsync(expired), Assert.False);

        var (unavailable, second, _) = await shared.NewAccountWithCertificateAsync();
        await unavailable.MapAsync(Url, second);
        await shared.EditAsync(unavailable, second, row => row.VaultVersion = null);
        Assert.All(await ExistAsync(unavailable), Assert.False);
    }

    [Theory]
    [MemberData(nameof(Forms))]
    public async Task Another_accounts_triplets_are_forbidden_wherever_they_stand(string form)
    {
        var (demo, other) = (shared.NewAccount(), shared.NewAccount());
        var path = string.Format(null, form, demo.Account);
        foreach (var items in new JsonArray[] { [Triplet(other, "IDP", Url)], [Triplet(demo, "IDP", Url), Triplet(other, "IDP", Url)], [Triplet(other, "NOBODY", "http://")] })
            (await demo.PostAsync(path, items)).IsProblem(HttpStatusCode.Forbidden, "forbidden");
    }

    [Theory]
    [MemberData(nameof(Forms))]
    public async Task What_could_never_be_mapped_is_refused_by_its_index(string form)
    {
        var demo = shared.NewAccount();
        var path = string.Format(null, form, demo.Account);
        foreach (var (bad, type) in new[]
        {
            (Triplet(demo, "NOBODY", Url), "service-unknown"),
            (Triplet(demo, "IDP", "http://www.example.com/"), "url-invalid"),
            (Triplet(demo, "IDP", "https://www.example.com/#x"), "url-invalid"),
            (new JsonObject { ["serviceName"] = "IDP", ["accountId"] = demo.Account }, "url-invalid"),
            (null, "request-invalid"),
        })
        {
            var answer = await demo.PostAsync(path, new JsonArray(Triplet(demo, "IDP", Url), bad));
            answer.IsProblem(HttpStatusCode.BadRequest, type);
            Assert.Equal(1, (int)answer.Json["index"]!);
        }

        foreach (var body in new[] { "[]", "null", "{}", "[[]]", "[{\"url\":1}]", "" })
            (await demo.PostRawAsync(path, body)).IsProblem(HttpStatusCode.BadRequest, "request-invalid");
    }

    [Fact]
    public async Task Where_the_route_names_no_account_the_item_must()
    {
        var demo = shared.NewAccount();
        var answer = await demo.PostRawAsync("/mtls/mapping", $$"""[{"serviceName":"IDP","url":"{{Url}}"}]""");
        answer.IsProblem(HttpStatusCode.BadRequest, "request-invalid");
        Assert.Contains("accountId", (string)answer.Json["detail"]!, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("0")]
    [InlineData("3")]
    [InlineData("two")]
    [InlineData("1&v=2")]
    public async Task A_version_that_does_not_exist_is_refused(string version)
    {
        var demo = shared.NewAccount();
        (await demo.PostAsync($"/mtls/mapping?v={version}", new JsonArray(Triplet(demo, "IDP", Url)))).IsProblem(HttpStatusCode.BadRequest, "request-invalid");
    }

    [Theory]
    [MemberData(nameof(Forms))]
    public async Task One_request_asks_for_256_triplets_at_most(string form)
    {
        var (demo, certificate, _) = await shared.NewAccountWithCertificateAsync();
        await demo.MapAsync("https://a.example/255", certificate);
        var path = string.Format(null, form, demo.Account);
        JsonArray Items(int count) => [.. Enumerable.Range(0, count).Select(number => Triplet(demo, "WEBHOOKS", $"https://a.example/{number}"))];

        var answer = await demo.PostAsync(path, Items(256));
        Assert.Equal(HttpStatusCode.OK, answer.Status);
        Assert.Equal(1, answer.Text.Split("true").Length - 1);
        var refused = await demo.PostAsync(path, Items(257));
        refused.IsProblem(HttpStatusCode.BadRequest, "too-many-items");
        Assert.All(["256", "257"], number => Assert.Contains(number, (string)refused.Json["detail"]!, StringComparison.Ordinal));
    }

    private static JsonObject Triplet(GatewayClient account, string service, string url) =>
        new() { ["serviceName"] = service, ["accountId"] = account.Account, ["url"] = url };

    /// <summary>The answer of each form about the same triplet.</summary>
    private static async Task<IEnumerable<bool>> ExistAsync(GatewayClient account)
    {
        var asked = new JsonArray(Triplet(account, "WEBHOOKS", Url));
        var first = await account.PostAsync("/mtls/mapping", asked.DeepClone());
        var second = await account.PostAsync("/mtls/mapping?v=2", asked.DeepClone());
        var scoped = await account.PostAsync($"/api/account/{account.Account}/checks/serviceUrlMappings", asked.DeepClone());
        return [(bool)Assert.Single(first.Json.AsObject()).Value!, (bool)second.Json[0]!["doExist"]!, (bool)scoped.Json[0]!["exist"]!];
    }
}
