using MtlsFunctions.Authorization;
using MtlsFunctions.Storage;

namespace MtlsFunctions.Mappings;

/// <summary>An account's mappings. Every change is one table transaction: all of it or nothing.</summary>
public sealed class AccountMappings(AccountTable table)
{
    private const int RowsPerMapping = 3;

    /// <summary>Mappings that one request may create or delete: what one table transaction holds, less the revision row.</summary>
    public const int MaxItems = (AccountChange.MaxRows - 1) / RowsPerMapping;

    public async Task<(List<MappingSummaryRow> Rows, long Revision)> ListAsync(AccountId account, CancellationToken cancellation)
    {
        // Read first: a change in between makes the caller's next If-Match fail, which is the safe side.
        var revision = await table.RevisionAsync(account, cancellation);
        return (await table.ListAsync<MappingSummaryRow>(account, RowKinds.Mapping, cancellation, columns: MappingSummaryRow.Columns), revision.Value);
    }

    public async Task<Outcome<(MappingRow Row, long Revision)>> FindAsync(AccountId account, long id, CancellationToken cancellation)
    {
        var revision = await table.RevisionAsync(account, cancellation);
        return await table.FindAsync<MappingRow>(account, MappingRow.KeyOf(id), cancellation) is { } row ? (row, revision.Value) : NotFound(id);
    }

    /// <returns>The rows in the order submitted, and the account's revision; or the first bad item's failure with its index.</returns>
    public async Task<Outcome<(MappingRow[] Rows, long Revision)>> CreateAsync(
        AccountId account, IReadOnlyList<NewMapping> mappings, long? expectedRevision, CancellationToken cancellation)
    {
        if (Duplicate(mappings) is { } duplicate)
            return duplicate;
        return await table.ChangeAsync<(MappingRow[] Rows, long Revision)>(account, async change =>
        {
            if (AccountRevision.Refuse(expectedRevision, change) is { } stale)
                return stale;
            // A deletion of one of these certificates moves the revision too, so it can't slip in between.
            if (await UnknownCertificateAsync(account, mappings, cancellation) is { } unknown)
                return unknown;
            var rows = mappings.Select(mapping => mapping.ToRow(account)).ToArray();
            for (var at = 0; at < rows.Length; at++)
            {
                change.Insert(rows[at]);
                change.Insert(Owner(account, mappings[at].KeyRow, rows[at].Id), TripletTaken(mappings[at]).At(at));
                change.Insert(Owner(account, mappings[at].NameRow, rows[at].Id), NameTaken(mappings[at]).At(at));
            }

            return (rows, change.Revision);
        }, cancellation);
    }

    /// <summary>Changes only the mappings that are named.</summary>
    /// <returns>As <see cref="CreateAsync"/>; <see cref="FailureKind.NotFound"/> for an id that isn't this account's.</returns>
    public async Task<Outcome<(MappingRow[] Rows, long Revision)>> UpdateAsync(
        AccountId account, IReadOnlyList<(long Id, NewMapping Mapping)> updates, long? expectedRevision, CancellationToken cancellation)
    {
        var mappings = updates.Select(update => update.Mapping).ToArray();
        if (Duplicate(mappings) is { } duplicate)
            return duplicate;
        return await table.ChangeAsync<(MappingRow[] Rows, long Revision)>(account, async change =>
        {
            if (AccountRevision.Refuse(expectedRevision, change) is { } stale)
                return stale;
            if (await UnknownCertificateAsync(account, mappings, cancellation) is { } unknown)
                return unknown;
            var rows = new MappingRow[updates.Count];
            var owners = new OwnerMoves(account);
            for (var at = 0; at < rows.Length; at++)
            {
                if (await table.FindAsync<MappingRow>(account, MappingRow.KeyOf(updates[at].Id), cancellation) is not { } row)
                    return NotFound(updates[at].Id).At(at);
                owners.Move(MappingKey.Of(row), mappings[at].KeyRow, row.Id, TripletTaken(mappings[at]).At(at));
                owners.Move(RowKeys.Of(RowKinds.MappingName, row.Name), mappings[at].NameRow, row.Id, NameTaken(mappings[at]).At(at));
                var weighed = row.Weigh();
                mappings[at].ApplyTo(row);
                change.Replace(row, weighed);
                rows[at] = row;
            }

            owners.AddTo(change);
            return change.Rows <= AccountChange.MaxRows
                ? (rows, change.Revision)
                : new Failure(FailureKind.TooManyItems, $"These changes need {change.Rows} table rows and one transaction holds {AccountChange.MaxRows}: send fewer, {AccountChange.MaxRows / 5} always fit.");
        }, cancellation);
    }

    /// <returns>What was deleted; <see cref="FailureKind.NotFound"/> when one of the ids isn't this account's, and nothing is deleted.</returns>
    public async Task<Outcome<(MappingRow[] Rows, long Revision)>> DeleteAsync(
        AccountId account, IReadOnlyCollection<long> ids, long? expectedRevision, CancellationToken cancellation) =>
        await table.ChangeAsync<(MappingRow[] Rows, long Revision)>(account, async change =>
        {
            if (AccountRevision.Refuse(expectedRevision, change) is { } stale)
                return stale;
            var rows = new List<MappingRow>();
            foreach (var id in ids)
            {
                if (await table.FindAsync<MappingRow>(account, MappingRow.KeyOf(id), cancellation) is not { } row)
                    return NotFound(id);
                change.Delete(row);
                change.Delete(account, MappingKey.Of(row));
                change.Delete(account, RowKeys.Of(RowKinds.MappingName, row.Name));
                row.Deleted = true;
                rows.Add(row);
            }

            return (rows.ToArray(), change.Revision);
        }, cancellation);

    private async Task<Failure?> UnknownCertificateAsync(AccountId account, IReadOnlyList<NewMapping> mappings, CancellationToken cancellation)
    {
        var known = new HashSet<long>();
        for (var at = 0; at < mappings.Count; at++)
        {
            var id = mappings[at].CertificateId;
            if (!known.Contains(id) && await table.FindAsync<CertificateRow>(account, CertificateRow.KeyOf(id), cancellation) is null)
                return new Failure(FailureKind.CertificateUnknown, $"This account has no certificate {id}: upload it first.").At(at);
            known.Add(id);
        }

        return null;
    }

    private static Failure? Duplicate(IReadOnlyList<NewMapping> mappings)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        var keys = new HashSet<string>(StringComparer.Ordinal);
        for (var at = 0; at < mappings.Count; at++)
        {
            if (!keys.Add(mappings[at].KeyRow))
                return TripletTaken(mappings[at]).At(at);
            if (!names.Add(mappings[at].NameRow))
                return NameTaken(mappings[at]).At(at);
        }

        return null;
    }

    private static OwnerRow Owner(AccountId account, string key, long id) => new() { PartitionKey = account.Value, RowKey = key, Id = id };

    private static Failure NotFound(long id) => new(FailureKind.NotFound, $"This account has no mapping {id}.");

    private static Failure TripletTaken(NewMapping mapping) =>
        new(FailureKind.TripletTaken, $"{mapping.Service.Name} with this URL is mapped already, by another mapping or earlier in this request: change that one.");

    private static Failure NameTaken(NewMapping mapping) =>
        new(FailureKind.NameTaken, $"The name '{mapping.Name}' is used by another mapping or earlier in this request: choose another.");
}
