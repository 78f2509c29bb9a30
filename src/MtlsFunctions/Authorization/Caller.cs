namespace MtlsFunctions.Authorization;

/// <summary>Who is calling: the one account that the credentials belong to, and what they permit there.</summary>
/// <param name="Subject">Whom to name in logs and audit: a client or user id, never a secret.</param>
public sealed record Caller(AccountId Account, Permission Granted, string Subject)
{
    /// <summary>Set when a person logged in here with a password.</summary>
    public LoginSession? Session { get; init; }

    /// <summary>Set when the call is signed with an app key.</summary>
    public CallingAppKey? AppKey { get; init; }

    /// <param name="anyOf">Permissions of which one is enough; write is always enough.</param>
    public bool May(Permission anyOf) => (Granted & (anyOf | Permission.Write)) != Permission.None;
}

/// <summary>The app key of a call. Whatever it makes must not outlive it.</summary>
/// <param name="Expires">Null for one that doesn't.</param>
public sealed record CallingAppKey(long Id, DateTimeOffset? Expires);

/// <summary>A login of ours.</summary>
/// <param name="LoggedInAt">When the password was given, however often the token was refreshed since.</param>
public sealed record LoginSession(string LoginName, DateTimeOffset LoggedInAt);
