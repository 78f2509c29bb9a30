using MtlsFunctions.Authorization;
using MtlsFunctions.Storage;

namespace MtlsFunctions.Audit;

/// <summary>The account's audit trail in [from, to), oldest first, a page at a time: <c>next</c> of one page asks for the one after it.</summary>
public sealed class ReadAudit(Gate gate, AuditTrail trail, TimeProvider clock)
{
    [Function(nameof(ReadAudit))]
    public Task<IResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "mtls/account/{accountId}/audit")] HttpRequest request,
        string accountId,
        CancellationToken cancellation) =>
        gate.AdmitAsync(request, accountId, Permission.Read, cancellation, async caller =>
        {
            // A minute from now, because the clocks of other instances may be ahead of ours.
            if (!Time(request, "from", DateTimeOffset.UnixEpoch).TryGet(out var from, out var failure)
                || !Time(request, "to", clock.GetUtcNow().AddMinutes(1)).TryGet(out var to, out failure))
                return Answers.Problem(failure);
            if (from > to)
                return Answers.Problem(new Failure(FailureKind.RequestInvalid, "\"from\" must not be later than \"to\"."));
            if ((request.Query["next"] is { Count: > 0 } next ? AuditRow.KeyAfter($"{next}") : AuditRow.KeyAt(from)) is not { } first)
                return Answers.Problem(new Failure(FailureKind.RequestInvalid, "\"next\" is what the page before told, as it was."));
            var (rows, more) = await trail.ReadAsync(caller.Account, first, to, cancellation);
            return Answers.Ok(new Page([.. rows.Select(Entry.Of)], more));
        });

    private static Outcome<DateTimeOffset> Time(HttpRequest request, string parameter, DateTimeOffset otherwise) =>
        request.Query[parameter] is not { Count: > 0 } said ? otherwise
        : Times.TryParse(said, out var time) ? time
        : new Failure(FailureKind.RequestInvalid, $"The query parameter \"{parameter}\" must be a time such as {Times.Example} (a '+' in it is written %2B).");

    private sealed record Page(IReadOnlyList<Entry> Entries, string? Next);

    private sealed record Entry(DateTime When, string Who, string Action, IReadOnlyList<string> Objects, int Status, string From)
    {
        public static Entry Of(AuditRow row) =>
            new(row.When.UtcDateTime, row.Who, row.Action, row.Objects.Split(' ', StringSplitOptions.RemoveEmptyEntries), row.Status, row.From);
    }
}
