using MtlsFunctions.Authorization;

namespace MtlsFunctions.CertificateVaults;

/// <summary>
/// Names one certificate in a vault. The name is ours (<c>c-</c> and a GUID, legal in every vault), never the user's text, and
/// never used again: some vaults keep a deleted name reserved.
/// </summary>
public sealed record VaultEntry(AccountId Account, string Name)
{
    public static VaultEntry New(AccountId account) => new(account, $"c-{Guid.NewGuid():N}");
}
