using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Microsoft.IdentityModel.Tokens;
using MtlsFunctions.Shared;

namespace MtlsFunctions.EndToEndTests.SelfService;

/// <summary>
/// Where people sign in: authorization code with PKCE for one public client. Its page signs everybody in at once, and it checks
/// what an issuer checks. The access tokens are those of an issuer that the gateway trusts.
/// </summary>
public sealed class PkceIssuer : IAsyncDisposable
{
    public const string ClientId = "mtls-console";

    private readonly TokenIssuer tokens;
    private readonly ConcurrentDictionary<string, (string Challenge, string Nonce, string RedirectUri)> codes = new();
    private LoopbackKestrel? kestrel;

    private PkceIssuer(TokenIssuer tokens) => this.tokens = tokens;

    public string Authority => $"http://127.0.0.1:{kestrel!.Port}/tenant";

    /// <summary>The account that the next access token is for.</summary>
    public string Account { get; set; } = "";

    /// <summary>Replaces a parameter of the next redirect, or the nonce of the next identity token.</summary>
    public (string Name, string Value)? Forge { get; set; }

    /// <summary>What the token endpoint was asked last.</summary>
    public IFormCollection? Redeemed { get; private set; }

    public static async Task<PkceIssuer> StartAsync(TokenIssuer tokens)
    {
        var issuer = new PkceIssuer(tokens);
        issuer.kestrel = await LoopbackKestrel.StartAsync(issuer.AnswerAsync);
        return issuer;
    }

    public ValueTask DisposeAsync() => kestrel!.DisposeAsync();

    private Task AnswerAsync(HttpContext context)
    {
        context.Response.Headers.AccessControlAllowOrigin = "*";
        return context.Request.Path.Value switch
        {
            "/tenant/.well-known/openid-configuration" => context.Response.WriteAsJsonAsync(new JsonObject
            {
                ["issuer"] = Authority,
                ["authorization_endpoint"] = Authority + "/authorize",
                ["token_endpoint"] = Authority + "/token",
            }),
            "/tenant/authorize" => Authorize(context),
            "/tenant/token" => RedeemAsync(context),
            _ => Refuse(context, "not_found"),
        };
    }

    private Task Authorize(HttpContext context)
    {
        var asked = context.Request.Query;
        if (asked["client_id"] != ClientId || asked["code_challenge_method"] != "S256" || asked["response_type"] != "code")
            return Refuse(context, "invalid_request");
        var code = RandomNumberGenerator.GetHexString(32);
        codes[code] = ($"{asked["code_challenge"]}", $"{asked["nonce"]}", $"{asked["redirect_uri"]}");
        var state = Forge is { Name: "state" } forged ? forged.Value : $"{asked["state"]}";
        context.Response.Redirect($"{asked["redirect_uri"]}#code={code}&state={Uri.EscapeDataString(state)}");
        return Task.CompletedTask;
    }

    private async Task RedeemAsync(HttpContext context)
    {
        Redeemed = await context.Request.ReadFormAsync(context.RequestAborted);
        var challenge = Base64UrlEncoder.Encode(SHA256.HashData(Encoding.ASCII.GetBytes($"{Redeemed["code_verifier"]}")));
        if (!codes.TryRemove($"{Redeemed["code"]}", out var kept) || kept.Challenge != challenge || kept.RedirectUri != Redeemed["redirect_uri"])
        {
            await Refuse(context, "invalid_grant");
            return;
        }

        var nonce = Forge is { Name: "nonce" } forged ? forged.Value : kept.Nonce;
        await context.Response.WriteAsJsonAsync(new JsonObject
        {
            ["token_type"] = "Bearer",
            ["expires_in"] = 3600,
            ["access_token"] = tokens.Token(Account, "MTLS_WRITE_INTERNAL"),
            ["id_token"] = tokens.Token(new TokenRequest(ClientId)
            {
                Issuer = Authority,
                Claims = new Dictionary<string, JsonNode?> { ["nonce"] = nonce, ["sub"] = "42", ["preferred_username"] = "ann@example.com" },
            }),
        });
    }

    private static Task Refuse(HttpContext context, string error)
    {
        context.Response.StatusCode = StatusCodes.Status400BadRequest;
        return context.Response.WriteAsJsonAsync(new { error });
    }
}
