
namespace MtlsFunctions.Authorization;

/// <summary>
/// The one way into every function: who is calling, for which account, with what permission; and the one place where
/// failures that nobody handled become answers. The hosts have no middleware of ours, so a function without the gate is open:
/// a test enumerates them all.
/// </summary>
public sealed partial class Gate(
    Credentials credentials, Throttle throttle, RequestsUnderWay underWay, RecordAction record, SecurityEvents events, AuthorizationMetrics metrics, ILogger<Gate> log)
{
    /// <summary>For the few functions that need no credentials: discovery, login, token, health.</summary>
    /// <param name="accountId">The account in the route, if there is one; only its form is checked.</param>
    public Task<IResult> AdmitAnyoneAsync(HttpRequest request, string? accountId, CancellationToken cancellation, Func<Task<IResult>> handle) =>
        AnswerAsync(request, cancellation, () =>
            accountId is not null && !AccountId.IsLegal(accountId) ? Task.FromResult(Answers.Problem(AccountId.Illegal())) : handle());

    /// <summary>
    /// For files that lie in memory and are the same for everybody. They don't count against the calling address: a browser asks for
    /// two dozen at once, and they cost less than the question whether it may.
    /// </summary>
    public Task<IResult> ServeAsync(HttpRequest request, CancellationToken cancellation, Func<IResult> serve) =>
        AnswerAsync(request, cancellation, () => Task.FromResult(serve()), throttled: false);

    /// <param name="accountId">The account in the route; null where the body names it (the function must compare it then).</param>
    /// <param name="anyOf">Permissions of which one is enough.</param>
    public Task<IResult> AdmitAsync(
        HttpRequest request, string? accountId, Permission anyOf, CancellationToken cancellation, Func<Caller, Task<IResult>> handle) =>
        AnswerAsync(request, cancellation, async () =>
        {
            if (!(await credentials.VerifyAsync(request, cancellation)).TryGet(out var caller, out var failure))
                return Refuse(request, null, failure);
            if (accountId is not null && !AccountId.IsLegal(accountId))
                return Refuse(request, caller, AccountId.Illegal());
            if (accountId is not null && accountId != caller.Account.Value)
                return RefuseForeign(request, caller);
            if (!caller.May(anyOf))
                return Refuse(request, caller, new Failure(FailureKind.Forbidden, $"These credentials lack the permission: {anyOf} or {Permission.Write} is needed."));
            if (throttle.RefuseAccount(caller.Account) is { } refused)
            {
                metrics.AccountThrottled();
                return Answers.Problem(refused);
            }

            if (!underWay.Enter(caller.Account).TryGet(out var place, out failure))
            {
                metrics.AccountBusy();
                return Answers.Problem(failure);
            }

            using (place)
                return await handle(caller);
        });

    /// <summary>For everything that changes something: write permission, and a record of whoever was let in, whatever came of it.</summary>
    /// <param name="action">Noun and verb: <c>certificate.create</c>.</param>
    public Task<IResult> ManageAsync(
        HttpRequest request, string accountId, string action, CancellationToken cancellation, Func<Caller, AuditedAction, Task<IResult>> handle) =>
        AdmitAsync(request, accountId, Permission.Write, cancellation, async caller =>
        {
            var audited = new AuditedAction(action, caller);
            var result = await AnswerAsync(request, cancellation, () => handle(caller, audited), throttled: false);
            await record(audited, (result as IStatusCodeHttpResult)?.StatusCode ?? StatusCodes.Status200OK, throttle.AddressOf(request));
            return result;
        });

    private async Task<IResult> AnswerAsync(HttpRequest request, CancellationToken cancellation, Func<Task<IResult>> answer, bool throttled = true)
    {
        try
        {
            // First of all: a flood of bad credentials must not reach anything that costs more than this.
            if (!throttled || throttle.RefuseAddress(request) is not { } refused)
                return await answer();
            metrics.AddressThrottled();
            return Answers.Problem(refused);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested || request.HttpContext.RequestAborted.IsCancellationRequested)
        {
            // The caller has gone: nobody reads an answer.
            return Results.StatusCode(StatusCodes.Status499ClientClosedRequest);
        }
        catch (Exception fault) when (!request.HttpContext.Response.HasStarted)
        {
            return Answers.Problem(Explain(fault));
        }
    }

    /// <summary>
    /// The answer to anything of an account that isn't the caller's: it says nothing about that account, not even whether it exists. The
    /// caller's own account gets an entry.
    /// </summary>
    public IResult RefuseForeign(HttpRequest request, Caller caller)
    {
        events.Note(caller, "account.refused", StatusCodes.Status403Forbidden, request);
        return Refuse(request, caller, new Failure(FailureKind.Forbidden, "These credentials belong to another account."));
    }

    private IResult Refuse(HttpRequest request, Caller? caller, Failure failure)
    {
        LogRefused(caller?.Account.Value ?? "unknown", caller?.Subject ?? "unknown", request.Method, failure.Kind, throttle.AddressOf(request));
        return Answers.Problem(failure);
    }

    private Failure Explain(Exception fault)
    {
        if (RequestBodies.Explain(fault) is { } broken)
            return broken;
        if (fault is DependencyUnavailableException unavailable)
        {
            LogUnavailable(fault, unavailable.Kind);
            return new Failure(unavailable.Kind, "Try again in a moment. If this was a change, look first whether it was made.");
        }

        LogSurprise(fault);
        return new Failure(FailureKind.Internal, "Try again; if it stays, give the trace id to the operator.");
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Refused account={Account} who={Who} method={Method} reason={Kind} from={From}")]
    private partial void LogRefused(string account, string who, string method, FailureKind kind, string from);

    [LoggerMessage(Level = LogLevel.Warning, Message = "A request failed with {Kind}")]
    private partial void LogUnavailable(Exception fault, FailureKind kind);

    [LoggerMessage(Level = LogLevel.Error, Message = "A request failed in a way nobody expected")]
    private partial void LogSurprise(Exception fault);
}
