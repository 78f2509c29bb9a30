using System.Text;
using System.Text.Json.Nodes;
using Microsoft.IdentityModel.Tokens;
using MtlsFunctions.Shared;

namespace MtlsFunctions.Tests.Authorization;

/// <summary>Whatever stands behind "Bearer", the answer is a refusal and never a surprise.</summary>
public sealed class HostileTokenTests(SharedVerifier shared) : IClassFixture<SharedVerifier>
{
    private readonly Verifier verifier = shared.Plain;

    private const string Header = """{"alg":"RS256","kid":"any","typ":"JWT"}""";

    [Theory]
    [InlineData("")]
    [InlineData(".")]
    [InlineData("..")]
    [InlineData("...")]
    [InlineData("....")]
    [InlineData("a.b.c")]
    [InlineData("a.b.c.d.e")]
    [InlineData("e30.e30.e30")]
    [InlineData("e30.e30.")]
    [InlineData("bnVsbA.bnVsbA.bnVsbA")]
    [InlineData("W10.W10.W10")]
    [InlineData("%%%.%%%.%%%")]
    [InlineData("e30=.e30=.e30=")]
    [InlineData("\u00e4\u00f6.\u00fc\u00df.\u00ff")]
    [InlineData("e30 . e30 . e30")]
    [InlineData("a\0.b\0.c\0")]
    public Task Text_that_is_no_token_is_refused(string token) => verifier.RefusesAsync(token);

    [Theory]
    [InlineData("""{"alg":"RS256"}""")]
    [InlineData("""{"alg":1,"kid":2}""")]
    [InlineData("""{"alg":null,"kid":null}""")]
    [InlineData("""{"alg":["RS256"],"kid":{"a":1}}""")]
    [InlineData("""{"alg":"dir","enc":"A128CBC-HS256"}""")]
    [InlineData("""{"alg":"RS256","kid":"any","crit":["b64"],"b64":false}""")]
    [InlineData("""{"alg":"RS256","kid":"any","zip":"DEF"}""")]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("\"\"")]
    public async Task A_strange_header_is_refused(string header)
    {
        await verifier.RefusesAsync(Token(header, Claims(verifier).ToJsonString()));
    }

    [Theory]
    [InlineData("b64")]
    [InlineData("exp")]
    [InlineData("https://issuer.example/ours")]
    public async Task A_signed_token_whose_header_names_something_critical_is_refused(string extension)
    {
        var request = new MtlsFunctions.Shared.TokenRequest(Verifier.Account, "MTLS_READ_INTERNAL");
        await verifier.AdmitsAsync(verifier.Issuer.Token(request));

        await verifier.RefusesAsync(verifier.Issuer.Token(request with
        {
            Header = new Dictionary<string, object> { ["crit"] = new[] { extension }, [extension] = true },
        }));
    }

    [Theory]
    [InlineData("iss", "1")]
    [InlineData("iss", "null")]
    [InlineData("iss", "[]")]
    [InlineData("iss", "{}")]
    [InlineData("iss", "true")]
    [InlineData("iss", "\"\"")]
    [InlineData("aud", "1")]
    [InlineData("aud", "{}")]
    [InlineData("aud", "[1,null,{}]")]
    [InlineData("exp", "\"tomorrow\"")]
    [InlineData("exp", "1e300")]
    [InlineData("exp", "-1e300")]
    [InlineData("exp", "9223372036854775807")]
    [InlineData("exp", "-9223372036854775808")]
    [InlineData("exp", "[1]")]
    [InlineData("exp", "null")]
    [InlineData("nbf", "1e300")]
    [InlineData("nbf", "-1e300")]
    [InlineData("nbf", "{}")]
    [InlineData("iat", "1e300")]
    [InlineData("iat", "\"\"")]
    [InlineData("scope", "{\"a\":[{\"b\":null}]}")]
    public async Task A_claim_of_the_wrong_kind_in_an_unsigned_token_is_refused(string claim, string value)
    {
        var claims = Claims(verifier);
        claims[claim] = JsonNode.Parse(value);

        await verifier.RefusesAsync(Token(Header, claims.ToJsonString()));
    }

    [Theory]
    [InlineData("scope", "1")]
    [InlineData("scope", "{}")]
    [InlineData("jti", "null")]
    [InlineData("roles", "[[[]]]")]
    public async Task A_claim_of_the_wrong_kind_in_a_signed_token_makes_nothing_break(string claim, string value)
    {
        Assert.Equal(Verifier.Account, (await verifier.AdmitsAsync(verifier.TokenWith(claim, JsonNode.Parse(value)))).Account.Value);
    }

    [Theory]
    [InlineData("sub", "{}")]
    [InlineData("sub", "[1]")]
    [InlineData("azp", "5")]
    [InlineData("azp", "[]")]
    [InlineData("iat", "\"yesterday\"")]
    public Task A_signed_token_whose_registered_claims_are_not_what_the_standard_says_is_refused(string claim, string value) =>
        verifier.RefusesAsync(verifier.TokenWith(claim, JsonNode.Parse(value)));

    [Theory]
    [InlineData(16 * 1024 + 1)]
    [InlineData(20_000)]
    [InlineData(1_000_000)]
    public async Task A_token_longer_than_16_KB_is_refused_unread(int length)
    {
        var good = verifier.Token();

        var failure = await verifier.RefusesAsync(good + new string('A', length - good.Length));

        Assert.Contains("too long", failure.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_long_token_that_is_not_longer_than_that_works()
    {
        var token = verifier.TokenWith("padding", new string('x', 11_000));

        Assert.InRange(token.Length, 14_000, 16 * 1024);
        await verifier.AdmitsAsync(token);
    }

    [Fact]
    public async Task Claims_nested_a_thousand_deep_are_refused()
    {
        var nested = new string('[', 1000) + new string(']', 1000);
        var claims = Claims(verifier).ToJsonString();

        await verifier.RefusesAsync(Token(Header, $$"""{"deep":{{nested}},{{claims[1..]}}"""));
    }

    [Fact]
    public async Task A_refusal_never_repeats_what_was_sent()
    {
        var request = new TokenRequest("account-nobody-should-see") { Issuer = "https://issuer-nobody-should-see.example" };

        var failure = await verifier.RefusesAsync(verifier.Issuer.Token(request));

        Assert.DoesNotContain("nobody-should-see", failure.Detail, StringComparison.Ordinal);
    }

    private static JsonObject Claims(Verifier verifier) => new()
    {
        ["iss"] = verifier.Issuer.Issuer,
        ["aud"] = Verifier.Account,
        ["exp"] = verifier.In(TimeSpan.FromHours(1)).ToUnixTimeSeconds(),
    };

    private static string Token(string header, string claims) =>
        $"{Base64UrlEncoder.Encode(header)}.{Base64UrlEncoder.Encode(claims)}.{Base64UrlEncoder.Encode(Encoding.ASCII.GetBytes(new string('s', 256)))}";
}
