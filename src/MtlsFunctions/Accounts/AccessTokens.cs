using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace MtlsFunctions.Accounts;

/// <summary>Issues our own tokens, shaped as Sentinel's: the audience is the account.</summary>
public sealed class AccessTokens(SigningKeys keys, IOptions<AccountOptions> options, TimeProvider clock)
{
    private readonly JsonWebTokenHandler handler = new();

    /// <param name="loggedInAt">For logins: when the password was given.</param>
    public async Task<Outcome<string>> IssueAsync(
        string account, string subject, IEnumerable<string> scopes, TimeSpan lifetime, DateTimeOffset? loggedInAt, CancellationToken cancellation)
    {
        if (!(await keys.CurrentAsync(cancellation)).TryGet(out var signing, out var failure))
            return failure;
        var claims = new Dictionary<string, object>
        {
            [JwtRegisteredClaimNames.Sub] = subject,
            [JwtRegisteredClaimNames.Azp] = subject,
            [JwtRegisteredClaimNames.Jti] = Guid.NewGuid().ToString("N"),
            ["scope"] = string.Join(' ', scopes),
        };
        if (loggedInAt is { } at)
            claims[JwtRegisteredClaimNames.AuthTime] = at.ToUnixTimeSeconds();
        var now = clock.GetUtcNow();
        return handler.CreateToken(new SecurityTokenDescriptor
        {
            Issuer = options.Value.Issuer,
            Audience = account,
            Claims = claims,
            IssuedAt = now.UtcDateTime,
            NotBefore = now.UtcDateTime,
            Expires = (now + lifetime).UtcDateTime,
            SigningCredentials = signing,
        });
    }
}
