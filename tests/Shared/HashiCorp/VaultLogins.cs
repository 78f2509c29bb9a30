using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace MtlsFunctions.Shared.HashiCorp;

/// <summary>One enabled login method: <c>approle</c> or <c>jwt</c>, by the kind it was enabled as.</summary>
internal sealed class VaultLogins(string kind, string mount, VaultNamespace home, VaultTokens tokens, VaultDialect dialect, TimeProvider clock)
{
    private readonly Dictionary<string, VaultRole> roles = new(StringComparer.Ordinal);
    private JsonObject config = [];

    public async Task<VaultReply> LoginAsync(VaultRequest request) => kind == "approle" ? LoginWithSecretId(request) : await LoginWithJwtAsync(request);

    /// <param name="rest">Behind the mount.</param>
    public VaultReply Configure(VaultRequest request, string rest) => (request.Method, rest.Split('/')) switch
    {
        ("POST" or "PUT", ["config"]) => SetConfig(request),
        ("POST" or "PUT", ["role", var name]) => SetRole(request, name),
        ("GET", ["role", var name, "role-id"]) when roles.TryGetValue(name, out var role) => VaultReply.Data(new JsonObject { ["role_id"] = role.RoleId }),
        ("POST" or "PUT", ["role", var name, "secret-id"]) when roles.TryGetValue(name, out var role) => NewSecretId(role),
        _ => VaultReply.NotFound,
    };

    private VaultReply SetConfig(VaultRequest request)
    {
        config = request.Body!.DeepClone().AsObject();
        return VaultReply.NoContent;
    }

    private VaultReply SetRole(VaultRequest request, string name)
    {
        roles[name] = new VaultRole(request);
        return kind == "jwt" && dialect == VaultDialect.Vault18 ? VaultReply.Data(null) : VaultReply.NoContent;
    }

    private VaultReply NewSecretId(VaultRole role)
    {
        var secretId = Guid.NewGuid().ToString();
        role.SecretIds[secretId] = 0;
        var data = new JsonObject { ["secret_id"] = secretId, ["secret_id_accessor"] = Guid.NewGuid().ToString() };
        if (dialect == VaultDialect.OpenBao26)
            data["secret_id_num_uses"] = role.SecretIdNumUses;
        data["secret_id_ttl"] = (int)role.SecretIdTtl.TotalSeconds;
        return VaultReply.Data(data);
    }

    private VaultReply LoginWithSecretId(VaultRequest request)
    {
        var (name, role) = roles.FirstOrDefault(one => one.Value.RoleId == request.Text("role_id"));
        if (role is { BindsSecretId: false })
            return tokens.Issue(home, role, $"auth/{mount}/login", new JsonObject { ["role_name"] = name });
        if (request.Text("secret_id").Length == 0)
            return VaultReply.Error(400, "missing secret_id");
        if (role is null || !role.TakesSecretId(request.Text("secret_id")))
            return VaultReply.Error(400, dialect == VaultDialect.OpenBao26 ? "invalid role or secret ID" : role is null ? "invalid role ID" : "invalid secret id");
        return tokens.Issue(home, role, $"auth/{mount}/login", new JsonObject { ["role_name"] = name });
    }

    private async Task<VaultReply> LoginWithJwtAsync(VaultRequest request)
    {
        if (!roles.TryGetValue(request.Text("role"), out var role))
            return VaultReply.Error(400, $"role \"{request.Text("role")}\" could not be found");
        var result = await new JsonWebTokenHandler().ValidateTokenAsync(request.Text("jwt"), new TokenValidationParameters
        {
            ValidIssuer = config["bound_issuer"]?.GetValue<string>(),
            ValidAudiences = role.Audiences,
            IssuerSigningKeys = config["jwt_validation_pubkeys"]!.AsArray().Select(pem => PublicKey(pem!.GetValue<string>())),
            LifetimeValidator = (notBefore, expires, _, _) => IsNow(notBefore, expires),
        });
        return result switch
        {
            { IsValid: true } => tokens.Issue(home, role, $"auth/{mount}/login", new JsonObject { ["role"] = request.Text("role") }),
            { Exception: SecurityTokenInvalidAudienceException } => VaultReply.Error(
                400, "error validating token: invalid audience (aud) claim: audience claim does not match any expected audience"),
            _ => VaultReply.Error(400, "error validating token: error verifying token"),
        };
    }

    private bool IsNow(DateTime? notBefore, DateTime? expires) =>
        (notBefore is null || notBefore <= clock.GetUtcNow().UtcDateTime) && expires > clock.GetUtcNow().UtcDateTime;

    private static AsymmetricSecurityKey PublicKey(string pem)
    {
        var elliptic = ECDsa.Create();
        try
        {
            elliptic.ImportFromPem(pem);
            return new ECDsaSecurityKey(elliptic);
        }
        catch (CryptographicException)
        {
            var rsa = RSA.Create();
            rsa.ImportFromPem(pem);
            return new RsaSecurityKey(rsa);
        }
    }
}
