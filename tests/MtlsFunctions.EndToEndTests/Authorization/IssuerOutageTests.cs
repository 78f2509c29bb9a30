using System.Net;
using MtlsFunctions.Shared;

namespace MtlsFunctions.EndToEndTests.Authorization;

/// <summary>An issuer that can't be reached is neither the caller's fault nor a reason to let anybody in.</summary>
public sealed class IssuerOutageTests(AzuriteFixture azurite)
{
    private const string Account = "demo";

    private static readonly Dictionary<string, string?> RefetchAtOnce = new() { ["Authorization:Issuers:test:KeyRefetchInterval"] = "00:00:00" };

    [Fact]
    public async Task An_issuer_that_is_down_at_first_use_makes_a_503_until_it_is_back()
    {
        await using var gateway = await TestGateway.StartAsync(azurite, RefetchAtOnce);
        var client = gateway.As(Account);
        gateway.Issuer.Down = true;

        var refused = await client.GetAsync(client.CertificatesPath);
        gateway.Issuer.Down = false;
        var letIn = await client.GetAsync(client.CertificatesPath);

        refused.IsProblem(HttpStatusCode.ServiceUnavailable, "issuer-unavailable");
        Assert.True(int.Parse(refused.Header("Retry-After")!, null) > 0);
        Assert.Null(refused.Header("WWW-Authenticate"));
        Assert.Equal(HttpStatusCode.OK, letIn.Status);
    }

    [Fact]
    public async Task An_issuer_that_is_down_is_not_asked_again_by_every_request()
    {
        await using var gateway = await TestGateway.StartAsync(azurite);
        var client = gateway.As(Account);
        gateway.Issuer.Down = true;
        (await client.GetAsync(client.CertificatesPath)).IsProblem(HttpStatusCode.ServiceUnavailable, "issuer-unavailable");
        var asked = gateway.Issuer.MetadataRequests;

        for (var again = 0; again < 20; again++)
            (await client.GetAsync(client.CertificatesPath)).IsProblem(HttpStatusCode.ServiceUnavailable, "issuer-unavailable");

        Assert.Equal(asked, gateway.Issuer.MetadataRequests);
    }

    [Fact]
    public async Task Known_keys_go_on_serving_old_and_new_tokens_while_their_issuer_is_down()
    {
        await using var gateway = await TestGateway.StartAsync(azurite, RefetchAtOnce);
        var client = gateway.As(Account);
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync(client.CertificatesPath)).Status);

        gateway.Issuer.Down = true;
        var another = gateway.As(Account);
        var unknownKey = gateway.WithToken(Account, gateway.Issuer.Token(new TokenRequest(Account, "MTLS_READ_INTERNAL") { KeyId = "unknown" }));

        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync(client.CertificatesPath)).Status);
        Assert.Equal(HttpStatusCode.OK, (await another.GetAsync(client.CertificatesPath)).Status);
        (await unknownKey.GetAsync(client.CertificatesPath)).IsProblem(HttpStatusCode.Unauthorized, "unauthorized");
        Assert.Equal(HttpStatusCode.OK, (await another.GetAsync(client.CertificatesPath)).Status);
    }

    [Fact]
    public async Task A_token_of_nobody_we_trust_is_refused_without_asking_anybody()
    {
        await using var gateway = await TestGateway.StartAsync(azurite);
        gateway.Issuer.Down = true;
        var request = new TokenRequest(Account, "MTLS_READ_INTERNAL") { Issuer = "https://stranger.example" };
        var stranger = gateway.WithToken(Account, gateway.Issuer.Token(request));

        (await stranger.GetAsync(stranger.CertificatesPath)).IsProblem(HttpStatusCode.Unauthorized, "unauthorized");

        Assert.Equal(0, gateway.Issuer.MetadataRequests);
    }
}
