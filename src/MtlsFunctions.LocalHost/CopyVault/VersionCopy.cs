using System.Security.Cryptography;
using MtlsFunctions.Certificates;
using MtlsFunctions.CertificateVaults;

namespace MtlsFunctions.LocalHost.CopyVault;

/// <summary>Copies one version of an entry from vault to vault and verifies it by loading it from there.</summary>
internal sealed class VersionCopy(ICertificateVault from, ICertificateVault to, CopyCounts counts)
{
    private static readonly Failure Unreadable = new(FailureKind.VaultEntryMissing, "the source holds something that can't be read");

    private static readonly Failure Different = new(FailureKind.VaultEntryMissing, "what the target gives back is not what the source holds");

    private static readonly Failure Another = new(FailureKind.VaultEntryMissing, "the source holds another certificate than the row describes");

    /// <param name="version">The source's name of the version.</param>
    /// <param name="thumbprint">Of the certificate that it must be: SHA-256, lower-case hex. Null for a key of the gateway from before thumbprints were kept.</param>
    /// <param name="earlier">The target's name of it, if an earlier run came so far.</param>
    /// <returns>The target's name of it, verified.</returns>
    public async Task<Outcome<string>> CopyAsync(VaultEntry entry, string version, string? thumbprint, string? earlier, CancellationToken cancellation)
    {
        if (!(await from.LoadAsync(entry, version, cancellation)).TryGet(out var pkcs12, out var failure))
            return failure;
        using var wanted = Read(pkcs12);
        if (wanted is null)
            return Unreadable;
        if (thumbprint is not null && wanted.Thumbprint != thumbprint)
            return Another;
        if (earlier is not null && (await IsThereAsync(entry, earlier, wanted, cancellation)).TryGet(out var isThere, out _) && isThere)
        {
            counts.AddAlready();
            return earlier;
        }

        if (to.Refuse(wanted.Leaf) is { } refused)
            return refused;
        if (!(await to.StoreAsync(entry, pkcs12, cancellation)).TryGet(out var stored, out failure))
            return failure;
        if (!(await IsThereAsync(entry, stored, wanted, cancellation)).TryGet(out isThere, out failure))
            return failure;
        if (!isThere)
            return Different;
        counts.AddCopied();
        return stored;
    }

    private async Task<Outcome<bool>> IsThereAsync(VaultEntry entry, string version, ClientCertificate wanted, CancellationToken cancellation)
    {
        if (!(await to.LoadAsync(entry, version, cancellation)).TryGet(out var pkcs12, out var failure))
            return failure;
        using var found = Read(pkcs12);
        return found is not null && found.Leaf.RawDataMemory.Span.SequenceEqual(wanted.Leaf.RawDataMemory.Span) && Chain(found).SetEquals(Chain(wanted));
    }

    // With its own key, which a p12 pairs by a mere attribute.
    private static ClientCertificate? Read(byte[] pkcs12)
    {
        try
        {
            var read = ClientCertificate.FromVault(pkcs12);
            if (KeyPair.Matches(read.Leaf))
                return read;
            read.Dispose();
            return null;
        }
        catch (CryptographicException)
        {
            return null;
        }
    }

    private static HashSet<string> Chain(ClientCertificate certificate) =>
        [.. certificate.Intermediates.Select(one => one.GetCertHashString(HashAlgorithmName.SHA256))];
}
