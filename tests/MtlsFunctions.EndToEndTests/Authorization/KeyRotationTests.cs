using System.Net;
using System.Text.Json.Nodes;
using MtlsFunctions.Shared;

namespace MtlsFunctions.EndToEndTests.Authorization;

/// <summary>The issuer changes its keys when it likes, and nobody has to tell the gateway.</summary>
public sealed class KeyRotationTests(AzuriteFixture azurite)
{
    private const string Account = "demo";
    private const string RefetchInterval = "Authorization:Issuers:test:KeyRefetchInterval";

    private static readonly Dictionary<string, string?> RefetchAtOnce = new() { [RefetchInterval] = "00:00:00" };

    [Fact]
    public async Task A_token_under_a_new_key_works_at_once()
    {
        await using var gateway = await TestGateway.StartAsync(azurite, RefetchAtOnce);
        Assert.Equal(HttpStatusCode.OK, await ListAsync(gateway, gateway.Issuer.Token(Account, "MTLS_READ_INTERNAL")));

        for (var rotation = 1; rotation <= 3; rotation++)
        {
            gateway.Issuer.RotateKeys();
            Assert.Equal(HttpStatusCode.OK, await ListAsync(gateway, gateway.Issuer.Token(Account, "MTLS_READ_INTERNAL")));
            Assert.Equal(1 + rotation, gateway.Issuer.KeyRequests);
        }
    }

    [Fact]
    public async Task A_verified_token_outlives_its_key_and_another_one_of_that_key_does_not_work()
    {
        await using var gateway = await TestGateway.StartAsync(azurite, RefetchAtOnce);
        var verified = gateway.Issuer.Token(Account, "MTLS_READ_INTERNAL");
        var neverSeen = gateway.Issuer.Token(Account, "MTLS_READ_INTERNAL");
        Assert.Equal(HttpStatusCode.OK, await ListAsync(gateway, verified));

        gateway.Issuer.RotateKeys();
        Assert.Equal(HttpStatusCode.OK, await ListAsync(gateway, gateway.Issuer.Token(Account, "MTLS_READ_INTERNAL")));

        // The old key is gone, so verifying afresh fails: a token that still works was not verified again.
        Assert.Equal(HttpStatusCode.Unauthorized, await ListAsync(gateway, neverSeen));
        Assert.Equal(HttpStatusCode.OK, await ListAsync(gateway, verified));
    }

    [Fact]
    public async Task A_flood_of_unknown_key_ids_hardly_reaches_the_issuer_and_hurts_nobody_else()
    {
        await using var gateway = await TestGateway.StartAsync(azurite);
        var good = gateway.Issuer.Token(Account, "MTLS_READ_INTERNAL");
        Assert.Equal(HttpStatusCode.OK, await ListAsync(gateway, good));
        var flood = Enumerable.Range(0, 200)
            .Select(at => gateway.Issuer.Token(new TokenRequest(Account, "MTLS_READ_INTERNAL") { KeyId = $"unknown-{at}" }))
            .ToArray();

        var answers = new HttpStatusCode[flood.Length];
        await Parallel.ForAsync(0, flood.Length, TestContext.Current.CancellationToken, async (at, _) => answers[at] = await ListAsync(gateway, flood[at]));

        Assert.All(answers, answer => Assert.Equal(HttpStatusCode.Unauthorized, answer));
        Assert.InRange(gateway.Issuer.KeyRequests, 1, 2);
        Assert.InRange(gateway.Issuer.MetadataRequests, 1, 2);
        Assert.Equal(HttpStatusCode.OK, await ListAsync(gateway, good));
        Assert.Equal(HttpStatusCode.OK, await ListAsync(gateway, gateway.Issuer.Token(Account, "MTLS_READ_INTERNAL")));
    }

    [Fact]
    public async Task Many_first_callers_at_once_fetch_the_keys_once()
    {
        await using var gateway = await TestGateway.StartAsync(azurite, RefetchAtOnce);

        var answers = await Task.WhenAll(Enumerable.Range(0, 20)
            .Select(at => ListAsync(gateway, gateway.Issuer.Token(new TokenRequest(Account, "MTLS_READ_INTERNAL")
            {
                Claims = new Dictionary<string, JsonNode?> { ["sub"] = $"caller {at}" },
            }))));

        Assert.All(answers, answer => Assert.Equal(HttpStatusCode.OK, answer));
        Assert.Equal((1, 1), (gateway.Issuer.MetadataRequests, gateway.Issuer.KeyRequests));
    }

    private static async Task<HttpStatusCode> ListAsync(TestGateway gateway, string token)
    {
        var client = gateway.WithToken(Account, token);
        return (await client.GetAsync(client.CertificatesPath)).Status;
    }
}
