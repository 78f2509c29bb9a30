using System.Net;
using System.Text.Json.Serialization.Metadata;

namespace MtlsFunctions.CertificateVaults.HashiCorp;

/// <summary>Requests with the session's token. A 403 is believed when it comes again with a new one.</summary>
internal sealed partial class VaultClient(VaultHttp http, VaultSession session, ILogger<VaultClient> log)
{
    public Task<Outcome<VaultAnswer>> GetAsync(string path, CancellationToken cancellation) =>
        CallAsync("GET", path, token => http.GetAsync(path, token, cancellation), cancellation);

    public Task<Outcome<VaultAnswer>> DeleteAsync(string path, CancellationToken cancellation) =>
        CallAsync("DELETE", path, token => http.DeleteAsync(path, token, cancellation), cancellation);

    public Task<Outcome<VaultAnswer>> PostAsync<T>(string path, T body, JsonTypeInfo<T> type, CancellationToken cancellation) =>
        CallAsync("POST", path, token => http.PostAsync(path, body, type, token, cancellation), cancellation);

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
        if (!IsForbidden(outcome, out var answer))
            return outcome;

        if (!(await session.ReplaceAsync(token, cancellation)).TryGet(out var another, out failure))
            return failure;
        if (another.Value == token.Value)
            return Refuse(method, path, answer);
        outcome = await send(another.Value);
        return IsForbidden(outcome, out answer) ? Refuse(method, path, answer) : outcome;
    }

    private static bool IsForbidden(Outcome<VaultAnswer> outcome, out VaultAnswer answer) =>
        outcome.TryGet(out answer!, out _) && answer.Status == HttpStatusCode.Forbidden;

    [LoggerMessage(Level = LogLevel.Error, Message = "The vault refuses {Method} {Path} ({Status}): look at its policy for this app, at mount and namespace")]
    private partial void LogRefused(string method, string path, int status);
}
