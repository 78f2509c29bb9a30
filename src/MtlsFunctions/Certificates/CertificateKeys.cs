using System.Security.Cryptography;
using MtlsFunctions.Authorization;
using MtlsFunctions.CertificateVaults;
using MtlsFunctions.Storage;

namespace MtlsFunctions.Certificates;

/// <summary>
/// The key material of certificates: what their rows name in the vault. What the vault turns out to lack, or to hold after all, is
/// noted in the row, so that everybody sees it who only asks the table. A vault's version says what to load and nothing about who it is
/// (a vault that was restored gives its numbers again), so whatever is loaded must be the certificate that the row describes.
/// </summary>
public sealed partial class CertificateKeys(ICertificateVault vault, AccountTable table, ILogger<CertificateKeys> log)
{
    /// <summary>The version in use.</summary>
    public async Task<Outcome<ClientCertificate>> LoadAsync(AccountId account, CertificateRow row, CancellationToken cancellation)
    {
        var loaded = await LoadAsync(account, row, row, cancellation);
        var isLost = !loaded.TryGet(out _, out var failure) && failure.Kind == FailureKind.VaultEntryMissing;
        var isAnswer = failure is null || isLost;
        if (isAnswer && isLost != row.Lost && row.VaultVersion is not null)
            await NoteAsync(account, row, isLost);
        return loaded;
    }

    /// <summary>Any version.</summary>
    public async Task<Outcome<ClientCertificate>> LoadAsync(AccountId account, CertificateRow row, DescribedRow version, CancellationToken cancellation)
    {
        if (version.VaultVersion is not { } vaultVersion)
            return new Failure(FailureKind.VaultEntryMissing, "Upload the certificate again: the vault doesn't hold it.");
        if (!(await vault.LoadAsync(EntryOf(account, row) with { StoredAt = version.Timestamp }, vaultVersion, cancellation)).TryGet(out var pkcs12, out var failure))
            return failure;
        try
        {
            var certificate = ClientCertificate.FromVault(pkcs12);
            if (certificate.Thumbprint == version.Thumbprint)
                return certificate;
            LogAnother(account.Value, row.Id, version.Version, certificate.Thumbprint);
            certificate.Dispose();
            return new Failure(FailureKind.VaultEntryMissing, "Upload the certificate again: the vault holds another one in its place.");
        }
        catch (CryptographicException fault)
        {
            LogUnreadable(fault, account.Value, row.Id);
            return new Failure(FailureKind.VaultEntryMissing, "Upload the certificate again: what the vault holds can't be read.");
        }
    }

    /// <returns>The vault's names of all versions that it holds and would give out; null when it can't say.</returns>
    public async Task<HashSet<string>?> HeldAsync(AccountId account, CertificateRow row, CancellationToken cancellation) =>
        (await vault.ListVersionsAsync(EntryOf(account, row), cancellation)).TryGet(out var held, out _) ? [.. held] : null;

    /// <returns>The vault's name of the new version. Not cancelled by a caller who leaves: what has begun is finished.</returns>
    public async Task<Outcome<string>> StoreAsync(AccountId account, CertificateRow row, ClientCertificate certificate)
    {
        var stored = await vault.StoreAsync(EntryOf(account, row), certificate.ToPkcs12(), CancellationToken.None);
        if (!stored.TryGet(out _, out var failure))
            LogVaultFailed(account.Value, row.Id, failure.Kind);
        return stored;
    }

    /// <summary>Without its row nothing can use the entry any more, so a vault that fails here costs tidiness, not safety.</summary>
    public async Task DeleteAsync(AccountId account, CertificateRow row)
    {
        if (!(await vault.DeleteAsync(EntryOf(account, row), CancellationToken.None)).TryGet(out _, out var failure))
            LogEntryLeft(account.Value, row.VaultName, failure.Kind);
    }

    private async Task NoteAsync(AccountId account, CertificateRow seen, bool isLost)
    {
        try
        {
            await table.ChangeAsync<CertificateRow>(account, async change =>
            {
                // Nothing to say any more about a certificate that has been updated or deleted meanwhile.
                if (await table.FindAsync<CertificateRow>(account, seen.RowKey, CancellationToken.None) is not { } row || row.Version != seen.Version)
                    return AccountCertificates.NotFound(seen.Id);
                row.Lost = isLost;
                change.Replace(row);
                return row;
            }, CancellationToken.None);
        }
        catch (DependencyUnavailableException fault)
        {
            // The next load says the same.
            LogNotNoted(fault, seen.Id, account.Value);
        }
    }

    private static VaultEntry EntryOf(AccountId account, CertificateRow row) => new(account, row.VaultName, row.Id);

    [LoggerMessage(Level = LogLevel.Error, Message = "Certificate {CertificateId} of account {Account} could not be stored in the vault: {Failure}")]
    private partial void LogVaultFailed(string account, long certificateId, FailureKind failure);

    [LoggerMessage(Level = LogLevel.Error, Message = "The vault holds something unreadable for certificate {CertificateId} of account {Account}")]
    private partial void LogUnreadable(Exception fault, string account, long certificateId);

    [LoggerMessage(Level = LogLevel.Error, Message =
        "For version {Version} of certificate {CertificateId} of account {Account} the vault holds another certificate, {Thumbprint}: it is not used")]
    private partial void LogAnother(string account, long certificateId, int version, string thumbprint);

    [LoggerMessage(Level = LogLevel.Error, Message = "Vault entry {Entry} of a deleted certificate of account {Account} could not be deleted: {Failure}")]
    private partial void LogEntryLeft(string account, string entry, FailureKind failure);

    [LoggerMessage(Level = LogLevel.Warning, Message = "What the vault holds of certificate {CertificateId} of account {Account} could not be noted")]
    private partial void LogNotNoted(Exception fault, long certificateId, string account);
}
