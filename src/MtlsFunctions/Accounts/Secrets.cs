using Microsoft.AspNetCore.Identity;
using MtlsFunctions.Authorization;

namespace MtlsFunctions.Accounts;

/// <summary>
/// Checks passwords and client secrets against their hashes. Failures are counted, and an unknown name costs the same work as a known
/// one, so that the answer and its work don't tell which names exist.
/// </summary>
public sealed class Secrets
{
    /// <summary>Longer ones would only cost time.</summary>
    private const int MaxLength = 1024;

    private readonly IPasswordHasher<string> hasher;
    private readonly FailedLogins failures;
    private readonly HashingQueue queue;
    private readonly AuthorizationMetrics metrics;
    private readonly string hashOfNobody;

    public Secrets(IPasswordHasher<string> hasher, FailedLogins failures, HashingQueue queue, AuthorizationMetrics metrics)
    {
        (this.hasher, this.failures, this.queue, this.metrics) = (hasher, failures, queue, metrics);
        hashOfNobody = hasher.HashPassword("", Guid.NewGuid().ToString());
    }

    /// <summary>For configuration: the hash of a password or secret, salted.</summary>
    public static string Hash(string secret) => new PasswordHasher<string>().HashPassword("", secret);

    /// <param name="name">Whose failures are counted: account and login name or client id.</param>
    /// <param name="network">Where the attempt comes from.</param>
    /// <param name="hash">Null for a name that doesn't exist.</param>
    /// <returns>Why it is refused; null when the secret is right.</returns>
    public async Task<Failure?> RefuseAsync(string name, string network, string? hash, string? secret, CancellationToken cancellation)
    {
        if (failures.Refuse(name, network) is { } throttled)
            return Throttled(throttled);
        if (secret is null or { Length: > MaxLength })
            return Wrong();
        using var turn = await queue.EnterAsync(network, known: hash is not null, cancellation);
        if (turn is null)
            return new Failure(FailureKind.Busy, "Too many logins at once: try again when Retry-After is over.");
        // Others of the same name may have failed while this one waited.
        if (failures.Refuse(name, network) is { } meanwhile)
            return Throttled(meanwhile);
        if (hasher.VerifyHashedPassword("", hash ?? hashOfNobody, secret) == PasswordVerificationResult.Failed || hash is null)
        {
            failures.Failed(name, network);
            return Wrong();
        }

        failures.Succeeded(name, network);
        return null;
    }

    private Failure Throttled(Failure failure)
    {
        metrics.LoginThrottled();
        return failure;
    }

    private static Failure Wrong() => new(FailureKind.LoginFailed, "Check the account, the name and the password or secret.");
}
