using MtlsFunctions.CertificateVaults;

namespace MtlsFunctions.Tests.CertificateVaults;

/// <summary>One vault for one test: the product's client of it, and the line between them.</summary>
public interface IVaultUnderTest : IAsyncDisposable
{
    ICertificateVault Vault { get; }

    /// <summary>From now on the vault can't be reached; what it holds stays.</summary>
    Task CutOffAsync();

    /// <summary>As before <see cref="CutOffAsync"/>; the client isn't told.</summary>
    Task ReconnectAsync();
}

/// <summary>A vault behind an imitation server, which can misbehave.</summary>
public interface IFaultyVaultUnderTest : IVaultUnderTest
{
    /// <summary>Requests that have reached the server, logins and challenges included.</summary>
    int Requests { get; }

    /// <summary>The longest Retry-After that the client waits for instead of reporting it.</summary>
    TimeSpan LongestWait { get; }

    /// <summary>Done when a request has met the fault that was set last.</summary>
    Task Suffered { get; }

    /// <summary>What happens to the next requests, instead of what happened so far.</summary>
    void Suffer(VaultFault fault);
}

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
}
