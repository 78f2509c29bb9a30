using System.Security.Cryptography.X509Certificates;

namespace MtlsFunctions.CertificateVaults;

/// <summary>
/// Where key material rests. An entry is one certificate of one account and has versions; a version never changes once stored.
/// </summary>
/// <remarks>
/// Promise: a store that fails leaves every older version readable and adds none, unless its answer was lost on the way: then the
/// vault may list a version that nobody uses, until the entry is deleted. Failures are values:
/// <see cref="FailureKind.VaultUnavailable"/> (down, slow or overloaded: try again, after <see cref="Failure.RetryAfter"/> if it says so),
/// <see cref="FailureKind.VaultRefused"/> (it denies this app), <see cref="FailureKind.VaultEntryMissing"/> (it isn't there),
/// <see cref="FailureKind.VaultEntryDisabled"/> (it is there, and somebody has switched it off in the vault) and, before
/// any call, <see cref="FailureKind.Pkcs12TooLarge"/> (see <see cref="VaultEntry.MaxPkcs12Bytes"/>) and what <see cref="Refuse"/> says.
/// Only cancellation throws. One conformance suite holds every implementation to this.
/// </remarks>
public interface ICertificateVault
{
    /// <summary>Whether the vault can hold a certificate with such a key, told without asking it; most hold any.</summary>
    /// <returns><see cref="FailureKind.Pkcs12KeyUnsupported"/>; null for a key that it can hold.</returns>
    Failure? Refuse(X509Certificate2 certificate) => null;

    /// <summary>Adds a version to the entry, which is made with its first version.</summary>
    /// <param name="pkcs12">Key, certificate and intermediates, as <see cref="Certificates.ClientCertificate.ToPkcs12"/> makes it: no password.</param>
    /// <returns>The vault's own name of the new version.</returns>
    Task<Outcome<string>> StoreAsync(VaultEntry entry, ReadOnlyMemory<byte> pkcs12, CancellationToken cancellation);

    Task<Outcome<byte[]>> LoadAsync(VaultEntry entry, string version, CancellationToken cancellation);

    /// <summary>Newest first; empty when the entry doesn't exist.</summary>
    Task<Outcome<string[]>> ListVersionsAsync(VaultEntry entry, CancellationToken cancellation);

    /// <summary>Deletes the entry with all its versions; deleting what isn't there succeeds.</summary>
    /// <returns>True.</returns>
    Task<Outcome<bool>> DeleteAsync(VaultEntry entry, CancellationToken cancellation);

    /// <summary>True when a store would probably work now.</summary>
    Task<bool> IsReachableAsync(CancellationToken cancellation);
}
