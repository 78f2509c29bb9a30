using System.Security.Cryptography;
using MtlsFunctions.Authorization;
using MtlsFunctions.Discovery;

namespace MtlsFunctions.Accounts;

/// <summary>Logins of administrators, who are bootstrapped by configuration.</summary>
public sealed class Logins(Secrets secrets, Throttle throttle, AccessTokens tokens, BaseUris services, IOptions<AccountOptions> options, TimeProvider clock)
{
    private static readonly string[] Scopes = ["MTLS_READ_INTERNAL", "MTLS_WRITE_INTERNAL"];

    /// <returns><see cref="FailureKind.LoginFailed"/> for any combination that isn't right.</returns>
    public async Task<Outcome<LoginAnswer>> LogInAsync(HttpRequest request, string account, string? name, string? password, CancellationToken cancellation)
    {
        var administrator = Find(account, name);
        return await secrets.RefuseAsync($"{account}\n{name}", throttle.NetworkOf(request), administrator?.Options.PasswordHash, password, cancellation) is { } refused
            ? refused
            : await AnswerAsync(request, administrator!, clock.GetUtcNow(), cancellation);
    }

    /// <summary>A new token for a login that is still on, until the password is asked for again.</summary>
    public async Task<Outcome<LoginAnswer>> RefreshAsync(HttpRequest request, string account, LoginSession session, CancellationToken cancellation) =>
        Find(account, session.LoginName) is { } administrator && clock.GetUtcNow() - session.LoggedInAt < options.Value.LongestSession
            ? await AnswerAsync(request, administrator, session.LoggedInAt, cancellation)
            : new Failure(FailureKind.LoginFailed, "This login has ended: log in again.");

    private Administrator? Find(string account, string? name) => options.Value.Administrators
        .Where(one => one.Value.Account == account && one.Value.LoginName == name)
        .Select(one => new Administrator(one.Key, one.Value))
        .FirstOrDefault();

    private async Task<Outcome<LoginAnswer>> AnswerAsync(HttpRequest request, Administrator administrator, DateTimeOffset loggedInAt, CancellationToken cancellation)
    {
        var (id, found) = administrator;
        var issued = await tokens.IssueAsync(found.Account, found.LoginName, Scopes, options.Value.SessionLifetime, loggedInAt, cancellation);
        return issued.TryGet(out var bearer, out var failure)
            ? new LoginAnswer(
                bearer, Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16)),
                options.Value.SessionLifetime.TotalMilliseconds.ToString("F0", System.Globalization.CultureInfo.InvariantCulture),
                new LoginConfig(found.LoginName, id, IsAdmin: true),
                new BaseUriList([.. services.All(request, found.Account)]))
            : failure;
    }

    private sealed record Administrator(string Id, AdministratorOptions Options);
}

/// <summary>The documented answer to login and refresh.</summary>
/// <param name="SessionTTl">Milliseconds, as text; that spelling.</param>
public sealed record LoginAnswer(string Bearer, string Csrf, string SessionTTl, LoginConfig Config, BaseUriList CsdsCollectionResponse);

/// <summary>Who has logged in.</summary>
public sealed record LoginConfig(string LoginName, string UserId, bool IsAdmin);
