using System.Net;
using System.Text.Json.Nodes;
using MtlsFunctions.Shared;

namespace MtlsFunctions.EndToEndTests.Authorization;

/// <summary>Any OpenID Connect issuer may be trusted; which claims mean what is configuration.</summary>
public sealed class SeveralIssuersTests(SharedGateway shared) : IClassFixture<SharedGateway>
{
    private const string Account = "demo";

    [Fact]
    public async Task Tokens_of_two_issuers_that_shape_them_differently_both_work_for_the_same_account()
    {
        var one = shared.Gateway.WithToken(Account, shared.Gateway.Issuer.Token(Account, "MTLS_READ_INTERNAL"));
        var other = shared.Gateway.WithToken(Account, Shaped("MTLS_READ_INTERNAL"));

        Assert.Equal(HttpStatusCode.OK, (await one.GetAsync(one.CertificatesPath)).Status);
        Assert.Equal(HttpStatusCode.OK, (await other.GetAsync(one.CertificatesPath)).Status);
    }

    [Theory]
    [InlineData("MTLS_READ_INTERNAL", 200, 403)]
    [InlineData("MTLS_FORWARD", 403, 400)]
    [InlineData("MTLS_READ_INTERNAL MTLS_FORWARD", 200, 400)]
    [InlineData("Something.Else", 403, 403)]
    public async Task Permissions_come_from_the_array_claim_that_is_configured(string roles, int list, int forward)
    {
        var client = shared.Gateway.WithToken(Account, Shaped(roles.Split(' ')));

        Assert.Equal(list, (int)(await client.GetAsync(client.CertificatesPath)).Status);
        Assert.Equal(forward, (int)(await client.SendAsync(HttpMethod.Post, client.ForwardPath)).Status);
    }

    [Fact]
    public async Task The_scope_claim_means_nothing_from_an_issuer_whose_permissions_are_elsewhere()
    {
        var token = shared.Second.Token(new TokenRequest(SharedGateway.Audience, "MTLS_WRITE_INTERNAL")
        {
            Claims = new Dictionary<string, JsonNode?> { ["tenant"] = Account },
        });
        var client = shared.Gateway.WithToken(Account, token);

        (await client.GetAsync(client.CertificatesPath)).IsProblem(HttpStatusCode.Forbidden, "forbidden");
    }

    [Fact]
    public async Task One_of_several_audiences_is_enough_where_the_account_stands_elsewhere()
    {
        var token = shared.Second.Token(new TokenRequest(SharedGateway.Audience)
        {
            Claims = new Dictionary<string, JsonNode?>
            {
                ["aud"] = new JsonArray("another-api", SharedGateway.Audience),
                ["tenant"] = Account,
                ["roles"] = "MTLS_READ_INTERNAL",
            },
        });
        var client = shared.Gateway.WithToken(Account, token);

        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync(client.CertificatesPath)).Status);
    }

    [Fact]
    public async Task An_issuer_speaks_for_its_own_accounts_only()
    {
        const string foreign = "le1606809";
        var token = shared.Second.Token(new TokenRequest(SharedGateway.Audience)
        {
            Claims = new Dictionary<string, JsonNode?> { ["tenant"] = foreign, ["roles"] = "MTLS_WRITE_INTERNAL" },
        });
        var client = shared.Gateway.WithToken(foreign, token);

        (await client.GetAsync(client.CertificatesPath)).IsProblem(HttpStatusCode.Unauthorized, "unauthorized");
        Assert.Equal(HttpStatusCode.OK, (await shared.Gateway.As(foreign).GetAsync(client.CertificatesPath)).Status);
    }

    private string Shaped(params string[] roles) => shared.Second.Token(new TokenRequest(SharedGateway.Audience)
    {
        Claims = new Dictionary<string, JsonNode?> { ["tenant"] = Account, ["roles"] = new JsonArray([.. roles.Select(role => JsonValue.Create(role))]) },
    });
}
