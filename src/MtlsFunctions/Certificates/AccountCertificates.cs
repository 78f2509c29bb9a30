using Azure.Data.Tables;
using MtlsFunctions.Authorization;
using MtlsFunctions.CertificateVaults;
using MtlsFunctions.Storage;

namespace MtlsFunctions.Certificates;

/// <summary>An account's client certificates: metadata in the table, keys in the vault.</summary>
public sealed class AccountCertificates(AccountTable table, CertificateVersions versions, CertificateKeys keys)
{
    // Table storage knows no time before this one.
    private static readonly DateTimeOffset Earliest = new(1601, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public Task<List<CertificateRow>> ListAsync(AccountId account, CancellationToken cancellation) =>
        table.ListAsync<CertificateRow>(account, RowKinds.Certificate, cancellation);

    /// <returns><see cref="FailureKind.NotFound"/> for an id that isn't this account's, whoever else's it is.</returns>
    public async Task<Outcome<CertificateRow>> FindAsync(AccountId account, long id, CancellationToken cancellation) =>
        await table.FindAsync<CertificateRow>(account, CertificateRow.KeyOf(id), cancellation) is { } row ? row : NotFound(id);

    /// <summary>
    /// First the rows, then the vault, then the rows' versions: whenever this stops half-way, a row names the vault entry, no
    /// secret is without its row, and an update repairs it.
    /// </summary>
    /// <returns>In the order given. <see cref="FailureKind.NameTaken"/> with its index for a name in use: then nothing is stored.</returns>
    public async Task<Outcome<SavedCertificate[]>> CreateAsync(
        AccountId account, IReadOnlyList<NewCertificate> submitted, CancellationToken cancellation)
    {
        var rows = submitted.Select(one => NewRow(account, one)).ToArray();
        var inserted = await table.ChangeAsync<bool>(account, change =>
        {
            for (var at = 0; at < rows.Length; at++)
            {
                change.Insert(rows[at]);
                change.Insert(NameRow(account, rows[at].Name, rows[at].Id), NameTaken(rows[at].Name).At(at));
            }

            return Task.FromResult<Outcome<bool>>(true);
        }, cancellation);
        if (!inserted.TryGet(out _, out var failure))
            return failure;

        var saved = new SavedCertificate[rows.Length];
        for (var at = 0; at < rows.Length; at++)
        {
            // From here on the work is finished even if the caller has gone.
            var stored = await StoreAsync(account, rows[at], submitted[at]);
            if (!stored.TryGet(out saved[at]!, out failure))
                return failure.At(at);
        }

        return saved;
    }

    /// <summary>Each gets its next version and keeps serving the old one until that is stored, or for good when the vault fails.</summary>
    /// <returns>As <see cref="CreateAsync"/>; <see cref="FailureKind.NotFound"/> with its index: then nothing is stored.</returns>
    public async Task<Outcome<SavedCertificate[]>> UpdateAsync(
        AccountId account, IReadOnlyList<(long Id, NewCertificate Certificate)> updates, CancellationToken cancellation)
    {
        var rows = new CertificateRow[updates.Count];
        for (var at = 0; at < rows.Length; at++)
        {
            if (!(await FindAsync(account, updates[at].Id, cancellation)).TryGet(out rows[at]!, out var missing))
                return missing.At(at);
            if (await IsTakenAsync(account, updates[at], cancellation))
                return NameTaken(updates[at].Certificate.Name).At(at);
        }

        var saved = new SavedCertificate[rows.Length];
        for (var at = 0; at < rows.Length; at++)
        {
            if (!(await StoreAsync(account, rows[at], updates[at].Certificate)).TryGet(out saved[at]!, out var failure))
                return failure.At(at);
        }

        return saved;
    }

    /// <summary>Switches it off, so that no forward uses it, or on again.</summary>
    public Task<Outcome<CertificateRow>> DisableAsync(AccountId account, long id, bool disabled, CancellationToken cancellation) =>
        table.ChangeAsync<CertificateRow>(account, async change =>
        {
            if (!(await FindAsync(account, id, cancellation)).TryGet(out var row, out var missing))
                return missing;
            row.Disabled = disabled;
            change.Replace(row);
            return row;
        }, cancellation);

    /// <returns>The deleted row; <see cref="FailureKind.NotFound"/>; <see cref="FailureKind.CertificateInUse"/> naming the mappings.</returns>
    public async Task<Outcome<CertificateRow>> DeleteAsync(AccountId account, long id, CancellationToken cancellation)
    {
        var deleted = await table.ChangeAsync<CertificateRow>(account, async change =>
        {
            if (!(await FindAsync(account, id, cancellation)).TryGet(out var row, out var missing))
                return missing;
            var users = await table.ListAsync<MappingSummaryRow>(
                account, RowKinds.Mapping, cancellation, TableClient.CreateQueryFilter($"CertificateId eq {id}"), MappingSummaryRow.Columns);
            if (users.Count > 0)
                return InUse(users);
            await versions.DeleteAsync(change, account, id, cancellation);
            change.Delete(row);
            change.Delete(account, NameKey(row.Name));
            change.Insert(row.Tombstone());
            row.Deleted = true;
            return row;
        }, cancellation);
        if (deleted.TryGet(out var gone, out _))
            await keys.DeleteAsync(account, gone);
        return deleted;
    }

    private async Task<Outcome<SavedCertificate>> StoreAsync(AccountId account, CertificateRow row, NewCertificate submitted)
    {
        if (!(await keys.StoreAsync(account, row, submitted.Certificate)).TryGet(out var version, out var failure))
            return new SavedCertificate(row, InVault: false);
        var used = await UseVersionAsync(account, row.Id, version, submitted);
        // Deleted while it was being stored: the deletion could not see this vault version.
        if (!used.TryGet(out _, out failure) && failure.Kind == FailureKind.NotFound)
            await keys.DeleteAsync(account, row);
        return used;
    }

    private Task<Outcome<SavedCertificate>> UseVersionAsync(AccountId account, long id, string version, NewCertificate submitted) =>
        table.ChangeAsync<SavedCertificate>(account, async change =>
        {
            if (!(await FindAsync(account, id, CancellationToken.None)).TryGet(out var current, out var missing))
                return missing;
            if (current.Name != submitted.Name)
            {
                change.Insert(NameRow(account, submitted.Name, id), NameTaken(submitted.Name));
                change.Delete(account, NameKey(current.Name));
            }

            var weighed = current.Weigh();
            Describe(current, submitted);
            versions.Add(change, account, current, version);
            change.Replace(current, weighed);
            change.IgnoresQuota = true;
            return new SavedCertificate(current, InVault: true);
        }, CancellationToken.None);

    private async Task<bool> IsTakenAsync(AccountId account, (long Id, NewCertificate Certificate) update, CancellationToken cancellation) =>
        await table.FindAsync<OwnerRow>(account, NameKey(update.Certificate.Name), cancellation) is { } owner && owner.Id != update.Id;

    private static CertificateRow NewRow(AccountId account, NewCertificate submitted)
    {
        var id = Ids.Next();
        var row = new CertificateRow
        {
            PartitionKey = account.Value,
            RowKey = CertificateRow.KeyOf(id),
            Id = id,
            VaultName = VaultEntry.NewName(),
        };
        Describe(row, submitted);
        return row;
    }

    private static void Describe(CertificateRow row, NewCertificate submitted)
    {
        var certificate = submitted.Certificate;
        row.Name = submitted.Name;
        row.DisplayName = submitted.DisplayName;
        row.Thumbprint = certificate.Thumbprint;
        row.Subject = certificate.Leaf.Subject;
        row.Issuer = certificate.Leaf.Issuer;
        row.KeyAlgorithm = KeyPolicy.Describe(certificate.Leaf);
        row.NotBefore = certificate.NotBefore > Earliest ? certificate.NotBefore : Earliest;
        row.NotAfter = certificate.NotAfter;
    }

    private static string NameKey(string name) => RowKeys.Of(RowKinds.CertificateName, name);

    private static OwnerRow NameRow(AccountId account, string name, long id) => new() { PartitionKey = account.Value, RowKey = NameKey(name), Id = id };

    public static Failure NameTaken(string name) =>
        new(FailureKind.NameTaken, $"This account has a certificate named '{name}', or the request names two so: choose another name, or update that one.");

    public static Failure NotFound(long id) => new(FailureKind.NotFound, $"This account has no certificate {id}.");

    private static Failure InUse(List<MappingSummaryRow> users)
    {
        const int named = 10;
        var names = string.Join(", ", users.Take(named).Select(user => $"'{user.Name}' ({user.Id})"));
        var more = users.Count > named ? $" and {users.Count - named} more" : "";
        return new Failure(FailureKind.CertificateInUse, $"Delete or repoint its mappings first: {names}{more}.");
    }
}

/// <summary>A certificate after create or update.</summary>
/// <param name="InVault">False when the vault failed: what it held before, if anything, is still in use.</param>
public sealed record SavedCertificate(CertificateRow Row, bool InVault);
