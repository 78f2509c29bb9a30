using MtlsFunctions.Authorization;
using MtlsFunctions.CertificateVaults;
using MtlsFunctions.Storage;

namespace MtlsFunctions.Health;

/// <summary>Looks at everything that this app depends on, all at once, a few seconds at most.</summary>
public sealed partial class DependencyChecks(
    AccountTable table, ICertificateVault vault, BearerTokens tokens, TimeProvider clock, ILogger<DependencyChecks> log)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    public Task<DependencyCheck[]> RunAsync(AccountId account, CancellationToken cancellation) => Task.WhenAll(
    [
        CheckAsync("table", vital: true, async token => await table.RevisionAsync(account, token) is not null, cancellation),
        CheckAsync("vault", vital: true, vault.IsReachableAsync, cancellation),
        .. tokens.Issuers.Select(issuer => CheckAsync($"issuer {issuer.Name}", vital: false, issuer.IsReachableAsync, cancellation)),
    ]);

    private async Task<DependencyCheck> CheckAsync(string name, bool vital, Func<CancellationToken, Task<bool>> look, CancellationToken cancellation)
    {
        using var patience = new CancellationTokenSource(Patience, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellation, patience.Token);
        var started = clock.GetTimestamp();
        var isUp = false;
        try
        {
            isUp = await look(either.Token);
        }
        catch (Exception fault) when (!cancellation.IsCancellationRequested)
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
public sealed record DependencyCheck(string Name, bool Vital, bool IsUp, TimeSpan Elapsed);
