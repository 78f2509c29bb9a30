using System.Text.Json.Nodes;
using MtlsFunctions.Authorization;
using MtlsFunctions.Shared;

namespace MtlsFunctions.Tests.Authorization;

/// <summary>What a verified token is taken to say.</summary>
public sealed class TokenClaimsTests(SharedVerifier shared) : IClassFixture<SharedVerifier>
{
    private readonly Verifier verifier = shared.Plain;

    [Fact]
    public async Task A_token_as_Sentinel_makes_them_names_account_permissions_and_client()
    {
        var caller = await verifier.AdmitsAsync(verifier.Issuer.Token("le1606809", "openid", "mtls.external", "MTLS_READ_INTERNAL"));

        Assert.Equal(("le1606809", Permission.Forward | Permission.Read, "client-of-le1606809"), (caller.Account.Value, caller.Granted, caller.Subject));
    }

    [Theory]
    [InlineData("""["demo"]""", true)]
    [InlineData("""["demo","demo"]""", true)]
    [InlineData("""["demo","other"]""", false)]
    [InlineData("""["demo","Demo"]""", false)]
    [InlineData("""["demo",""]""", false)]
    [InlineData("""["demo","not an account"]""", false)]
    [InlineData("[]", false)]
    [InlineData("null", false)]
    [InlineData("\"\"", false)]
    [InlineData("\"d\\u0435mo\"", false)]
    [InlineData("\"demo other\"", false)]
    [InlineData("\" demo\"", false)]
    [InlineData("""{"id":"demo"}""", false)]
    [InlineData("""[["demo"]]""", false)]
    public async Task The_account_claim_must_name_exactly_one_account(string account, bool holds)
    {
        // Once as the audience, once as a claim of its own: the library reads them in different ways.
        var value = JsonNode.Parse(account);
        (Verifier, string)[] shapes = [(verifier, verifier.TokenWith("aud", value)), (shared.WithOwnClaims, shared.OwnToken(value, roles: null))];

        foreach (var (with, token) in shapes)
            if (holds)
                Assert.Equal("demo", (await with.AdmitsAsync(token)).Account.Value);
            else
                await with.RefusesAsync(token);
    }

    [Theory]
    [InlineData("""["MTLS_READ_INTERNAL","MTLS_FORWARD"]""", Permission.Read | Permission.Forward)]
    [InlineData("""["MTLS_READ_INTERNAL MTLS_FORWARD"]""", Permission.Read | Permission.Forward)]
    [InlineData("\"MTLS_READ_INTERNAL  MTLS_FORWARD \"", Permission.Read | Permission.Forward)]
    [InlineData("\"MTLS_WRITE_INTERNAL\"", Permission.Write)]
    [InlineData("\"MTLS_READ_INTERNAL,MTLS_WRITE_INTERNAL\"", Permission.None)]
    [InlineData("[]", Permission.None)]
    [InlineData("[1,true,null,{}]", Permission.None)]
    [InlineData("""{"MTLS_WRITE_INTERNAL":true}""", Permission.None)]
    [InlineData("true", Permission.None)]
    [InlineData("null", Permission.None)]
    public async Task Permissions_are_a_list_or_names_between_spaces(string roles, Permission granted)
    {
        Assert.Equal(granted, (await shared.WithOwnClaims.AdmitsAsync(shared.OwnToken("demo", JsonNode.Parse(roles)))).Granted);
    }

    [Fact]
    public async Task The_subject_is_the_user_else_the_client_else_unknown()
    {
        Assert.Equal("user", (await verifier.AdmitsAsync(verifier.TokenWith("sub", "user"))).Subject);
        Assert.Equal("client-of-demo", (await verifier.AdmitsAsync(verifier.TokenWith("sub", ""))).Subject);
        Assert.Equal("unknown", (await verifier.AdmitsAsync(verifier.TokenWith("azp", null))).Subject);
    }
}
