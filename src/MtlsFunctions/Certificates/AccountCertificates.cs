using System.Security.Cryptography;
using Azure.Data.Tables;
using MtlsFunctions.Authorization;
using MtlsFunctions.CertificateVaults;
using MtlsFunctions.Storage;

namespace MtlsFunctions.Certificates;

/// <summary>An account's client certificates: metadata in the table, keys in the vault.</summary>
public sealed partial class AccountCertificates(AccountTable table, ICertificateVault vault, ILogger<AccountCertificates> log)
{
    public Task<List<CertificateRow>> ListAsync(AccountId account, CancellationToken cancellation) =>
        table.ListAsync<CertificateRow>(account, RowKinds.Certificate, cancellation);

    /// <returns><see cref="FailureKind.NotFound"/> for an id that isn't this account's, whoever else's it is.</returns>
    public async Task<Outcome<CertificateRow>> FindAsync(AccountId account, long id, CancellationToken cancellation) =>
        await table.FindAsync<CertificateRow>(account, CertificateRow.KeyOf(id), cancellation) is { } row ? row : NotFound(id);

    /// <summary>
    /// First the row, then the vault, then the row's version: whenever this stops half-way, the row names the vault entry, no
    /// secret is without its row, and an update repairs it.
    /// </summary>
    /// <returns>The row; without a vault version when the vault failed. <see cref="FailureKind.NameTaken"/> for a name in use.</returns>
    public async Task<Outcome<CertificateRow>> CreateAsync(
        AccountId account, string name, string displayName, ClientCertificate certificate, CancellationToken cancellation)
    {
        var entry = VaultEntry.New(account);
        var row = NewRow(entry, name, displayName, certificate);
        var inserted = await table.ChangeAsync<bool>(account, change =>
        {
            change.Insert(row);
            change.Insert(
                new OwnerRow { PartitionKey = account.Value, RowKey = RowKeys.Of(RowKinds.CertificateName, name), Id = row.Id },
                new Failure(FailureKind.NameTaken, $"This account has a certificate named '{name}': choose another name, or update that one."));
            return Task.FromResult<Outcome<bool>>(true);
        }, cancellation);
        if (!inserted.TryGet(out _, out var failure))
            return failure;

        // From here on the work is finished even if the caller has gone.
        var stored = await vault.StoreAsync(entry, certificate.ToPkcs12(), CancellationToken.None);
        if (!stored.TryGet(out var version, out failure))
        {
            LogVaultFailed(account.Value, row.Id, failure.Kind);
            return row;
        }

        var used = await UseVersionAsync(account, row.Id, version);
        // Deleted while it was being stored: the deletion could not see this vault version.
        if (!used.TryGet(out _, out failure) && failure.Kind == FailureKind.NotFound)
            await DeleteEntryAsync(entry);
        return used;
    }

    /// <summary>The key material of the version in use.</summary>
    public async Task<Outcome<ClientCertificate>> LoadAsync(CertificateRow row, AccountId account, CancellationToken cancellation)
    {
        if (row.VaultVersion is null)
            return new Failure(FailureKind.VaultEntryMissing, "Upload the certificate again: the vault doesn't hold it.");
        var loaded = await vault.LoadAsync(new VaultEntry(account, row.VaultName), row.VaultVersion, cancellation);
        if (!loaded.TryGet(out var pkcs12, out var failure))
            return failure;
        try
        {
            return ClientCertificate.FromVault(pkcs12);
        }
        catch (CryptographicException fault)
        {
            LogUnreadable(fault, account.Value, row.Id);
            return new Failure(FailureKind.VaultEntryMissing, "Upload the certificate again: what the vault holds can't be read.");
        }
    }

    /// <returns>The deleted row; <see cref="FailureKind.NotFound"/>; <see cref="FailureKind.CertificateInUse"/> naming the mappings.</returns>
    public async Task<Outcome<CertificateRow>> DeleteAsync(AccountId account, long id, CancellationToken cancellation)
    {
        var deleted = await table.ChangeAsync<CertificateRow>(account, async change =>
        {
            if (!(await FindAsync(account, id, cancellation)).TryGet(out var row, out var missing))
                return missing;
            var users = await table.ListAsync<MappingRow>(
                account, RowKinds.Mapping, cancellation, TableClient.CreateQueryFilter($"CertificateId eq {id}"));
            if (users.Count > 0)
                return InUse(users);
            change.Delete(row);
            change.Delete(account, RowKeys.Of(RowKinds.CertificateName, row.Name));
            var tombstone = row.Tombstone();
            change.Insert(tombstone);
            return tombstone;
        }, cancellation);
        if (deleted.TryGet(out var gone, out _))
            await DeleteEntryAsync(new VaultEntry(account, gone.VaultName));
        return deleted;
    }

    // Without its row nothing can use the entry any more, so a vault that fails here costs tidiness, not safety.
    private async Task DeleteEntryAsync(VaultEntry entry)
    {
        if (!(await vault.DeleteAsync(entry, CancellationToken.None)).TryGet(out _, out var failure))
            LogEntryLeft(entry.Account.Value, entry.Name, failure.Kind);
    }

    private async Task<Outcome<CertificateRow>> UseVersionAsync(AccountId account, long id, string vaultVersion) =>
        await table.ChangeAsync<CertificateRow>(account, async change =>
        {
            if (!(await FindAsync(account, id, CancellationToken.None)).TryGet(out var row, out var missing))
                return missing;
            row.VaultVersion = vaultVersion;
            change.Replace(row);
            return row;
        }, CancellationToken.None);

    private static CertificateRow NewRow(VaultEntry entry, string name, string displayName, ClientCertificate certificate)
    {
        var id = Ids.Next();
        return new CertificateRow
        {
            PartitionKey = entry.Account.Value,
            RowKey = CertificateRow.KeyOf(id),
            Id = id,
            Name = name,
            DisplayName = displayName,
            VaultName = entry.Name,
            Version = 1,
            Thumbprint = certificate.Thumbprint,
            Subject = certificate.Leaf.Subject,
            Issuer = certificate.Leaf.Issuer,
            KeyAlgorithm = KeyPolicy.Describe(certificate.Leaf),
            NotBefore = certificate.NotBefore,
            NotAfter = certificate.NotAfter,
        };
    }

    private static Failure NotFound(long id) => new(FailureKind.NotFound, $"This account has no certificate {id}.");

    private static Failure InUse(List<MappingRow> users)
    {
        const int named = 10;
        var names = string.Join(", ", users.Take(named).Select(user => $"'{user.Name}' ({user.Id})"));
        var more = users.Count > named ? $" and {users.Count - named} more" : "";
        return new Failure(FailureKind.CertificateInUse, $"Delete or repoint its mappings first: {names}{more}.");
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Certificate {CertificateId} of account {Account} could not be stored in the vault: {Failure}")]
    private partial void LogVaultFailed(string account, long certificateId, FailureKind failure);

    [LoggerMessage(Level = LogLevel.Error, Message = "The vault holds something unreadable for certificate {CertificateId} of account {Account}")]
    private partial void LogUnreadable(Exception fault, string account, long certificateId);

    [LoggerMessage(Level = LogLevel.Error, Message = "Vault entry {Entry} of a deleted certificate of account {Account} could not be deleted: {Failure}")]
    private partial void LogEntryLeft(string account, string entry, FailureKind failure);
}
