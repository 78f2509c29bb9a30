using MtlsFunctions.Authorization;

namespace MtlsFunctions.CertificateVaults;

/// <summary>
/// Names one certificate in a vault. The name is ours (<c>c-</c> and a GUID, legal in every vault), never the user's text, and
/// never used again: some vaults keep a deleted name reserved.
/// </summary>
/// <param name="OwnerId">The certificate's (or gateway key's) id, for tags that lead a person from the vault to the table; it names nothing.</param>
public sealed record VaultEntry(AccountId Account, string Name, long OwnerId)
{
    public static string NewName() => $"c-{Guid.NewGuid():N}";
}
