using Microsoft.AspNetCore.Http.Features;
using MtlsFunctions.Authorization;

namespace MtlsFunctions.Accounts;

/// <summary>OAuth 2 client credentials for an access token.</summary>
public sealed class IssueToken(Gate gate, Secrets secrets, Throttle throttle, AccessTokens tokens, LoginEvents events, IOptions<AccountOptions> options)
{
    private const int MaxBytes = 16 * 1024;
    private const string DefaultScope = "mtls.external";

    [Function(nameof(IssueToken))]
    public Task<IResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "sentinel/api/v2/account/{accountId}/app/token")] HttpRequest request,
        string accountId,
        CancellationToken cancellation) =>
        gate.AdmitAnyoneAsync(request, accountId, cancellation, async () =>
        {
            if (!options.Value.Enabled)
                return Answers.Problem(OwnTokens.SwitchedOff());
            if (!(await ReadFormAsync(request, cancellation)).TryGet(out var form, out var failure))
                return Answers.Problem(failure);
            var issued = await IssueAsync(accountId, throttle.NetworkOf(request), form["client_id"], form["client_secret"], cancellation);
            return events.Token(request, accountId, form["client_id"], OwnTokens.Answer(request, issued));
        });

    private async Task<Outcome<TokenAnswer>> IssueAsync(string account, string network, string? clientId, string? secret, CancellationToken cancellation)
    {
        var client = options.Value.Clients.Values.FirstOrDefault(one => one.Account == account && one.ClientId == clientId);
        if (await secrets.RefuseAsync($"{account}\nclient\n{clientId}", network, client?.SecretHash, secret, cancellation) is { } refused)
            return refused;
        IEnumerable<string> scopes = client!.Scopes.Count > 0 ? client.Scopes : [DefaultScope];
        var lifetime = options.Value.TokenLifetime;
        var issued = await tokens.IssueAsync(account, client.ClientId, scopes, lifetime, loggedInAt: null, cancellation);
        return issued.TryGet(out var token, out var failure)
            ? new TokenAnswer(token, "Bearer", lifetime.TotalSeconds.ToString("F0", System.Globalization.CultureInfo.InvariantCulture))
            : failure;
    }

    private static async Task<Outcome<FormCollection>> ReadFormAsync(HttpRequest request, CancellationToken cancellation)
    {
        if (!request.HasFormContentType)
            return new Failure(FailureKind.RequestInvalid, "Send a form: client_id, client_secret and grant_type=client_credentials.");
        if (!(await RequestForms.ReadAsync(request, new FormOptions { ValueCountLimit = 16 }, MaxBytes, cancellation)).TryGet(out var form, out var failure))
            return failure;
        return form["grant_type"] == "client_credentials"
            ? form
            : new Failure(FailureKind.RequestInvalid, "grant_type must be client_credentials.");
    }
}

/// <summary>The documented answer; all three are strings.</summary>
public sealed record TokenAnswer(
    [property: System.Text.Json.Serialization.JsonPropertyName("access_token")] string AccessToken,
    [property: System.Text.Json.Serialization.JsonPropertyName("token_type")] string TokenType,
    [property: System.Text.Json.Serialization.JsonPropertyName("expires_in")] string ExpiresIn);
