using MtlsFunctions.Authorization;

namespace MtlsFunctions.Accounts;

/// <summary>A new token for the bearer of a login's token that still holds.</summary>
public sealed class RefreshLogin(Gate gate, Logins logins, IOptions<AccountOptions> options)
{
    [Function(nameof(RefreshLogin))]
    public Task<IResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/account/{accountId}/refresh")] HttpRequest request,
        string accountId,
        CancellationToken cancellation) =>
        gate.AdmitAsync(request, accountId, Permission.Read, cancellation, async caller =>
        {
            if (!options.Value.Enabled)
                return Answers.Problem(OwnTokens.SwitchedOff());
            if (caller.Session is not { } session)
                return Answers.Problem(new Failure(FailureKind.Forbidden, "Only a login can be refreshed, with its own token."));
            return OwnTokens.Answer(request, await logins.RefreshAsync(request, accountId, session, cancellation));
        });
}
