using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace MtlsFunctions.EndToEndTests.Accounts;

/// <summary>A person's password for a token.</summary>
public sealed class LoginTests(PersonsGateway persons) : IClassFixture<PersonsGateway>
{
    private TestGateway Gateway => persons.Gateway;

    [Fact]
    public async Task Login_and_refresh_answer_with_the_documented_names_and_types()
    {
        var login = await Gateway.LogInAsync();
        var refresh = await Gateway.WithToken("demo", (string?)login.Json["bearer"]).SendAsync(HttpMethod.Post, "/api/account/demo/refresh");

        foreach (var answer in new[] { login, refresh })
        {
            Assert.Equal((HttpStatusCode.OK, "no-store"), (answer.Status, answer.Header("Cache-Control")));
            Assert.Equal(["bearer", "csrf", "sessionTTl", "config", "csdsCollectionResponse"], Names(answer.Json));
            Assert.All(["bearer", "csrf", "sessionTTl"], name => Assert.Equal(JsonValueKind.String, answer.Json[name]!.GetValueKind()));
            Assert.Equal("28800000", (string?)answer.Json["sessionTTl"]);
            Assert.Equal($$"""{"loginName":"{{Persons.LoginName}}","userId":"ann","isAdmin":true}""", answer.Json["config"]!.ToJsonString());
            Assert.Equal(["service", "account", "baseURI"], Names(answer.Json["csdsCollectionResponse"]!["baseURIs"]![0]!));
        }

        Assert.NotEqual((string?)login.Json["bearer"], (string?)refresh.Json["bearer"]);
        Assert.NotEqual((string?)login.Json["csrf"], (string?)refresh.Json["csrf"]);
    }

    [Fact]
    public async Task An_administrator_may_do_everything_in_the_account_and_nothing_in_another()
    {
        var ann = await Gateway.LoggedInAsync();

        Assert.Equal(HttpStatusCode.Created, (await ann.PostAsync("/mtls/account/demo/app-keys", new JsonObject
        {
            ["name"] = "by ann",
            ["permissions"] = new JsonArray("MTLS_FORWARD"),
        })).Status);
        (await ann.GetAsync("/mtls/account/other/certificates")).IsProblem(HttpStatusCode.Forbidden, "forbidden");
        Assert.Equal(Persons.LoginName, (string?)(await ann.GetAsync("/mtls/account/demo/audit")).Json["entries"]!.AsArray()[^1]!["who"]);
    }

    [Theory]
    [InlineData(Persons.LoginName, "guessed", "demo")]
    [InlineData(Persons.LoginName, "", "demo")]
    [InlineData(Persons.LoginName, null, "demo")]
    [InlineData(Persons.LoginName, Persons.Password, "other")]
    [InlineData("ANN@EXAMPLE.COM", Persons.Password, "demo")]
    [InlineData("ann", Persons.Password, "demo")]
    [InlineData("faas", Persons.ClientSecret, "demo")]
    [InlineData("nobody", Persons.Password, "demo")]
    [InlineData(null, Persons.Password, "demo")]
    [InlineData(null, null, "nobody")]
    public async Task Whatever_does_not_fit_is_answered_alike(string? name, string? password, string account)
    {
        var refused = await Gateway.LogInAsync(name, password, account);
        var unknown = await Gateway.LogInAsync("unknown", "unknown");

        refused.IsProblem(HttpStatusCode.Unauthorized, "login-failed");
        Assert.Equal(Comparable(unknown), Comparable(refused));
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("""{"username":"a","password":""")]
    [InlineData("""{"username":"a","password":1}""")]
    [InlineData("""{"username":"a","username":"b","password":"c"}""")]
    public async Task A_body_that_is_no_login_is_refused_without_counting(string body) =>
        (await Gateway.WithToken("demo", null).PostRawAsync("/api/account/demo/login", body)).IsProblem(HttpStatusCode.BadRequest, "request-invalid");

    [Fact]
    public async Task Only_a_login_can_be_refreshed()
    {
        string client = (string)(await Gateway.TokenAsync("reader")).Json["access_token"]!;

        foreach (var other in new[] { Gateway.WithToken("demo", client), Gateway.As("demo"), await Gateway.WithAppKeyAsync("demo") })
            (await other.SendAsync(HttpMethod.Post, "/api/account/demo/refresh")).IsProblem(HttpStatusCode.Forbidden, "forbidden");
        (await (await Gateway.LoggedInAsync()).SendAsync(HttpMethod.Post, "/api/account/other/refresh")).IsProblem(HttpStatusCode.Forbidden, "forbidden");
    }

    [Fact]
    public async Task Neither_password_nor_token_is_logged()
    {
        var token = (string)(await Gateway.LogInAsync()).Json["bearer"]!;
        await Gateway.LogInAsync(password: "a-wrong-password-that-nobody-logs");
        await Gateway.TokenAsync();

        string[] secrets = [Persons.Password, Persons.ClientSecret, "a-wrong-password-that-nobody-logs", token.Split('.')[1], token.Split('.')[2]];
        Assert.All(secrets, secret => Authorization.Leaked.NotLogged(secret, Gateway.Log));
    }

    private static IEnumerable<string> Names(JsonNode node) => node.AsObject().Select(member => member.Key);

    private static string Comparable(Answer answer)
    {
        var body = answer.Json.AsObject();
        body.Remove("traceId");
        return $"{answer.Status} {answer.Header("WWW-Authenticate")} {body.ToJsonString()}";
    }
}
