using System.Security.Cryptography;
using MtlsFunctions.Authorization;
using MtlsFunctions.Authorization.OAuth;
using MtlsFunctions.Storage;

namespace MtlsFunctions.Accounts;

/// <summary>An account's app keys: any number side by side, so that one can be replaced without a gap.</summary>
public sealed class AppKeys(AccountTable table, AccountRevisions revisions, AppKeySecretSource secrets, TimeProvider clock)
{
    /// <summary>App keys of one account, at most.</summary>
    public const int MaxPerAccount = 50;

    private readonly FairCache<(AccountId, long), Known> known = new(10_000);

    public Task<List<AppKeyRow>> ListAsync(AccountId account, CancellationToken cancellation) =>
        table.ListAsync<AppKeyRow>(account, RowKinds.AppKey, cancellation);

    /// <param name="maker">Who asks. A key that an app key makes ends when that one does, at the latest.</param>
    /// <returns>The row with its secrets, which are told this once.</returns>
    public async Task<Outcome<(AppKeyRow Row, string ConsumerSecret, string TokenSecret)>> CreateAsync(
        Caller maker, string name, IEnumerable<string> permissions, DateTimeOffset? expires, CancellationToken cancellation)
    {
        var account = maker.Account;
        if (!(await secrets.CurrentKeyAsync(cancellation)).TryGet(out var source, out var failure))
            return failure;
        var id = Ids.Next();
        var row = new AppKeyRow
        {
            PartitionKey = account.Value,
            RowKey = AppKeyRow.KeyOf(id),
            Id = id,
            Name = name,
            Token = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16)),
            Permissions = string.Join(' ', permissions),
            Created = clock.GetUtcNow(),
            Expires = Earlier(expires, maker.AppKey?.Expires),
            MadeBy = maker.AppKey?.Id,
            SourceKeyId = source,
        };
        if (!(await secrets.DeriveAsync(row, cancellation)).TryGet(out var derived, out failure))
            return failure;
        var stored = await table.ChangeAsync<AppKeyRow>(account, async change =>
        {
            var present = await ListAsync(account, cancellation);
            if (row.MadeBy is { } madeBy && present.All(key => key.Id != madeBy))
                return new Failure(FailureKind.Unauthorized, "The app key that signed this request has been revoked.");
            if (present.Count >= MaxPerAccount)
                return new Failure(FailureKind.TooManyItems, $"An account can have {MaxPerAccount} app keys: revoke one first.");
            change.Insert(row);
            return row;
        }, cancellation);
        return stored.TryGet(out _, out failure) ? (row, derived.ConsumerSecret, derived.TokenSecret) : failure;
    }

    /// <summary>Revokes it and every key that it has made, and what those have made: at once on this instance, within the runtime view's lag elsewhere.</summary>
    /// <returns>What was revoked, the one that was asked for first.</returns>
    public Task<Outcome<IReadOnlyList<AppKeyRow>>> DeleteAsync(AccountId account, long id, CancellationToken cancellation) =>
        table.ChangeAsync<IReadOnlyList<AppKeyRow>>(account, async change =>
        {
            var present = await ListAsync(account, cancellation);
            if (present.Find(key => key.Id == id) is not { } row)
                return new Failure(FailureKind.NotFound, $"This account has no app key {id}.");
            var revoked = new List<AppKeyRow> { row };
            // Grows while it is walked: the keys of each key come behind it.
            for (var at = 0; at < revoked.Count; at++)
                revoked.AddRange(present.Where(key => key.MadeBy == revoked[at].Id));
            foreach (var key in revoked)
                change.Delete(key);
            return revoked;
        }, cancellation);

    /// <summary>For <see cref="FindAppKey"/>: a key that may be used now, or null.</summary>
    public async ValueTask<AppKeySecrets?> FindAsync(AccountId account, long id, CancellationToken cancellation)
    {
        var key = (account, id);
        if (known.Find(key) is not { } found)
            return await FindUnverifiedAsync(account, id, cancellation);
        try
        {
            var (revision, _) = await revisions.GetAsync(account, cancellation);
            if (found.Revision == revision)
                return Usable(found);
            if (await LookUpAsync(account, id, revision, cancellation) is { } fresh)
            {
                known.Set(key, account.Value, fresh);
                return Usable(fresh);
            }
        }
        catch (DependencyUnavailableException)
        {
            // The table is down: a key that was known before goes on, like the mappings. One that wasn't may exist since.
            return Usable(found);
        }

        known.Remove(key);
        return null;
    }

    // Nobody has proved yet to hold this key, and the account itself may be made up: no cache remembers it before a signature has held.
    private async ValueTask<AppKeySecrets?> FindUnverifiedAsync(AccountId account, long id, CancellationToken cancellation)
    {
        // What is made up costs one read.
        if (await table.FindAsync<AppKeyRow>(account, AppKeyRow.KeyOf(id), cancellation) is null)
            return null;
        // Read before the row that will be remembered with it, or a revocation in between would be missed.
        var revision = (await table.RevisionAsync(account, cancellation)).Value;
        return await LookUpAsync(account, id, revision, cancellation) is { } found && Usable(found) is { } secrets
            ? secrets with { Verified = () => known.Set((account, id), account.Value, found) }
            : null;
    }

    private async Task<Known?> LookUpAsync(AccountId account, long id, long revision, CancellationToken cancellation)
    {
        if (await table.FindAsync<AppKeyRow>(account, AppKeyRow.KeyOf(id), cancellation) is not { } row)
            return null;
        if (!(await secrets.DeriveAsync(row, cancellation)).TryGet(out var derived, out var failure))
            throw new DependencyUnavailableException(failure.Kind, new InvalidOperationException(failure.Detail));
        var caller = new Caller(account, Permissions.Parse(row.Permissions.Split(' ')), $"app key {row.Id}") { AppKey = new CallingAppKey(row.Id, row.Expires) };
        return new Known(revision, new AppKeySecrets(caller, row.Token, derived.ConsumerSecret, derived.TokenSecret), row.Expires);
    }

    private static DateTimeOffset? Earlier(DateTimeOffset? one, DateTimeOffset? other) => one is null || other < one ? other : one;

    private AppKeySecrets? Usable(Known found) => found.Expires is { } expires && expires <= clock.GetUtcNow() ? null : found.Secrets;

    private sealed record Known(long Revision, AppKeySecrets Secrets, DateTimeOffset? Expires);
}
