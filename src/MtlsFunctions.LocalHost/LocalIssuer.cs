using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using MtlsFunctions.CertificateVaults.Local;

namespace MtlsFunctions.LocalHost;

/// <summary>A small OpenID Connect issuer for LocalHost's own accounts. Its key is kept in the data folder, so tokens survive a restart.</summary>
public sealed class LocalIssuer : IAsyncDisposable
{
    /// <summary>Doesn't name the port, which changes with every start.</summary>
    public const string Name = "urn:mtlsfunctions:localhost";

    private static readonly TimeSpan TokenLifetime = TimeSpan.FromDays(7);

    private readonly WebApplication app;
    private readonly RSA key;
    private readonly SigningCredentials signing;
    private readonly TimeProvider clock;

    private LocalIssuer(WebApplication app, RSA key, SigningCredentials signing, TimeProvider clock) =>
        (this.app, this.key, this.signing, this.clock) = (app, key, signing, clock);

    public string MetadataAddress { get; private set; } = "";

    public static async Task<LocalIssuer> StartAsync(string folder, TimeProvider clock, CancellationToken cancellation)
    {
        var key = await OpenKeyAsync(folder, cancellation);
        var parameters = key.ExportParameters(includePrivateParameters: false);
        var jwk = new { kty = "RSA", use = "sig", alg = "RS256", kid = KeyId(parameters), n = Base64UrlEncoder.Encode(parameters.Modulus), e = Base64UrlEncoder.Encode(parameters.Exponent) };

        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrel().UseUrls("http://127.0.0.1:0");
        builder.Services.AddRoutingCore();
        var app = builder.Build();
        string Here(string path) => app.Services.GetRequiredService<IServer>().Features.GetRequiredFeature<IServerAddressesFeature>().Addresses.First() + path;
        app.MapGet("/.well-known/openid-configuration", context => Json(context, new { issuer = Name, jwks_uri = Here("/jwks") }));
        app.MapGet("/jwks", context => Json(context, new { keys = new[] { jwk } }));
        await app.StartAsync(cancellation);

        var signing = new SigningCredentials(new RsaSecurityKey(key) { KeyId = jwk.kid }, SecurityAlgorithms.RsaSha256);
        return new LocalIssuer(app, key, signing, clock) { MetadataAddress = Here("/.well-known/openid-configuration") };
    }

    /// <summary>A token as Sentinel shapes them: the audience is the account.</summary>
    public string Token(string account, params string[] permissions) => new JsonWebTokenHandler().CreateToken(new SecurityTokenDescriptor
    {
        Issuer = Name,
        Audience = account,
        Claims = new Dictionary<string, object> { ["azp"] = "localhost", ["scope"] = string.Join(' ', permissions) },
        IssuedAt = clock.GetUtcNow().UtcDateTime,
        NotBefore = clock.GetUtcNow().UtcDateTime,
        Expires = (clock.GetUtcNow() + TokenLifetime).UtcDateTime,
        SigningCredentials = signing,
    });

    public async ValueTask DisposeAsync()
    {
        await app.DisposeAsync();
        key.Dispose();
    }

    private static async Task<RSA> OpenKeyAsync(string folder, CancellationToken cancellation)
    {
        PrivateFiles.CreateFolder(folder);
        var path = Path.Combine(folder, "key.pkcs8");
        var key = RSA.Create(2048);
        if (File.Exists(path))
            key.ImportPkcs8PrivateKey(await File.ReadAllBytesAsync(path, cancellation), out _);
        else
            await PrivateFiles.ReplaceAsync(path, key.ExportPkcs8PrivateKey(), cancellation);
        return key;
    }

    private static string KeyId(RSAParameters key) => Convert.ToHexStringLower(SHA256.HashData(key.Modulus!))[..16];

    private static Task Json<T>(HttpContext context, T value) => context.Response.WriteAsJsonAsync(value, JsonSerializerOptions.Web, context.RequestAborted);
}
