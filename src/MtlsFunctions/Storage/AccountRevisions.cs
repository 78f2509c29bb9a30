using Microsoft.Extensions.Caching.Memory;
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
    private readonly MemoryCache accounts;

    public AccountRevisions(AccountTable table, IOptions<RuntimeOptions> options, TimeProvider clock, ILogger<AccountRevisions> log)
    {
        this.table = table;
        this.options = options.Value;
        this.clock = clock;
        this.log = log;
        accounts = new MemoryCache(new MemoryCacheOptions { SizeLimit = this.options.MaxAccounts });
        table.Committed += Advance;
    }

    /// <returns>The revision to use; not current when the table couldn't confirm it within <see cref="RuntimeOptions.MaxLag"/>.</returns>
    /// <exception cref="DependencyUnavailableException">The table is down and nothing usable is known.</exception>
    public ValueTask<(long Revision, bool Current)> GetAsync(AccountId account, CancellationToken cancellation) =>
        FreshnessOf(account).GetAsync(cancellation);

    private AccountFreshness FreshnessOf(AccountId account) =>
        accounts.TryGetValue(account, out AccountFreshness? known) && known is not null ? known : Add(account);

    private AccountFreshness Add(AccountId account)
    {
        lock (accounts)
        {
            return accounts.GetOrCreate(account, entry =>
            {
                entry.Size = 1;
                return new AccountFreshness(() => ReadRevisionAsync(account), options, clock);
            })!;
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

    private void Advance(AccountId account, long revision)
    {
        if (accounts.TryGetValue(account, out AccountFreshness? known))
            known?.Advance(revision);
    }

    public void Dispose()
    {
        table.Committed -= Advance;
        accounts.Dispose();
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The revision of account {Account} could not be read")]
    private partial void LogLookFailed(Exception fault, string account);
}
