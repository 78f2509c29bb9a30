using MtlsFunctions.Authorization;

namespace MtlsFunctions.Forwarding;

/// <summary>On whose behalf a connection is made, and what for.</summary>
/// <param name="Account">Null where no account is known: then only what is open to everybody may be called.</param>
/// <param name="IsMapped">The URL is one that this account has mapped, or maps with this request.</param>
public sealed record Reach(AccountId? Account, bool IsMapped)
{
    public static readonly Reach Nobody = new(null, IsMapped: false);

    /// <summary>Whose share of threads and lines it takes.</summary>
    public string Owner => Account?.Value ?? "";
}
