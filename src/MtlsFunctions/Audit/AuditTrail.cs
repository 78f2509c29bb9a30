using MtlsFunctions.Authorization;
using MtlsFunctions.Storage;

namespace MtlsFunctions.Audit;

/// <summary>Every management action as a row of its account and as a log line. No secret is in either: only kinds, ids and numbers.</summary>
public sealed partial class AuditTrail(AccountTable table, TimeProvider clock, ILogger<AuditTrail> log)
{
    /// <summary>Entries of one page.</summary>
    public const int PageSize = 100;

    /// <summary>The log line stands whatever happens to the row: an action that has been done can't be undone for want of its record.</summary>
    public async Task RecordAsync(AuditedAction action, int status, string from)
    {
        var now = clock.GetUtcNow();
        var objects = string.Join(' ', action.Objects);
        LogAction(action.Caller.Account.Value, action.Caller.Subject, action.Name, objects, status, from);
        try
        {
            await table.AppendAsync(new AuditRow
            {
                PartitionKey = action.Caller.Account.Value,
                RowKey = AuditRow.NewKey(now),
                When = now,
                Who = action.Caller.Subject,
                Action = action.Name,
                Objects = objects,
                Status = status,
                From = from,
            }, CancellationToken.None);
        }
        catch (DependencyUnavailableException fault)
        {
            LogRowMissing(fault, action.Caller.Account.Value, action.Name);
        }
    }

    /// <param name="from">The first key that counts: a time's, or where the page before ended.</param>
    /// <returns>At most a page, oldest first.</returns>
    public Task<List<AuditRow>> ReadAsync(AccountId account, string from, DateTimeOffset to, CancellationToken cancellation) =>
        table.PageAsync<AuditRow>(account, from, AuditRow.KeyAt(to), PageSize, cancellation);

    [LoggerMessage(Level = LogLevel.Information, Message = "Audit account={Account} who={Who} action={Action} objects={Objects} status={Status} from={From}")]
    private partial void LogAction(string account, string who, string action, string objects, int status, string from);

    [LoggerMessage(Level = LogLevel.Error, Message = "The audit row of {Action} in account {Account} could not be written; its log line stands")]
    private partial void LogRowMissing(Exception fault, string account, string action);
}
