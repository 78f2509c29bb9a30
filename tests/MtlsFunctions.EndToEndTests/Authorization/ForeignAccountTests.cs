using System.Net;
using System.Text.Json.Nodes;

namespace MtlsFunctions.EndToEndTests.Authorization;

/// <summary>Nothing about another account leaks, not even whether it exists.</summary>
public sealed class ForeignAccountTests(ForeignAccountTests.RichAccount rich) : IClassFixture<ForeignAccountTests.RichAccount>
{
    private const string Rich = "rich";
    private const string Nobody = "nobody";
    private const string Stranger = "stranger";

    public static TheoryData<string> Functions => [.. EveryFunction.OfAnAccount];

    public static TheoryData<string> ByAccount => [.. EveryFunction.WithAccountInRoute];

    private TestGateway Gateway => rich.Shared.Gateway;

    [Theory]
    [MemberData(nameof(Functions))]
    public async Task A_token_of_another_account_is_forbidden_and_the_answer_is_the_same_whether_that_account_has_anything(string function)
    {
        var call = EveryFunction.Find(function);
        var stranger = Gateway.As(Stranger);

        var aboutRich = await call.SendAsync(stranger, Rich, rich.IdOf);
        var aboutNobody = await call.SendAsync(stranger, Nobody, rich.IdOf);

        call.IsRefused(aboutRich, HttpStatusCode.Forbidden, "forbidden");
        Assert.Equal(Comparable(aboutRich), Comparable(aboutNobody));
    }

    [Theory]
    [MemberData(nameof(ByAccount))]
    public async Task An_account_id_in_other_letters_is_another_account(string function)
    {
        var call = EveryFunction.Find(function);

        call.IsRefused(await call.SendAsync(Gateway.As(Rich), "RICH", rich.IdOf), HttpStatusCode.Forbidden, "forbidden");
    }

    [Theory]
    [InlineData("GET", "/mtls/account/stranger/certificates/{0}")]
    [InlineData("DELETE", "/mtls/account/stranger/certificates/{0}")]
    [InlineData("GET", "/mtls/account/stranger/certificates/{0}/download")]
    [InlineData("GET", "/mtls/account/stranger/certificates/{0}/versions")]
    [InlineData("POST", "/mtls/account/stranger/certificates/{0}/rollback/1")]
    [InlineData("POST", "/mtls/account/stranger/certificates/{0}/disable")]
    [InlineData("POST", "/mtls/account/stranger/certificates/{0}/enable")]
    [InlineData("GET", "/api/account/stranger/configuration/ac-common/mtls/{0}")]
    [InlineData("DELETE", "/api/account/stranger/configuration/ac-common/mtls/{0}")]
    public async Task The_id_of_another_accounts_thing_is_answered_like_an_id_that_nobody_has(string method, string path)
    {
        var stranger = Gateway.As(Stranger);
        var foreignId = path.StartsWith("/api", StringComparison.Ordinal) ? rich.IdOf("mappingId") : rich.IdOf("certificateId");
        const long unusedId = 4711;

        var foreign = await stranger.SendAsync(new HttpMethod(method), path.Replace("{0}", $"{foreignId}", StringComparison.Ordinal));
        var unused = await stranger.SendAsync(new HttpMethod(method), path.Replace("{0}", $"{unusedId}", StringComparison.Ordinal));

        foreign.IsProblem(HttpStatusCode.NotFound, "not-found");
        Assert.Equal(
            Comparable(unused).Replace($"{unusedId}", "#", StringComparison.Ordinal),
            Comparable(foreign).Replace($"{foreignId}", "#", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("/mtls/mapping")]
    [InlineData("/mtls/mapping?v=2")]
    [InlineData("/api/account/stranger/checks/serviceUrlMappings")]
    public async Task One_foreign_item_among_own_ones_makes_a_check_forbidden(string path)
    {
        var body = new JsonArray(Triplet("accountId", Stranger), Triplet("accountId", Rich), Triplet("siteId", Stranger));
        var bySite = new JsonArray(Triplet("siteId", Stranger), Triplet("siteId", Rich));

        (await Gateway.As(Stranger).PostAsync(path, body)).IsProblem(HttpStatusCode.Forbidden, "forbidden");
        (await Gateway.As(Stranger).PostAsync(path, bySite)).IsProblem(HttpStatusCode.Forbidden, "forbidden");
    }

    private static JsonObject Triplet(string accountProperty, string account) =>
        new() { ["serviceName"] = "IDP", [accountProperty] = account, ["url"] = "https://remote.example/" };

    /// <summary>The whole answer but for what differs between any two.</summary>
    private static string Comparable(Answer answer)
    {
        var headers = answer.Headers.Where(header => header.Key != "Date").OrderBy(header => header.Key, StringComparer.Ordinal);
        var body = answer.Body.Length == 0 ? null : answer.Json.AsObject();
        body?.Remove("traceId");
        return $"{answer.Status}\n{string.Join('\n', headers)}\n{body?.ToJsonString()}";
    }

    /// <summary>An account that has a certificate and a mapping.</summary>
    public sealed class RichAccount(AzuriteFixture azurite) : IAsyncLifetime
    {
        private long certificate;
        private long mapping;

        public SharedGateway Shared { get; } = new(azurite);

        public async ValueTask InitializeAsync()
        {
            await Shared.InitializeAsync();
            var client = Shared.Gateway.As(Rich);
            certificate = await client.UploadAsync(Shared.Gateway.Pki.IssueClient());
            mapping = await client.MapAsync("https://remote.example/", certificate, service: "1");
        }

        public long IdOf(string parameter) => parameter switch
        {
            "certificateId" => certificate,
            "mappingId" or "mappingIds" => mapping,
            _ => 1,
        };

        public ValueTask DisposeAsync() => Shared.DisposeAsync();
    }
}
