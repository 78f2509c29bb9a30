using System.Net;
using System.Text.Json.Nodes;
using MtlsFunctions.Shared;

namespace MtlsFunctions.EndToEndTests.Authorization;

/// <summary>Tokens of a trusted issuer's shape that must not count, each for one reason.</summary>
public sealed class BadTokenTests(SharedGateway shared) : IClassFixture<SharedGateway>
{
    private const string Account = "demo";

    private static readonly TokenRequest Good = new(Account, "MTLS_WRITE_INTERNAL");

    private static readonly DateTimeOffset Now = TimeProvider.System.GetUtcNow();

    private static readonly Dictionary<string, Func<SharedGateway, string>> Bad = new()
    {
        ["expired"] = with => Issuer(with).Token(Good with { Expires = Now.AddMinutes(-1) }),
        ["not yet valid"] = with => Issuer(with).Token(Good with { NotBefore = Now.AddMinutes(10) }),
        ["without an end"] = with => Issuer(with).Token(With(Good, "exp", null)),
        ["of an issuer that nobody trusts"] = with => Issuer(with).Token(Good with { Issuer = "https://stranger.example" }),
        ["without an issuer"] = with => Issuer(with).Token(With(Good, "iss", null)),
        ["of one trusted issuer in the name of the other"] = with => Issuer(with).Token(SecondGood with { Issuer = with.Second.Issuer }),
        ["algorithm none"] = with => Issuer(with).UnsignedToken(Good),
        ["signed by a stranger under the issuer's key id"] = with => Issuer(with).TokenSignedByStranger(Good),
        ["of an unknown key id"] = with => Issuer(with).Token(Good with { KeyId = "unknown" }),
        ["without an account"] = with => Issuer(with).Token(With(Good, "aud", null)),
        ["with an account that is no account id"] = with => Issuer(with).Token(new TokenRequest("d\u0435mo", "MTLS_WRITE_INTERNAL")),
        ["with an empty account"] = with => Issuer(with).Token(With(Good, "aud", "")),
        ["of two audiences"] = with => Issuer(with).Token(With(Good, "aud", new JsonArray(Account, "other"))),
        ["of two audiences that differ in case"] = with => Issuer(with).Token(With(Good, "aud", new JsonArray(Account, "DEMO"))),
        ["of 20 KB"] = with => Issuer(with).Token(With(Good, "padding", new string('x', 20_000))),
        ["of a wrong audience"] = with => with.Second.Token(With(SecondGood, "aud", "another-api")),
        ["without an audience where one is demanded"] = with => with.Second.Token(With(SecondGood, "aud", null)),
        ["of two accounts"] = with => with.Second.Token(With(SecondGood, "tenant", new JsonArray(Account, "other"))),
        ["with the account where the other issuer has it"] = with => with.Second.Token(With(SecondGood, "tenant", null)),
        ["with an account that is an object"] = with => with.Second.Token(With(SecondGood, "tenant", new JsonObject { ["id"] = Account })),
    };

    public static TheoryData<string> BadTokens => [.. Bad.Keys];

    private static TokenRequest SecondGood => new(SharedGateway.Audience)
    {
        Claims = new Dictionary<string, JsonNode?> { ["tenant"] = Account, ["roles"] = new JsonArray("MTLS_WRITE_INTERNAL") },
    };

    [Theory]
    [MemberData(nameof(BadTokens))]
    public async Task No_bad_token_works_and_none_is_repeated_in_the_answer_or_the_log(string kind)
    {
        var token = Bad[kind](shared);
        var client = shared.Gateway.WithToken(Account, token);

        var answer = await client.GetAsync(client.CertificatesPath);

        answer.IsProblem(HttpStatusCode.Unauthorized, "unauthorized");
        Assert.NotNull(answer.Header("WWW-Authenticate"));
        Leaked.Nowhere(token, answer, shared.Gateway.Log);
    }

    [Fact]
    public async Task The_good_tokens_that_these_are_made_from_work()
    {
        foreach (var token in new[] { Issuer(shared).Token(Good), shared.Second.Token(SecondGood) })
        {
            var client = shared.Gateway.WithToken(Account, token);
            Assert.Equal(HttpStatusCode.OK, (await client.GetAsync(client.CertificatesPath)).Status);
        }
    }

    [Fact]
    public async Task A_token_that_has_expired_says_so()
    {
        var client = shared.Gateway.WithToken(Account, Bad["expired"](shared));

        Assert.Contains("expired", (string?)(await client.GetAsync(client.CertificatesPath)).Json["detail"], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(-1, HttpStatusCode.OK)]
    [InlineData(10, HttpStatusCode.Unauthorized)]
    public async Task A_token_counts_from_its_first_minute_on(int minutesUntilThen, HttpStatusCode expected)
    {
        var client = shared.Gateway.WithToken(Account, Issuer(shared).Token(Good with { NotBefore = Now.AddMinutes(minutesUntilThen) }));

        Assert.Equal(expected, (await client.GetAsync(client.CertificatesPath)).Status);
    }

    private static TokenIssuer Issuer(SharedGateway with) => with.Gateway.Issuer;

    private static TokenRequest With(TokenRequest request, string claim, JsonNode? value) =>
        request with { Claims = new Dictionary<string, JsonNode?>(request.Claims) { [claim] = value } };
}
