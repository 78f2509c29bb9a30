namespace MtlsFunctions.CertificateVaults.HashiCorp;

/// <summary>
/// The token that all calls share. However many need a new one, one login is under way; a timer renews it at two thirds of its
/// life; one that can't be renewed is replaced by a login when it is next needed.
/// </summary>
internal sealed partial class VaultSession(
    VaultLogin login, VaultHttp http, IOptions<HashiCorpVaultOptions> options, TimeProvider clock, ILogger<VaultSession> log) : IDisposable
{
    /// <summary>A token, or a refused login, that is younger than this is believed: some vaults lock out who tries too often.</summary>
    public static readonly TimeSpan BelievedFor = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan ShortestWait = TimeSpan.FromSeconds(1);

    // Timers don't go much further; a renewal that comes early does no harm.
    private static readonly TimeSpan LongestWait = TimeSpan.FromDays(30);

    private readonly Lock gate = new();
    private readonly CancellationTokenSource ending = new();
    private VaultToken? current;
    private Task<Outcome<VaultToken>>? underWay;
    private (Failure Failure, DateTimeOffset At)? refused;
    private ITimer? renewal;

    /// <returns><see cref="FailureKind.VaultRefused"/> when the login is, <see cref="FailureKind.VaultUnavailable"/> when it can't be tried.</returns>
    public async Task<Outcome<VaultToken>> GetAsync(CancellationToken cancellation)
    {
        Task<Outcome<VaultToken>> loggingIn;
        lock (gate)
        {
            if (current is { } token && clock.GetUtcNow() < token.UsableUntil)
                return token;
            if (refused is { } answer && clock.GetUtcNow() - answer.At < BelievedFor)
                return answer.Failure;
            loggingIn = underWay ??= Task.Run(LogInAsync);
        }

        return await loggingIn.WaitAsync(cancellation);
    }

    /// <summary>
    /// A token for one that the vault answered with 403, which can mean that it is gone or that it may not. The same one when it
    /// was given out so lately that only the second is likely.
    /// </summary>
    public Task<Outcome<VaultToken>> ReplaceAsync(VaultToken denied, CancellationToken cancellation)
    {
        lock (gate)
        {
            if (current?.Value == denied.Value && clock.GetUtcNow() - denied.Obtained >= BelievedFor)
                current = null;
        }

        return GetAsync(cancellation);
    }

    /// <summary>The token was good for a call.</summary>
    public void Proved(VaultToken token)
    {
        lock (gate)
        {
            if (current is not { IsUnproved: true } || current.Value != token.Value)
                return;
            current = current with { IsUnproved = false };
        }

        LogUnknownLife();
    }

    public void Dispose()
    {
        ending.Cancel();
        ending.Dispose();
        renewal?.Dispose();
    }

    // For everybody who waits, so one caller's leaving doesn't end it.
    private async Task<Outcome<VaultToken>> LogInAsync()
    {
        Outcome<VaultToken> outcome = VaultHttp.Unavailable;
        try
        {
            using var patience = new CancellationTokenSource(options.Value.Timeout, clock);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, ending.Token);
            outcome = await login.LogInAsync(either.Token);
        }
        catch (OperationCanceledException)
        {
            // Too slow, or the app ends.
        }
        finally
        {
            lock (gate)
            {
                Use(outcome.TryGet(out var token, out var failure) ? token : null);
                refused = failure?.Kind == FailureKind.VaultRefused ? (failure, clock.GetUtcNow()) : null;
                underWay = null;
            }
        }

        return outcome;
    }

    private void Use(VaultToken? token)
    {
        current = token;
        if (token is { IsRenewable: true })
            RenewIn(token, token.Lease * 2 / 3);
    }

    private void RenewIn(VaultToken token, TimeSpan wait)
    {
        renewal?.Dispose();
        renewal = wait < ShortestWait || ending.IsCancellationRequested
            ? null
            : clock.CreateTimer(_ => _ = RenewAsync(token), state: null, wait < LongestWait ? wait : LongestWait, Timeout.InfiniteTimeSpan);
    }

    private async Task RenewAsync(VaultToken token)
    {
        try
        {
            var asked = clock.GetUtcNow();
            var posted = await http.PostAsync("auth/token/renew-self", new NoFields(), VaultJson.Default.NoFields, token.Value, ending.Token);
            lock (gate)
            {
                // A login came first.
                if (current != token)
                    return;
                if (posted.TryGet(out var answer, out _))
                {
                    Use(Renewed(token, asked, answer));
                    return;
                }

                var half = (token.Expires - clock.GetUtcNow()) / 2;
                RenewIn(token, half);
                LogRenewedLater(half);
            }
        }
        catch (OperationCanceledException) when (ending.IsCancellationRequested)
        {
            // The app ends; the vault forgets the token in its time.
        }
    }

    // A lease that came back shorter has met the token's longest life: it won't grow again.
    private VaultToken? Renewed(VaultToken token, DateTimeOffset asked, VaultAnswer answer)
    {
        if (answer is not { IsSuccess: true, Body.Auth: { LeaseDuration: > 0 } auth })
        {
            LogNotRenewed((int)answer.Status);
            return null;
        }

        var lease = TimeSpan.FromSeconds(auth.LeaseDuration);
        return token with { Obtained = asked, Lease = lease, IsRenewable = auth.Renewable && lease >= token.Lease };
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The vault's token can't look at itself, so it is not renewed; give it the policy 'default' if it should be")]
    private partial void LogUnknownLife();

    [LoggerMessage(Level = LogLevel.Warning, Message = "The vault could not be asked to renew the token: the next try is in {Wait}, or the call after its end logs in")]
    private partial void LogRenewedLater(TimeSpan wait);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The vault did not renew the token ({Status}): the next call logs in")]
    private partial void LogNotRenewed(int status);
}
