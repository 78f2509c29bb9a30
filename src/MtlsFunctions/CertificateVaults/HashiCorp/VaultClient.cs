using System.Net;
using System.Text.Json.Serialization.Metadata;

namespace MtlsFunctions.CertificateVaults.HashiCorp;

/// <summary>Requests with the session's token. A 403 is believed when it comes again with a new one.</summary>
internal sealed partial class VaultClient(VaultHttp http, VaultSession session, IOptions<HashiCorpVaultOptions> options, ILogger<VaultClient> log)
{
    private static readonly TimeSpan ShortestWait = TimeSpan.FromMilliseconds(25);
    private static readonly TimeSpan LongestWait = TimeSpan.FromMilliseconds(200);

    public Task<Outcome<VaultAnswer>> GetAsync(string path, CancellationToken cancellation) =>
        CallAsync("GET", path, token => http.GetAsync(path, token, cancellation), cancellation);

    /// <summary>Asks again while the one who answers can be a standby that is behind.</summary>
    /// <param name="isCurrent">Whether an answer shows what it must show by now.</param>
    /// <returns>The last answer, current or not.</returns>
    public async Task<Outcome<VaultAnswer>> GetUntilAsync(string path, Func<VaultAnswer, bool> isCurrent, CancellationToken cancellation)
    {
        var settings = options.Value;
        var lag = settings.StandbyLag < settings.Timeout / 2 ? settings.StandbyLag : settings.Timeout / 2;
        var began = TimeProvider.System.GetTimestamp();
        for (var wait = ShortestWait; ; wait = wait * 2 < LongestWait ? wait * 2 : LongestWait)
        {
            var outcome = await GetAsync(path, cancellation);
            if (!outcome.TryGet(out var answer, out _) || isCurrent(answer) || TimeProvider.System.GetElapsedTime(began) >= lag)
                return outcome;
            await Task.Delay(wait, TimeProvider.System, cancellation);
        }
    }

    public Task<Outcome<VaultAnswer>> DeleteAsync(string path, CancellationToken cancellation) =>
        CallAsync("DELETE", path, token => http.DeleteAsync(path, token, cancellation), cancellation);

    public Task<Outcome<VaultAnswer>> PostAsync<T>(string path, T body, JsonTypeInfo<T> type, CancellationToken cancellation) =>
        CallAsync("POST", path, token => http.PostAsync(path, body, type, token, cancellation), cancellation);

    /// <summary>Deletes what nobody misses, if the policy allows it.</summary>
    public async Task DiscardAsync(string path, CancellationToken cancellation)
    {
        if ((await session.GetAsync(cancellation)).TryGet(out var token, out _))
            await http.DeleteAsync(path, token.Value, cancellation);
    }

    /// <summary>For an answer that the caller can make nothing of.</summary>
    /// <returns><see cref="FailureKind.VaultRefused"/>: only an operator can tell why the vault won't do it.</returns>
    public Failure Refuse(string method, string path, VaultAnswer answer)
    {
        LogRefused(method, path, (int)answer.Status);
        return VaultHttp.Refused;
    }

    private async Task<Outcome<VaultAnswer>> CallAsync(
        string method, string path, Func<string, Task<Outcome<VaultAnswer>>> send, CancellationToken cancellation)
    {
        if (!(await session.GetAsync(cancellation)).TryGet(out var token, out var failure))
            return failure;
        var outcome = await send(token.Value);
        if (!IsForbidden(outcome))
            return Proved(token, outcome);

        if (!(await session.ReplaceAsync(token, cancellation)).TryGet(out var another, out failure))
            return failure;
        if (another.Value == token.Value)
            return await DenyAsync(method, path, token, cancellation);
        outcome = await send(another.Value);
        return IsForbidden(outcome) ? await DenyAsync(method, path, another, cancellation) : Proved(another, outcome);
    }

    private Outcome<VaultAnswer> Proved(VaultToken token, Outcome<VaultAnswer> outcome)
    {
        if (token.IsUnproved && outcome.TryGet(out _, out _))
            session.Proved(token);
        return outcome;
    }

    // A policy that says no and a token that is gone have the same answer: how the token fares with itself tells them apart.
    private async Task<Failure> DenyAsync(string method, string path, VaultToken token, CancellationToken cancellation)
    {
        var looked = await http.GetAsync("auth/token/lookup-self", token.Value, cancellation);
        if (looked.TryGet(out var self, out _) && self.Status == HttpStatusCode.Forbidden)
            LogTokenGone(method, path);
        else
            LogRefused(method, path, (int)HttpStatusCode.Forbidden);
        return VaultHttp.Refused;
    }

    private static bool IsForbidden(Outcome<VaultAnswer> outcome) =>
        outcome.TryGet(out var answer, out _) && answer.Status == HttpStatusCode.Forbidden;

    [LoggerMessage(Level = LogLevel.Error, Message = "The vault refuses {Method} {Path}, and the token's look at itself too: the token has ended, was revoked or is used up, or it has no policy at all")]
    private partial void LogTokenGone(string method, string path);

    [LoggerMessage(Level = LogLevel.Error, Message = "The vault refuses {Method} {Path} ({Status}): look at its policy for this app, at mount and namespace")]
    private partial void LogRefused(string method, string path, int status);
}
