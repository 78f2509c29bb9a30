using MtlsFunctions.Authorization;

namespace MtlsFunctions.Accounts;

/// <summary>Notes logins, good, failed and throttled, in the trail of their account, where configuration has logins for it.</summary>
public sealed class LoginEvents(SecurityEvents events, IOptions<AccountOptions> options)
{
    // What was typed in place of a name may be a password.
    private const string Unknown = "unknown";

    /// <returns>The answer as it was.</returns>
    public IResult Login(HttpRequest request, string account, string? name, IResult answer)
    {
        var administrators = options.Value.Administrators.Values;
        Note(request, account, administrators.Any(one => one.Account == account && one.LoginName == name) ? name! : Unknown, "login", answer);
        return answer;
    }

    /// <returns>The answer as it was.</returns>
    public IResult Token(HttpRequest request, string account, string? client, IResult answer)
    {
        Note(request, account, options.Value.Clients.Values.Any(one => one.Account == account && one.ClientId == client) ? client! : Unknown, "token.issue", answer);
        return answer;
    }

    private void Note(HttpRequest request, string account, string who, string action, IResult answer)
    {
        if (options.Value.Administrators.Values.Any(one => one.Account == account) || options.Value.Clients.Values.Any(one => one.Account == account))
            events.NoteLogin(account, who, action, (answer as IStatusCodeHttpResult)?.StatusCode ?? StatusCodes.Status200OK, request);
    }
}
