using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.IdentityModel.Tokens;

namespace MtlsFunctions.EndToEndTests.Authorization;

/// <summary>What somebody tries who has seen good tokens and public keys, but has no private key.</summary>
public sealed class ForgedTokenTests(SharedGateway shared) : IClassFixture<SharedGateway>
{
    private const string Account = "demo";

    private static readonly string[] ShapesOfKey = ["modulus", "spki", "pkcs1", "spki pem", "jwk"];

    public static MatrixTheoryData<string, string> HmacForgeries => new(["HS256", "HS384", "HS512"], ShapesOfKey);

    [Theory]
    [MemberData(nameof(HmacForgeries))]
    public async Task The_public_key_does_not_work_as_a_shared_secret(string algorithm, string shape)
    {
        var jwk = await PublicKeyAsync();
        var secret = Secret(jwk, shape);

        await IsRefusedAsync(Good().WithHeader("alg", algorithm).SignedBy(input => algorithm switch
        {
            "HS256" => HMACSHA256.HashData(secret, input),
            "HS384" => HMACSHA384.HashData(secret, input),
            _ => HMACSHA512.HashData(secret, input),
        }));
    }

    [Theory]
    [InlineData("none")]
    [InlineData("None")]
    [InlineData("NONE")]
    [InlineData("")]
    [InlineData("RS256")]
    public async Task A_token_without_a_signature_does_not_work_whatever_it_calls_its_algorithm(string algorithm) =>
        await IsRefusedAsync(Good().WithHeader("alg", algorithm) with { Signature = "" });

    [Fact]
    public async Task A_signature_is_good_for_the_claims_under_it_only()
    {
        var mine = ForgedToken.From(shared.Gateway.Issuer.Token("other", "MTLS_READ_INTERNAL"));

        await IsRefusedAsync(mine.WithClaim("aud", Account));
        await IsRefusedAsync(mine.WithClaim("aud", Account).WithClaim("scope", "MTLS_WRITE_INTERNAL"));
        await IsRefusedAsync(Good() with { Signature = mine.Signature });
    }

    [Fact]
    public async Task A_key_that_the_token_brings_along_is_not_used()
    {
        using var own = RSA.Create(2048);
        var jwk = JsonWebKeyConverter.ConvertFromRSASecurityKey(new RsaSecurityKey(own.ExportParameters(includePrivateParameters: false)));
        var embedded = new JsonObject { ["kty"] = "RSA", ["n"] = jwk.N, ["e"] = jwk.E };
        byte[] Sign(byte[] input) => own.SignData(input, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);

        await IsRefusedAsync(Good().WithHeader("jwk", embedded.DeepClone()).SignedBy(Sign));
        await IsRefusedAsync(Good().WithHeader("jwk", embedded).WithHeader("kid", null).SignedBy(Sign));
        await IsRefusedAsync(Good().WithHeader("jku", "https://stranger.example/jwks").WithHeader("kid", "strangers").SignedBy(Sign));
    }

    [Theory]
    [InlineData("iss")]
    [InlineData("aud")]
    [InlineData("exp")]
    [InlineData("scope")]
    public async Task A_claim_that_is_null_is_no_surprise(string claim) => await IsRefusedAsync(Good().WithClaim(claim, null));

    [Fact]
    public async Task The_token_that_these_are_made_from_works()
    {
        var client = shared.Gateway.WithToken(Account, Good().ToString());

        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync(client.CertificatesPath)).Status);
    }

    private ForgedToken Good() => ForgedToken.From(shared.Gateway.Issuer.Token(Account, "MTLS_WRITE_INTERNAL"));

    private async Task IsRefusedAsync(ForgedToken token)
    {
        var client = shared.Gateway.WithToken(Account, token.ToString());
        var answer = await client.GetAsync(client.CertificatesPath);

        answer.IsProblem(HttpStatusCode.Unauthorized, "unauthorized");
        Leaked.Nowhere(token.ToString(), answer, shared.Gateway.Log);
    }

    private async Task<JsonNode> PublicKeyAsync()
    {
        using var http = new HttpClient();
        var keys = await http.GetFromJsonAsync<JsonNode>(shared.Gateway.Issuer.Issuer + "/jwks", TestContext.Current.CancellationToken);
        return keys!["keys"]![0]!;
    }

    private static byte[] Secret(JsonNode jwk, string shape)
    {
        var modulus = Base64UrlEncoder.DecodeBytes((string)jwk["n"]!);
        using var key = RSA.Create(new RSAParameters { Modulus = modulus, Exponent = Base64UrlEncoder.DecodeBytes((string)jwk["e"]!) });
        return shape switch
        {
            "modulus" => modulus,
            "spki" => key.ExportSubjectPublicKeyInfo(),
            "pkcs1" => key.ExportRSAPublicKey(),
            "spki pem" => Encoding.ASCII.GetBytes(key.ExportSubjectPublicKeyInfoPem()),
            _ => Encoding.UTF8.GetBytes(jwk.ToJsonString()),
        };
    }
}
