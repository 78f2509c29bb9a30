using Microsoft.IdentityModel.JsonWebTokens;

namespace MtlsFunctions.Authorization;

/// <summary>From a verified token's claims to a caller, by the names that the issuer's options give.</summary>
internal static class TokenClaims
{
    /// <returns>
    /// Null unless the account claim names exactly one legal account, and one that this issuer may speak for: with two, nobody could say for
    /// whom the call is.
    /// </returns>
    public static Caller? ToCaller(JsonWebToken token, TrustedIssuer trusted)
    {
        var issuer = trusted.Options;
        var accounts = Values(token, issuer.AccountClaim).Distinct(StringComparer.Ordinal).ToArray();
        if (accounts.Length != 1 || AccountId.FromCredential(accounts[0]) is not { } account
            || !IssuerAccounts.Allow(issuer.Accounts, account, claim => Values(token, claim)))
            return null;
        var permissions = Values(token, issuer.PermissionClaim)
            .SelectMany(value => value.Split(' ', StringSplitOptions.RemoveEmptyEntries));
        return new Caller(account, Permissions.Parse(permissions), Subject(token)) { Session = trusted.IsOurs ? SessionOf(token) : null };
    }

    private static LoginSession? SessionOf(JsonWebToken token) =>
        token.TryGetPayloadValue<long>(JwtRegisteredClaimNames.AuthTime, out var seconds)
            ? new LoginSession(token.Subject, DateTimeOffset.FromUnixTimeSeconds(seconds))
            : null;

    private static IEnumerable<string> Values(JsonWebToken token, string claim) =>
        claim == JwtRegisteredClaimNames.Aud
            ? token.Audiences
            : token.Claims.Where(found => found.Type == claim).Select(found => found.Value);

    private static string Subject(JsonWebToken token) =>
        token.Subject is { Length: > 0 } subject ? subject
        : token.TryGetPayloadValue<string>(JwtRegisteredClaimNames.Azp, out var client) ? client
        : "unknown";
}
