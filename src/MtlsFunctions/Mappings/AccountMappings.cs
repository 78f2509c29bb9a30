using MtlsFunctions.Authorization;
using MtlsFunctions.Storage;

namespace MtlsFunctions.Mappings;

/// <summary>An account's mappings. Every change is one table transaction: all of it or nothing.</summary>
public sealed class AccountMappings(AccountTable table)
{
    private const int RowsPerMapping = 3;

    /// <summary>Mappings that one request may create: what one table transaction holds, less the revision row.</summary>
    public const int MaxItems = (AccountChange.MaxRows - 1) / RowsPerMapping;

    public async Task<(List<MappingRow> Rows, long Revision)> ListAsync(AccountId account, CancellationToken cancellation)
    {
        // Read first: a change in between makes the caller's next If-Match fail, which is the safe side.
        var revision = await table.RevisionAsync(account, cancellation);
        return (await table.ListAsync<MappingRow>(account, RowKinds.Mapping, cancellation), revision.Value);
    }

    public async Task<Outcome<(MappingRow Row, long Revision)>> FindAsync(AccountId account, long id, CancellationToken cancellation)
    {
        var revision = await table.RevisionAsync(account, cancellation);
        return await table.FindAsync<MappingRow>(account, MappingRow.KeyOf(id), cancellation) is { } row
            ? (row, revision.Value)
            : new Failure(FailureKind.NotFound, $"This account has no mapping {id}.");
    }

    /// <returns>The rows in the order submitted, and the account's revision; or the first bad item's failure with its index.</returns>
    public async Task<Outcome<(MappingRow[] Rows, long Revision)>> CreateAsync(
        AccountId account, IReadOnlyList<NewMapping> mappings, CancellationToken cancellation)
    {
        if (Duplicate(mappings) is { } duplicate)
            return duplicate;
        return await table.ChangeAsync<(MappingRow[] Rows, long Revision)>(account, async change =>
        {
            // A deletion of one of these certificates moves the revision too, so it can't slip in between.
            if (await UnknownCertificateAsync(account, mappings, cancellation) is { } unknown)
                return unknown;
            var rows = mappings.Select(mapping => mapping.ToRow(account)).ToArray();
            for (var at = 0; at < rows.Length; at++)
                Insert(change, account, mappings[at], rows[at], at);
            return (rows, change.Revision);
        }, cancellation);
    }

    private static void Insert(AccountChange change, AccountId account, NewMapping mapping, MappingRow row, int at)
    {
        change.Insert(row);
        change.Insert(Owner(account, mapping.RowKey, row.Id), TripletTaken(mapping).At(at));
        change.Insert(Owner(account, RowKeys.Of(RowKinds.MappingName, mapping.Name), row.Id), NameTaken(mapping).At(at));
    }

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
            if (!keys.Add(mappings[at].RowKey))
                return TripletTaken(mappings[at]).At(at);
            if (!names.Add(mappings[at].Name))
                return NameTaken(mappings[at]).At(at);
        }

        return null;
    }

    private static OwnerRow Owner(AccountId account, string key, long id) => new() { PartitionKey = account.Value, RowKey = key, Id = id };

    private static Failure TripletTaken(NewMapping mapping) =>
        new(FailureKind.TripletTaken, $"{mapping.Service.Name} with this URL is mapped already, by another mapping or earlier in this request: change that one.");

    private static Failure NameTaken(NewMapping mapping) =>
        new(FailureKind.NameTaken, $"The name '{mapping.Name}' is used by another mapping or earlier in this request: choose another.");
}
