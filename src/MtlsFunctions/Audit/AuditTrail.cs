using MtlsFunctions.Authorization;
using MtlsFunctions.Storage;

namespace MtlsFunctions.Audit;

/// <summary>Every management action as a row of its account and as a log line. No secret is in either: only kinds, ids and numbers.</summary>
public sealed partial class AuditTrail(AccountTable table, TimeProvider clock, ILogger<AuditTrail> log)
{
    /// <summary>Entries of one page.</summary>
    public const int PageSize = 100;

    /// <summary>The log line stands whatever happens to the row: an action that has been done can't be undone for want of its record.</summary>
    public Task RecordAsync(AuditedAction action, int status, string from)
    {
        var now = clock.GetUtcNow();
        var row = new AuditRow
        {
            PartitionKey = action.Caller.Account.Value,
            RowKey = AuditRow.NewKey(now),
            When = now,
            Who = action.Caller.Subject,
            Action = action.Name,
            Objects = string.Join(' ', action.Objects),
            Status = status,
            From = from,
        };
        LogAction(row.PartitionKey, row.Who, row.Action, row.Objects, row.Status, row.From);
        var writing = WriteAsync(row);
        // Whoever gets a 503 has waited long enough; the row, which may have to wait for the table too, is written beside the answer.
        return status == StatusCodes.Status503ServiceUnavailable ? Task.CompletedTask : writing;
    }

    /// <param name="from">The first key that counts.</param>
    /// <returns>Oldest first, and where the next page begins; null when there is none.</returns>
    public async Task<(IReadOnlyList<AuditRow> Rows, string? Next)> ReadAsync(AccountId account, string from, DateTimeOffset to, CancellationToken cancellation)
    {
        var rows = await table.PageAsync<AuditRow>(account, from, AuditRow.KeyAt(to), PageSize + 1, cancellation);
        return rows.Count > PageSize ? (rows[..PageSize], rows[PageSize - 1].ToCursor()) : (rows, null);
    }

    private async Task WriteAsync(AuditRow row)
    {
        try
        {
            await table.AppendAsync(row, CancellationToken.None);
        }
        catch (Exception fault)
        {
            LogRowMissing(fault, row.PartitionKey, row.Action);
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Audit account={Account} who={Who} action={Action} objects={Objects} status={Status} from={From}")]
    private partial void LogAction(string account, string who, string action, string objects, int status, string from);

    [LoggerMessage(Level = LogLevel.Error, Message = "The audit row of {Action} in account {Account} could not be written; its log line stands")]
    private partial void LogRowMissing(Exception fault, string account, string action);
}
