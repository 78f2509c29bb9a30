using System.Globalization;
using MtlsFunctions.Authorization;
using MtlsFunctions.Storage;

namespace MtlsFunctions.Audit;

/// <summary>The account's audit trail, oldest first, a page at a time.</summary>
public sealed class ReadAudit(Gate gate, AuditTrail trail, TimeProvider clock)
{
    [Function(nameof(ReadAudit))]
    public Task<IResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "mtls/account/{accountId}/audit")] HttpRequest request,
        string accountId,
        CancellationToken cancellation) =>
        gate.AdmitAsync(request, accountId, Permission.Read, cancellation, async caller =>
        {
            var now = clock.GetUtcNow();
            if (!Time(request, "from", DateTimeOffset.UnixEpoch).TryGet(out var from, out var failure)
                || !Time(request, "to", now.AddMinutes(1)).TryGet(out var to, out failure))
                return Answers.Problem(failure);
            var next = request.Query["next"].ToString();
            // Another kind of row must not be reachable by a key of the caller's choice.
            if (next.Length > 0 && !next.StartsWith($"{RowKinds.Audit}_", StringComparison.Ordinal))
                return Answers.Problem(new Failure(FailureKind.RequestInvalid, "\"next\" is what the page before told, as it was."));
            var rows = await trail.ReadAsync(caller.Account, next.Length > 0 ? next : AuditRow.KeyAt(from), to, cancellation);
            return Answers.Ok(new Page([.. rows.Select(Entry.Of)], rows.Count == AuditTrail.PageSize ? rows[^1].RowKey + "~" : null));
        });

    private static Outcome<DateTimeOffset> Time(HttpRequest request, string parameter, DateTimeOffset otherwise)
    {
        if (request.Query[parameter] is not { Count: > 0 } said)
            return otherwise;
        return DateTimeOffset.TryParse(said, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)
            ? time
            : new Failure(FailureKind.RequestInvalid, $"The query parameter {parameter} is a time such as 2027-01-31T00:00:00Z.");
    }

    private sealed record Page(IReadOnlyList<Entry> Entries, string? Next);

    private sealed record Entry(DateTimeOffset When, string Who, string Action, IReadOnlyList<string> Objects, int Status, string From)
    {
        public static Entry Of(AuditRow row) =>
            new(row.When, row.Who, row.Action, row.Objects.Split(' ', StringSplitOptions.RemoveEmptyEntries), row.Status, row.From);
    }
}
