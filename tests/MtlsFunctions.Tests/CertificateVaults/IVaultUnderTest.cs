using MtlsFunctions.CertificateVaults;
using MtlsFunctions.Shared;

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
    /// <summary>What stands before the server's handler: logins and challenges pass it too.</summary>
    VaultFaults Faults { get; }

    /// <summary>The longest Retry-After that the client waits for instead of reporting it.</summary>
    TimeSpan LongestWait { get; }
}
