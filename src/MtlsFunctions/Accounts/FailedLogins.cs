using System.Threading.RateLimiting;
using MtlsFunctions.Authorization;

namespace MtlsFunctions.Accounts;

/// <summary>
/// Failures to log in, per instance: of a name from one network, and, more of them, of a name from everywhere, so that many networks
/// together can't guess either. A network from which a name has logged in before is held to its own failures only: strangers can't
/// lock out the owner.
/// </summary>
public sealed class FailedLogins(IOptions<AccountOptions> options, TimeProvider? clock = null) : IDisposable
{
    private static readonly TimeSpan OwnersNetworkLifetime = TimeSpan.FromDays(30);

    private readonly BoundedRateLimiter fromNetwork = new(PerMinute(options.Value.AttemptsPerMinute));
    private readonly BoundedRateLimiter fromEverywhere = new(PerMinute(options.Value.AttemptsPerMinuteFromEverywhere));

    // Only a right secret makes an entry.
    private readonly FairCache<string, LoggedIn> ownersNetworks = new(100_000);
    private readonly TimeProvider clock = clock ?? TimeProvider.System;

    /// <returns><see cref="FailureKind.Throttled"/> while there were too many; null when another attempt may be made.</returns>
    public Failure? Refuse(string name, string network) =>
        fromNetwork.RefuseNext(Pair(name, network)) ?? (IsOwners(name, network) ? null : fromEverywhere.RefuseNext(name));

    public void Failed(string name, string network)
    {
        fromNetwork.Refuse(Pair(name, network));
        fromEverywhere.Refuse(name);
    }

    public void Succeeded(string name, string network) =>
        ownersNetworks.Set(Pair(name, network), name, new LoggedIn(clock.GetUtcNow()));

    public void Dispose()
    {
        fromNetwork.Dispose();
        fromEverywhere.Dispose();
    }

    private bool IsOwners(string name, string network) =>
        ownersNetworks.Find(Pair(name, network)) is { } last && clock.GetUtcNow() - last.At < OwnersNetworkLifetime;

    // No network has a line end in it, so no pair can be written in two ways.
    private static string Pair(string name, string network) => $"{network}\n{name}";

    private static TokenBucketRateLimiterOptions PerMinute(int failures) => new()
    {
        TokenLimit = failures,
        TokensPerPeriod = failures,
        ReplenishmentPeriod = TimeSpan.FromMinutes(1),
    };

    private sealed record LoggedIn(DateTimeOffset At);
}
