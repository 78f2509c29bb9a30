using System.Security.Cryptography;
using System.Text;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace MtlsFunctions.Authorization;

/// <summary>Verifies bearer tokens (JWT) of the configured issuers. A verified one is remembered until it expires, 5 minutes at most.</summary>
public sealed partial class BearerTokens : IDisposable
{
    private const int MaxTokenBytes = 16 * 1024;

    // Asymmetric only: with a symmetric algorithm allowed, a public key could be abused as a shared secret.
    private static readonly string[] Algorithms =
    [
        SecurityAlgorithms.RsaSha256, SecurityAlgorithms.RsaSha384, SecurityAlgorithms.RsaSha512,
        SecurityAlgorithms.RsaSsaPssSha256, SecurityAlgorithms.RsaSsaPssSha384, SecurityAlgorithms.RsaSsaPssSha512,
        SecurityAlgorithms.EcdsaSha256, SecurityAlgorithms.EcdsaSha384, SecurityAlgorithms.EcdsaSha512,
    ];

    private readonly JsonWebTokenHandler handler = new() { MaximumTokenSizeInBytes = MaxTokenBytes };
    private readonly AuthorizationOptions options;
    private readonly TimeProvider clock;
    private readonly AuthorizationMetrics metrics;
    private readonly ILogger log;
    private readonly Dictionary<string, TrustedIssuer> issuers;
    private readonly FairCache<TokenHash, Verified> verified;

    /// <param name="ours">Issuers beside the configured ones: our own, where it is switched on.</param>
    public BearerTokens(
        IOptions<AuthorizationOptions> options, IHttpClientFactory http, IEnumerable<TrustedIssuer> ours, TimeProvider clock,
        AuthorizationMetrics metrics, ILogger<BearerTokens> log)
    {
        this.options = options.Value;
        this.clock = clock;
        this.metrics = metrics;
        this.log = log;
        verified = new FairCache<TokenHash, Verified>(this.options.TokenCacheSize);
        issuers = this.options.Issuers.Values
            .Select(issuer => new TrustedIssuer(issuer, new IssuerKeys(issuer, http.CreateClient(IssuerKeys.HttpClientName), clock, log), IsOurs: false))
            .Concat(ours)
            .ToDictionary(issuer => issuer.Options.Issuer, StringComparer.Ordinal);
    }

    /// <summary>The trusted issuers by their <c>iss</c>, each with a look whether its keys can be fetched.</summary>
    public IEnumerable<(string Name, Func<CancellationToken, Task<bool>> IsReachableAsync)> Issuers =>
        issuers.Select(issuer => (issuer.Key, (Func<CancellationToken, Task<bool>>)issuer.Value.Keys.IsReachableAsync));

    /// <returns>The caller; <see cref="FailureKind.Unauthorized"/> for any token that doesn't hold; <see cref="FailureKind.IssuerUnavailable"/> without keys.</returns>
    public async ValueTask<Outcome<Caller>> VerifyAsync(string token, CancellationToken cancellation)
    {
        if (token.Length > MaxTokenBytes)
            return Refuse("The token is too long.");
        var key = new TokenHash(SHA256.HashData(Encoding.UTF8.GetBytes(token)));
        if (verified.Find(key) is { } known && known.Until > clock.GetUtcNow())
        {
            metrics.TokenKnown();
            return known.Caller;
        }

        var outcome = await VerifyAfreshAsync(token, cancellation);
        if (!outcome.TryGet(out var fresh, out var failure))
        {
            metrics.TokenRefused();
            return failure;
        }

        metrics.TokenVerified();
        if (options.TokenCacheTime > TimeSpan.Zero)
            verified.Set(key, fresh.Caller.Account.Value, fresh, FairShare.WeightOf(fresh.Caller.Subject));
        return fresh.Caller;
    }

    private async ValueTask<Outcome<Verified>> VerifyAfreshAsync(string token, CancellationToken cancellation)
    {
        if (!handler.CanReadToken(token))
            return Refuse("The bearer token is not a JWT.");
        if (!TryRead(token, out var unverified) || unverified.Issuer is not { } name || !issuers.TryGetValue(name, out var issuer))
            return Refuse("The token's issuer is not trusted here.");
        // RFC 7515 section 4.1.11: what the issuer calls critical must be understood, and nothing is.
        if (unverified.TryGetHeaderValue<object>("crit", out _))
            return Refuse("The token's header names extensions (crit) that aren't understood here.");
        if (await issuer.Keys.GetAsync(cancellation) is not { } keys)
            return new Failure(FailureKind.IssuerUnavailable, "Try again in a moment; an operator should check that the issuer's metadata can be reached.");

        var result = await ValidateAsync(token, issuer, keys);
        if (result.Exception is SecurityTokenSignatureKeyNotFoundException
            && await issuer.Keys.GetNewerThanAsync(keys, cancellation) is { } newer && !ReferenceEquals(newer, keys))
            result = await ValidateAsync(token, issuer, newer);
        if (!result.IsValid)
        {
            LogRefused(result.Exception.GetType().Name, issuer.Options.Issuer);
            return Refuse(result.Exception is SecurityTokenExpiredException
                ? "The token has expired: get a new one."
                : "The token is not valid: its signature, lifetime or audience doesn't hold.");
        }

        return TokenClaims.ToCaller((JsonWebToken)result.SecurityToken, issuer) is { } caller
            ? new Verified(caller, Earlier(clock.GetUtcNow() + options.TokenCacheTime, result.SecurityToken.ValidTo))
            : Refuse($"The token's claim '{issuer.Options.AccountClaim}' doesn't name exactly one account that its issuer may speak for.");
    }

    private Task<TokenValidationResult> ValidateAsync(string token, TrustedIssuer issuer, IEnumerable<SecurityKey> keys) =>
        handler.ValidateTokenAsync(token, new TokenValidationParameters
        {
            ValidIssuer = issuer.Options.Issuer,
            ValidAudiences = issuer.Options.Audiences,
            ValidateAudience = issuer.Options.Audiences.Count > 0,
            IssuerSigningKeys = keys,
            TryAllIssuerSigningKeys = false,
            ValidAlgorithms = Algorithms,
            RequireExpirationTime = true,
            RequireSignedTokens = true,
            LifetimeValidator = (from, to, _, _) => Holds(from, to),
        });

    private bool Holds(DateTime? from, DateTime? to)
    {
        var now = clock.GetUtcNow().UtcDateTime;
        // Never moves a claim's own time, which may lie at either end of what can be said.
        if (to is null || to.Value <= now - options.ClockSkew)
            throw new SecurityTokenExpiredException();
        return from is null || from.Value <= now + options.ClockSkew;
    }

    private static bool TryRead(string token, out JsonWebToken unverified)
    {
        unverified = null!;
        try
        {
            unverified = new JsonWebToken(token);
            return true;
        }
        catch (Exception fault) when (fault is ArgumentException or SecurityTokenMalformedException)
        {
            return false;
        }
    }

    private static Failure Refuse(string why) => new(FailureKind.Unauthorized, why);

    private static DateTimeOffset Earlier(DateTimeOffset one, DateTime exp) => one < exp ? one : new DateTimeOffset(exp, TimeSpan.Zero);

    public void Dispose()
    {
        foreach (var issuer in issuers.Values)
            (issuer.Keys as IDisposable)?.Dispose();
    }

    private sealed record Verified(Caller Caller, DateTimeOffset Until);

    [LoggerMessage(Level = LogLevel.Information, Message = "Refused a bearer token of {Issuer}: {Reason}")]
    private partial void LogRefused(string reason, string issuer);
}
