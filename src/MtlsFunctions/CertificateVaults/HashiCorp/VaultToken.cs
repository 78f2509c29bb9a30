using System.Buffers;

namespace MtlsFunctions.CertificateVaults.HashiCorp;

/// <summary>What a login gave.</summary>
/// <param name="Obtained">Before the vault was asked, so that it never looks younger than it is.</param>
/// <param name="Lease">Zero for a token that doesn't expire.</param>
internal sealed record VaultToken(string Value, DateTimeOffset Obtained, TimeSpan Lease, bool IsRenewable)
{
    /// <summary>The vault didn't let it look at itself, which an ended token may not do either; false as soon as it was good for something.</summary>
    public bool IsUnproved { get; init; }

    private static readonly SearchValues<char> Legal =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-.=+/");

    /// <summary>With a tenth of the life to spare, for the request that is under way when it ends.</summary>
    public DateTimeOffset UsableUntil => Lease == TimeSpan.Zero ? DateTimeOffset.MaxValue : Obtained + (Lease * 0.9);

    public DateTimeOffset Expires => Lease == TimeSpan.Zero ? DateTimeOffset.MaxValue : Obtained + Lease;

    /// <summary>Whether it can be a header's value; anything else in a file is a mistake.</summary>
    public static bool IsLegal(string? text) => text is { Length: > 0 and <= 8192 } && !text.AsSpan().ContainsAnyExcept(Legal);

    /// <summary>Nothing of it, wherever it may be printed.</summary>
    public override string ToString() => nameof(VaultToken);
}
