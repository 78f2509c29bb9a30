using System.Threading.RateLimiting;

namespace MtlsFunctions.Authorization;

/// <summary>
/// What security teams look for beside management actions: logins, refusals for another account, downloads, calls with a certificate. Each
/// is an audit entry and a log line of its account; past 30 of one kind and status, then one a minute, an account gets log lines only, per instance,
/// so that a flood can't fill the table. Entries are written beside the answer.
/// </summary>
public sealed partial class SecurityEvents(RecordAction record, Throttle throttle, ILogger<SecurityEvents> log) : IDisposable
{
    private readonly BoundedRateLimiter entries = new(new TokenBucketRateLimiterOptions
    {
        TokenLimit = 30,
        TokensPerPeriod = 1,
        ReplenishmentPeriod = TimeSpan.FromMinutes(1),
    });

    /// <param name="action">Noun and verb: <c>certificate.download</c>.</param>
    /// <param name="status">The HTTP status of the answer.</param>
    public void Note(Caller caller, string action, int status, HttpRequest request, params IEnumerable<long> certificates)
    {
        var audited = new AuditedAction(action, caller);
        audited.Touches("certificate", certificates);
        var from = throttle.AddressOf(request);
        if (entries.Refuse($"{caller.Account.Value}\n{action}\n{status}") is null)
            _ = record(audited, status, from);
        else
            LogOnly(caller.Account.Value, caller.Subject, action, string.Join(' ', audited.Objects), status, from);
    }

    /// <summary>A login or a client's request for a token, whose account nobody has verified: only that it exists is known.</summary>
    /// <param name="account">An account that configuration has logins for.</param>
    /// <param name="who">A name that exists, or what stands for one that doesn't: whatever else was typed may be a password.</param>
    public void NoteLogin(string account, string who, string action, int status, HttpRequest request)
    {
        if (AccountId.FromCredential(account) is { } existing)
            Note(new Caller(existing, Permission.None, who), action, status, request);
    }

    public void Dispose() => entries.Dispose();

    [LoggerMessage(Level = LogLevel.Information, Message = "Security event account={Account} who={Who} action={Action} objects={Objects} status={Status} from={From}; too many for an audit entry of its own")]
    private partial void LogOnly(string account, string who, string action, string objects, int status, string from);
}
