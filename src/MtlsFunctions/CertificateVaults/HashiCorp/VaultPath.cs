using System.Buffers;

namespace MtlsFunctions.CertificateVaults.HashiCorp;

/// <summary>
/// Paths inside the vault. Nothing in them is ever escaped: what would need it is refused, since <see cref="Uri"/> resolves
/// <c>..</c> before anything is sent and so could leave the mount.
/// </summary>
internal static class VaultPath
{
    // '@' marks the gateway's own account.
    private static readonly SearchValues<char> Legal =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-.@");

    public static bool IsLegal(string? path) => path is not null && path.Split('/').All(IsLegalSegment);

    /// <summary>Where an entry's versions are.</summary>
    /// <exception cref="ArgumentException">The entry's name isn't one of ours.</exception>
    public static string Data(HashiCorpVaultOptions options, VaultEntry entry) => $"{options.Mount}/data/{Inside(options, entry)}";

    /// <summary>Where an entry's list of versions and its settings are; deleting this deletes all of it.</summary>
    /// <exception cref="ArgumentException">The entry's name isn't one of ours.</exception>
    public static string Metadata(HashiCorpVaultOptions options, VaultEntry entry) => $"{options.Mount}/metadata/{Inside(options, entry)}";

    private static string Inside(HashiCorpVaultOptions options, VaultEntry entry) =>
        IsLegalSegment(entry.Account.Value) && IsLegalSegment(entry.Name)
            ? $"{options.Folder}/{entry.Account.Value}/{entry.Name}"
            : throw new ArgumentException("A vault entry's name holds what no path may hold.", nameof(entry));

    private static bool IsLegalSegment(string segment) =>
        segment.Length is > 0 and <= 128 && segment is not ("." or "..") && !segment.AsSpan().ContainsAnyExcept(Legal);
}
