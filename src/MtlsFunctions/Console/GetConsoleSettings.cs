using MtlsFunctions.Accounts;
using MtlsFunctions.Authorization;

namespace MtlsFunctions.SelfService;

/// <summary>What the console must know before anybody has signed in. Open to everybody, so nothing secret can ever stand here.</summary>
public sealed class GetConsoleSettings(Gate gate, ConsoleHeaders headers, IOptions<ConsoleOptions> options, IOptions<AccountOptions> accounts)
{
    [Function(nameof(GetConsoleSettings))]
    public Task<IResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "console/settings.json")] HttpRequest request, CancellationToken cancellation) =>
        gate.AdmitAnyoneAsync(request, accountId: null, cancellation, () =>
        {
            headers.Set(request.HttpContext.Response, "no-cache");
            var console = options.Value;
            return Task.FromResult(Answers.Ok(new Shown(
                accounts.Value.Enabled,
                console.OidcAuthority.Length > 0 ? new Oidc(console.OidcAuthority.TrimEnd('/'), console.OidcClientId, console.OidcScope) : null,
                (int)console.IdleSignOut.TotalSeconds)));
        });

    /// <param name="Login">The login method is served.</param>
    private sealed record Shown(bool Login, Oidc? Oidc, int IdleSeconds);

    private sealed record Oidc(string Authority, string ClientId, string Scope);
}
