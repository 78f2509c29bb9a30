using System.ComponentModel.DataAnnotations;

namespace MtlsFunctions.Storage;

/// <summary>Section <c>Runtime</c>: how far forward, check and app keys may lag behind changes that other instances make.</summary>
public sealed class RuntimeOptions
{
    public const string Section = "Runtime";

    /// <summary>How often an account in use is looked at for changes, beside its requests. Default 5 seconds.</summary>
    public TimeSpan RefreshInterval { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Past this a request waits for a look, 2 seconds at most. Default 30 seconds.</summary>
    public TimeSpan MaxLag { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>While the table is down, mappings known before are used this long. Default: until their certificate expires.</summary>
    public TimeSpan? MaxStale { get; init; }

    /// <summary>
    /// Look-ups kept in memory, at most; each counts one more for each KB of its URL and its mapping's trustedCa. Default 100,000. Above it
    /// those accounts lose some that hold more than their share.
    /// </summary>
    [Range(0, 10_000_000)]
    public int MaxEntries { get; init; } = 100_000;

    /// <summary>Accounts whose revision is kept in memory, at most. Default 20,000.</summary>
    [Range(1, 1_000_000)]
    public int MaxAccounts { get; init; } = 20_000;
}
