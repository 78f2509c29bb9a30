namespace MtlsFunctions.Authorization;

/// <summary>Who is calling: the one account that the credentials belong to, and what they permit there.</summary>
/// <param name="Subject">Whom to name in logs and audit: a client or user id, never a secret.</param>
public sealed record Caller(AccountId Account, Permission Granted, string Subject)
{
    /// <param name="anyOf">Permissions of which one is enough; write is always enough.</param>
    public bool May(Permission anyOf) => (Granted & (anyOf | Permission.Write)) != Permission.None;
}
