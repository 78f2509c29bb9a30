using Azure.Data.Tables;
using MtlsFunctions.Authorization;
using MtlsFunctions.CertificateVaults;
using MtlsFunctions.Storage;

namespace MtlsFunctions.LocalHost.CopyVault;

/// <summary>Copies one entry: its versions, oldest first, each followed by the row that names it, and at last the row that owns it.</summary>
internal sealed class EntryCopy(VaultSide from, VaultSide to, CopyCounts counts, Action<string> say)
{
    private const string VaultVersion = nameof(DescribedRow.VaultVersion);
    private const string Thumbprint = nameof(DescribedRow.Thumbprint);

    private readonly VersionCopy versions = new(from.Vault, to.Vault, counts);

    public static bool IsOwner(TableEntity row) => IsOf(RowKinds.Certificate, row) || IsOf(RowKinds.GatewayKey, row);

    public static bool IsVersion(TableEntity row) => IsOf(RowKinds.CertificateVersion, row);

    /// <summary>What an owner and the rows of its versions have in common.</summary>
    public static (string, string) KeyOf(TableEntity row) => (row.PartitionKey, IsVersion(row)
        ? row.RowKey[..row.RowKey.LastIndexOf('_')]
        : RowKeys.Of(RowKinds.CertificateVersion, IdOf(row)));

    public async Task CopyAsync(TableEntity owner, IEnumerable<TableEntity> itsVersions, CancellationToken cancellation)
    {
        var account = AccountId.FromStored(owner.PartitionKey) ?? throw new LocalHostException($"'{owner.PartitionKey}' in the source table is no account.");
        var entry = new VaultEntry(account, owner.GetString(nameof(CertificateRow.VaultName)), IdOf(owner));
        var named = new Dictionary<(string, string?), string?>();
        foreach (var row in itsVersions.OrderBy(row => row.RowKey, StringComparer.Ordinal).Append(owner))
        {
            if (row.GetString(VaultVersion) is { } version)
            {
                // A vault that was restored gives its numbers again: two rows may name one and mean two certificates.
                if (!named.TryGetValue((version, row.GetString(Thumbprint)), out var copied))
                    named[(version, row.GetString(Thumbprint))] = copied = await CopyAsync(entry, version, row, cancellation);
                // Without its version the row would promise what isn't there.
                if (copied is null)
                    continue;
                row[VaultVersion] = copied;
            }

            await to.Table.UpsertEntityAsync(row, TableUpdateMode.Replace, cancellation);
            counts.AddRow();
        }
    }

    private async Task<string?> CopyAsync(VaultEntry entry, string version, TableEntity row, CancellationToken cancellation)
    {
        var before = await to.Table.GetEntityIfExistsAsync<TableEntity>(row.PartitionKey, row.RowKey, [VaultVersion], cancellation);
        var outcome = await versions.CopyAsync(
            entry, version, row.GetString(Thumbprint), before.HasValue ? before.Value!.GetString(VaultVersion) : null, cancellation);
        if (outcome.TryGet(out var copied, out var failure))
            return copied;
        counts.AddFailed();
        say($"Not copied: {row.RowKey} of account {entry.Account}: {Problems.Of(failure.Kind).Name}, {failure.Detail}");
        return null;
    }

    private static long IdOf(TableEntity owner) => owner.GetInt64(nameof(CertificateRow.Id))!.Value;

    private static bool IsOf(string kind, TableEntity row) => row.RowKey.StartsWith(kind + "_", StringComparison.Ordinal);
}
