namespace MtlsFunctions.Shared;

/// <summary>A misfortune of the next requests to an imitated vault.</summary>
/// <param name="Times">How many requests suffer; those after them are answered properly.</param>
/// <param name="RetryAfter">Header of <see cref="VaultFaultKind.Throttled"/>; in whole seconds, as it travels.</param>
public sealed record VaultFault(VaultFaultKind Kind, int Times = int.MaxValue, TimeSpan? RetryAfter = null)
{
    public static readonly VaultFault None = new(VaultFaultKind.ServerError, Times: 0);
}

public enum VaultFaultKind
{
    /// <summary>503, with the body that the real server sends.</summary>
    ServerError,

    /// <summary>429, with the body that the real server sends.</summary>
    Throttled,

    /// <summary>403: the caller is known and may not do this.</summary>
    Forbidden,

    /// <summary>The request is taken and nothing ever comes back.</summary>
    Silent,

    /// <summary>200 with an HTML page, as a proxy in between would send.</summary>
    Garbage,

    /// <summary>The answer breaks off in mid-body.</summary>
    CutShort,

    /// <summary>The request is carried out, and the connection dies before the answer.</summary>
    LostAnswer,

    /// <summary>The request is carried out, and nothing ever comes back.</summary>
    LateAnswer,
}
