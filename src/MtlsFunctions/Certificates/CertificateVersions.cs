using MtlsFunctions.Authorization;
using MtlsFunctions.Storage;

namespace MtlsFunctions.Certificates;

/// <summary>The versions of an account's certificates: each update adds one, a rollback goes back to one.</summary>
public sealed class CertificateVersions(AccountTable table, CertificateKeys keys, TimeProvider clock)
{
    /// <summary>Versions of one certificate that can be gone back to; older ones are forgotten.</summary>
    public const int MaxKept = 50;

    /// <returns>Newest first.</returns>
    public async Task<List<CertificateVersionRow>> ListAsync(AccountId account, long certificateId, CancellationToken cancellation)
    {
        var rows = await table.ListAsync<CertificateVersionRow>(account, CertificateVersionRow.KindOf(certificateId), cancellation);
        rows.Reverse();
        return rows;
    }

    /// <summary>Part of a change: the row goes on with a new version, which is remembered.</summary>
    /// <param name="row">Describes the new certificate already.</param>
    /// <param name="vaultVersion">The vault's name of what was just stored.</param>
    public void Add(AccountChange change, AccountId account, CertificateRow row, string vaultVersion)
    {
        row.Version = ++row.LatestVersion;
        row.VaultVersion = vaultVersion;
        row.Lost = false;
        change.Insert(CertificateVersionRow.Of(row, clock.GetUtcNow()));
        if (row.LatestVersion > MaxKept)
            change.Delete(account, CertificateVersionRow.KeyOf(row.Id, row.LatestVersion - MaxKept), CertificateVersionRow.Weight);
    }

    /// <summary>Part of a change: all versions go.</summary>
    public async Task DeleteAsync(AccountChange change, AccountId account, long certificateId, CancellationToken cancellation)
    {
        foreach (var version in await ListAsync(account, certificateId, cancellation))
            change.Delete(version);
    }

    /// <summary>Makes an earlier version the one in use, once the vault has shown that it still holds it and it is valid.</summary>
    /// <returns><see cref="FailureKind.NotFound"/> for an unknown certificate or version; otherwise why the one in use stays.</returns>
    public async Task<Outcome<CertificateRow>> RollBackAsync(AccountId account, long certificateId, long version, CancellationToken cancellation)
    {
        if (!(await FindAsync(account, certificateId, version, cancellation)).TryGet(out var found, out var failure))
            return failure;
        if (!(await keys.LoadAsync(account, found.Certificate, found.Version, cancellation)).TryGet(out var certificate, out failure))
            return failure;
        using (certificate)
        {
            if (certificate.RefuseByTime(clock.GetUtcNow()) is { } outOfTime)
                return outOfTime;
        }

        return await table.ChangeAsync<CertificateRow>(account, async change =>
        {
            if (!(await FindAsync(account, certificateId, version, cancellation)).TryGet(out var current, out var gone))
                return gone;
            var weighed = current.Certificate.Weigh();
            current.Certificate.TakeFrom(current.Version);
            current.Certificate.Lost = false;
            change.Replace(current.Certificate, weighed);
            change.IgnoresQuota = true;
            return current.Certificate;
        }, cancellation);
    }

    private async Task<Outcome<(CertificateRow Certificate, CertificateVersionRow Version)>> FindAsync(
        AccountId account, long certificateId, long version, CancellationToken cancellation)
    {
        if (await table.FindAsync<CertificateRow>(account, CertificateRow.KeyOf(certificateId), cancellation) is not { } certificate)
            return AccountCertificates.NotFound(certificateId);
        return version is > 0 and <= int.MaxValue
            && await table.FindAsync<CertificateVersionRow>(account, CertificateVersionRow.KeyOf(certificateId, (int)version), cancellation) is { } found
            ? (certificate, found)
            : new Failure(FailureKind.NotFound, $"Certificate {certificateId} has no version {version}, or it is too old to be kept.");
    }
}
