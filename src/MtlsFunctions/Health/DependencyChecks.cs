using MtlsFunctions.Authorization;
using MtlsFunctions.CertificateVaults;
using MtlsFunctions.Storage;

namespace MtlsFunctions.Health;

/// <summary>Looks at everything that this app depends on, all at once, 5 seconds at most. What was found is told again for a while.</summary>
public sealed partial class DependencyChecks(
    AccountTable table, ICertificateVault vault, BearerTokens tokens, IOptions<HealthOptions> options, TimeProvider clock, ILogger<DependencyChecks> log)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly Lock sync = new();
    private Task<DependencyCheck[]>? latest;
    private long latestSince;

    /// <summary>Whoever asks while everything is being looked at gets the same answer.</summary>
    public Task<DependencyCheck[]> LatestAsync(CancellationToken cancellation)
    {
        lock (sync)
        {
            if (latest is null || (latest.IsCompleted && clock.GetElapsedTime(latestSince) >= options.Value.CacheTime))
                (latest, latestSince) = (RunAsync(), clock.GetTimestamp());
            return latest.WaitAsync(cancellation);
        }
    }

    private Task<DependencyCheck[]> RunAsync() => Task.WhenAll(
    [
        CheckAsync("table", vital: true, async token => await table.RevisionAsync(AccountId.Gateway, token) is not null),
        CheckAsync("vault", vital: true, vault.IsReachableAsync),
        .. tokens.Issuers.Select(issuer => CheckAsync($"issuer {issuer.Name}", vital: false, issuer.IsReachableAsync)),
    ]);

    private async Task<DependencyCheck> CheckAsync(string name, bool vital, Func<CancellationToken, Task<bool>> look)
    {
        using var patience = new CancellationTokenSource(Patience, clock);
        var started = clock.GetTimestamp();
        var isUp = false;
        try
        {
            isUp = await look(patience.Token);
        }
        catch (Exception fault)
        {
            // Whatever it is, the answer is "down"; the operator finds the cause here.
            LogDown(fault, name);
        }

        return new DependencyCheck(name, vital, isUp, clock.GetElapsedTime(started));
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The health check finds {Name} down")]
    private partial void LogDown(Exception fault, string name);
}

/// <param name="Vital">Without it nothing can be managed.</param>
public sealed record DependencyCheck(string Name, bool Vital, bool IsUp, TimeSpan Elapsed)
{
    /// <summary>Whether the gateway can serve with what was found.</summary>
    public static bool Serve(IEnumerable<DependencyCheck> found) => found.All(check => check.IsUp || !check.Vital);
}
