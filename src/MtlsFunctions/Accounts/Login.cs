using MtlsFunctions.Authorization;

namespace MtlsFunctions.Accounts;

/// <summary>An administrator's password for a token with write permission.</summary>
public sealed class Login(Gate gate, Logins logins, LoginEvents events, IOptions<AccountOptions> options)
{
    [Function(nameof(Login))]
    public Task<IResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/account/{accountId}/login")] HttpRequest request,
        string accountId,
        CancellationToken cancellation) =>
        gate.AdmitAnyoneAsync(request, accountId, cancellation, async () =>
        {
            if (!options.Value.Enabled)
                return Answers.Problem(OwnTokens.SwitchedOff());
            if (!(await RequestBodies.ReadJsonAsync<Submitted>(request, cancellation)).TryGet(out var submitted, out var failure))
                return Answers.Problem(failure);
            var answered = await logins.LogInAsync(request, accountId, submitted.Username, submitted.Password, cancellation);
            return events.Login(request, accountId, submitted.Username, OwnTokens.Answer(request, answered));
        });

    private sealed record Submitted(string? Username, string? Password);
}
