using System.Threading.RateLimiting;
using Microsoft.AspNetCore.Identity;
using MtlsFunctions.Authorization;

namespace MtlsFunctions.Accounts;

/// <summary>
/// Checks passwords and client secrets against their hashes. Attempts are counted per name, and an unknown name costs the same
/// work as a known one, so that neither time nor answer tells which names exist.
/// </summary>
public sealed class Secrets : IDisposable
{
    /// <summary>Longer ones would only cost time.</summary>
    private const int MaxLength = 1024;

    private readonly IPasswordHasher<string> hasher;
    private readonly AuthorizationMetrics metrics;
    private readonly string hashOfNobody;
    private readonly BoundedRateLimiter attempts;

    // Hashing is slow on purpose: a flood of logins must not take every core.
    private readonly SemaphoreSlim hashing = new(Math.Max(1, Environment.ProcessorCount / 2));

    public Secrets(IPasswordHasher<string> hasher, IOptions<AccountOptions> options, AuthorizationMetrics metrics)
    {
        (this.hasher, this.metrics) = (hasher, metrics);
        hashOfNobody = hasher.HashPassword("", Guid.NewGuid().ToString());
        attempts = new BoundedRateLimiter(new TokenBucketRateLimiterOptions
        {
            TokenLimit = options.Value.AttemptsPerMinute,
            TokensPerPeriod = options.Value.AttemptsPerMinute,
            ReplenishmentPeriod = TimeSpan.FromMinutes(1),
        });
    }

    /// <summary>For configuration: the hash of a password or secret, salted.</summary>
    public static string Hash(string secret) => new PasswordHasher<string>().HashPassword("", secret);

    /// <param name="name">Whose attempts are counted: account and login name or client id.</param>
    /// <param name="hash">Null for a name that doesn't exist.</param>
    /// <returns>Why it is refused; null when the secret is right.</returns>
    public async Task<Failure?> RefuseAsync(string name, string? hash, string? secret, CancellationToken cancellation)
    {
        if (attempts.Refuse(name) is { } throttled)
        {
            metrics.LoginThrottled();
            return throttled;
        }

        if (secret is null or { Length: > MaxLength })
            return Wrong();
        await hashing.WaitAsync(cancellation);
        try
        {
            var right = hasher.VerifyHashedPassword("", hash ?? hashOfNobody, secret) != PasswordVerificationResult.Failed;
            return right && hash is not null ? null : Wrong();
        }
        finally
        {
            hashing.Release();
        }
    }

    public void Dispose()
    {
        attempts.Dispose();
        hashing.Dispose();
    }

    private static Failure Wrong() => new(FailureKind.LoginFailed, "Check the account, the name and the password or secret.");
}
