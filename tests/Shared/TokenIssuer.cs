using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace MtlsFunctions.Shared;

/// <summary>
/// A small OpenID Connect issuer over plain HTTP, with Sentinel's claims: <c>aud</c> is the account, <c>scope</c> is separated by spaces.
/// It counts who asks for its metadata and keys, changes keys on request, and can be down.
/// </summary>
public sealed class TokenIssuer : IAsyncDisposable
{
    private readonly TimeProvider clock;
    private LoopbackKestrel? kestrel;
    private volatile RsaSecurityKey current = NewKey();
    private int metadataRequests;
    private int keyRequests;

    private TokenIssuer(TimeProvider clock) => this.clock = clock;

    public string Issuer => $"http://127.0.0.1:{kestrel!.Port}";

    public string MetadataUrl => $"{Issuer}/.well-known/openid-configuration";

    public int MetadataRequests => Volatile.Read(ref metadataRequests);

    public int KeyRequests => Volatile.Read(ref keyRequests);

    /// <summary>True: answers 503 (and counts the question).</summary>
    public bool Down { get; set; }

    public string KeyId => current.KeyId;

    /// <param name="clock">Dates the tokens. Default: the system's.</param>
    public static async Task<TokenIssuer> StartAsync(TimeProvider? clock = null)
    {
        var issuer = new TokenIssuer(clock ?? TimeProvider.System);
        issuer.kestrel = await LoopbackKestrel.StartAsync(issuer.Answer);
        return issuer;
    }

    /// <summary>From now on another key signs, under a new id, and it alone is published.</summary>
    public void RotateKeys() => current = NewKey();

    /// <param name="permissions">Become the scope.</param>
    public string Token(string accountId, params string[] permissions) => Token(new TokenRequest(accountId, permissions));

    public string Token(TokenRequest request) => Sign(request, current);

    /// <summary>The algorithm "none" and no signature.</summary>
    public string UnsignedToken(TokenRequest request) => Handler().CreateToken(Claims(request));

    /// <summary>Says that the issuer's own key signed it, but another one did.</summary>
    public string TokenSignedByStranger(TokenRequest request) =>
        Sign(request with { KeyId = request.KeyId ?? KeyId }, NewKey());

    public ValueTask DisposeAsync() => kestrel!.DisposeAsync();

    private static RsaSecurityKey NewKey() =>
        new(RSA.Create(2048)) { KeyId = "key-" + RandomNumberGenerator.GetHexString(8, lowercase: true) };

    // Otherwise it would add times of the system's clock.
    private static JsonWebTokenHandler Handler() => new() { SetDefaultTimesOnTokenCreation = false };

    private string Sign(TokenRequest request, RsaSecurityKey key)
    {
        var signingKey = new RsaSecurityKey(key.Rsa) { KeyId = request.KeyId ?? key.KeyId };
        return Handler().CreateToken(Claims(request), new SigningCredentials(signingKey, SecurityAlgorithms.RsaSha256), request.Header);
    }

    private string Claims(TokenRequest request)
    {
        var now = clock.GetUtcNow();
        var claims = new JsonObject
        {
            ["iss"] = request.Issuer ?? Issuer,
            ["aud"] = request.AccountId,
            ["azp"] = $"client-of-{request.AccountId}",
            ["scope"] = string.Join(' ', request.Permissions),
            ["iat"] = now.ToUnixTimeSeconds(),
            ["exp"] = (request.Expires ?? now.AddHours(1)).ToUnixTimeSeconds(),
            ["jti"] = RandomNumberGenerator.GetHexString(16, lowercase: true),
        };
        if (request.NotBefore is { } notBefore)
            claims["nbf"] = notBefore.ToUnixTimeSeconds();
        foreach (var (name, value) in request.Claims)
            if (value is null)
                claims.Remove(name);
            else
                claims[name] = value.DeepClone();
        return claims.ToJsonString();
    }

    private Task Answer(HttpContext context)
    {
        JsonObject? answer = null;
        if (context.Request.Path == "/.well-known/openid-configuration")
        {
            Interlocked.Increment(ref metadataRequests);
            answer = new() { ["issuer"] = Issuer, ["jwks_uri"] = $"{Issuer}/jwks" };
        }
        else if (context.Request.Path == "/jwks")
        {
            Interlocked.Increment(ref keyRequests);
            answer = new() { ["keys"] = new JsonArray(PublicKey()) };
        }

        context.Response.StatusCode = Down ? 503 : answer is null ? 404 : 200;
        return context.Response.StatusCode == 200 ? context.Response.WriteAsJsonAsync(answer) : Task.CompletedTask;
    }

    private JsonObject PublicKey()
    {
        var key = current;
        var parts = key.Rsa.ExportParameters(includePrivateParameters: false);
        return new()
        {
            ["kty"] = "RSA",
            ["use"] = "sig",
            ["alg"] = "RS256",
            ["kid"] = key.KeyId,
            ["n"] = Base64UrlEncoder.Encode(parts.Modulus),
            ["e"] = Base64UrlEncoder.Encode(parts.Exponent),
        };
    }
}
