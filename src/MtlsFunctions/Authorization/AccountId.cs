using System.Buffers;

namespace MtlsFunctions.Authorization;

/// <summary>
/// A tenant's id, as verified credentials named it. Only this folder makes one, so whoever holds an
/// <see cref="AccountId"/> knows that the caller may act for that account. Row keys, secret names and cache keys take it first.
/// </summary>
public sealed record AccountId
{
    private const int MaxLength = 64;
    private static readonly SearchValues<char> Legal =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-");

    /// <summary>The gateway's own partition, for keys that belong to no tenant. '@' is not legal in a tenant's id, so none can name it.</summary>
    public static readonly AccountId Gateway = new("@gateway");

    private AccountId(string value) => Value = value;

    public string Value { get; }

    /// <summary>Letters, digits, <c>_</c> and <c>-</c>, 1 to 64 of them: nothing that a key, a path or a log line would have to escape.</summary>
    public static bool IsLegal(string? text) =>
        text is { Length: >= 1 and <= MaxLength } && !text.AsSpan().ContainsAnyExcept(Legal);

    public static Failure Illegal() => new(FailureKind.AccountIdInvalid, "An account id is 1 to 64 letters, digits, '_' or '-'.");

    internal static AccountId? FromCredential(string? text) => IsLegal(text) ? new AccountId(text!) : null;

    /// <summary>The account of a stored row, which credentials named when the row was made. For work on a whole table, never for a request.</summary>
    internal static AccountId? FromStored(string partition) => partition == Gateway.Value ? Gateway : FromCredential(partition);

    public override string ToString() => Value;
}
