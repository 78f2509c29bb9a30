using MtlsFunctions.Authorization;

namespace MtlsFunctions.Storage;

/// <summary>
/// The revisions of the accounts in use, as this instance knows them. Whatever is cached of an account is kept with the revision
/// at which it was read, and counts while that is still the account's revision.
/// </summary>
public sealed partial class AccountRevisions : IDisposable
{
    private readonly AccountTable table;
    private readonly RuntimeOptions options;
    private readonly TimeProvider clock;
    private readonly ILogger log;
    private readonly FairCache<AccountId, AccountFreshness> accounts;
    private readonly Lock adding = new();

    public AccountRevisions(AccountTable table, IOptions<RuntimeOptions> options, TimeProvider clock, ILogger<AccountRevisions> log)
    {
        this.table = table;
        this.options = options.Value;
        this.clock = clock;
        this.log = log;
        accounts = new FairCache<AccountId, AccountFreshness>(this.options.MaxAccounts);
        table.Committed += Advance;
    }

    /// <param name="account">Verified: what somebody merely named is remembered nowhere.</param>
    /// <returns>The revision to use; not current when the table couldn't confirm it within <see cref="RuntimeOptions.MaxLag"/>.</returns>
    /// <exception cref="DependencyUnavailableException">The table is down and nothing usable is known.</exception>
    public ValueTask<(long Revision, bool Current)> GetAsync(AccountId account, CancellationToken cancellation) =>
        FreshnessOf(account).GetAsync(cancellation);

    private AccountFreshness FreshnessOf(AccountId account) => accounts.Find(account) ?? Add(account);

    private AccountFreshness Add(AccountId account)
    {
        lock (adding)
        {
            if (accounts.Find(account) is { } known)
                return known;
            var added = new AccountFreshness(() => ReadRevisionAsync(account), options, clock);
            accounts.Set(account, account.Value, added);
            return added;
        }
    }

    private async Task<long> ReadRevisionAsync(AccountId account)
    {
        try
        {
            return (await table.RevisionAsync(account, CancellationToken.None)).Value;
        }
        catch (DependencyUnavailableException fault)
        {
            LogLookFailed(fault, account.Value);
            throw;
        }
    }

    private void Advance(AccountId account, long revision) => accounts.Find(account)?.Advance(revision);

    public void Dispose() => table.Committed -= Advance;

    [LoggerMessage(Level = LogLevel.Warning, Message = "The revision of account {Account} could not be read")]
    private partial void LogLookFailed(Exception fault, string account);
}
