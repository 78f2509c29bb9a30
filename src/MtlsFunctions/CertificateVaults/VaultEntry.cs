using MtlsFunctions.Authorization;

namespace MtlsFunctions.CertificateVaults;

/// <summary>
/// Names one certificate in a vault. The name is ours (<c>c-</c> and a GUID, legal in every vault), never the user's text, and
/// never used again: some vaults keep a deleted name reserved.
/// </summary>
/// <param name="OwnerId">The certificate's (or gateway key's) id, for tags that lead a person from the vault to the table; it names nothing.</param>
public sealed record VaultEntry(AccountId Account, string Name, long OwnerId)
{
    /// <summary>The smallest vault holds 25 KB of text in one secret, which is base64 of this many bytes.</summary>
    public const int MaxPkcs12Bytes = 25 * 1024 / 4 * 3;

    /// <summary>
    /// When the version in question was stored, as far as the table knows: where a vault's readers lag behind, it may not know a young
    /// one yet. Null: long ago, or nobody knows.
    /// </summary>
    public DateTimeOffset? StoredAt { get; init; }

    public static string NewName() => $"c-{Guid.NewGuid():N}";

    /// <returns>The failure of content that not every vault could hold, so that moving to another one stays possible; null for any other.</returns>
    public static Failure? RefuseSize(ReadOnlyMemory<byte> pkcs12) => pkcs12.Length <= MaxPkcs12Bytes ? null : new Failure(
        FailureKind.Pkcs12TooLarge, $"A vault holds {MaxPkcs12Bytes} bytes, this has {pkcs12.Length}. Leave out certificates that are not part of the chain.");
}
