using MtlsFunctions.Authorization;

namespace MtlsFunctions.Tests.Authorization;

/// <summary>Which accounts the entries of an issuer let it speak for.</summary>
public sealed class IssuerAccountsTests
{
    private static readonly Dictionary<string, string[]> Claims = new()
    {
        ["tid"] = ["acme"],
        ["twice"] = ["acme", "other"],
        ["same"] = ["acme", "acme"],
        ["empty"] = [""],
        ["star"] = ["*"],
        ["braces"] = ["{tid}"],
    };

    [Theory]
    [InlineData("", "demo", true)]
    [InlineData("demo", "demo", true)]
    [InlineData("other demo", "demo", true)]
    [InlineData("demo", "Demo", false)]
    [InlineData("demo", "demo2", false)]
    [InlineData("demo", "dem", false)]
    [InlineData("*", "demo", true)]
    [InlineData("acme-*", "acme-1", true)]
    [InlineData("acme-*", "acme-", true)]
    [InlineData("acme-*", "acme", false)]
    [InlineData("acme-*", "Acme-1", false)]
    [InlineData("{tid}", "acme", true)]
    [InlineData("{tid}", "other", false)]
    [InlineData("{tid}-*", "acme-1", true)]
    [InlineData("{tid}-*", "other-1", false)]
    [InlineData("x-{tid}-{same}", "x-acme-acme", true)]
    [InlineData("{absent}", "acme", false)]
    [InlineData("{absent}*", "acme", false)]
    [InlineData("{twice}", "acme", false)]
    [InlineData("{empty}*", "acme", false)]
    [InlineData("{star}", "acme", false)]
    [InlineData("{braces}", "acme", false)]
    public void An_entry_names_these_accounts(string entries, string account, bool allowed) => Assert.Equal(allowed, IssuerAccounts.Allow(
        entries.Split(' ', StringSplitOptions.RemoveEmptyEntries), AccountId.FromCredential(account)!, claim => Claims.GetValueOrDefault(claim, [])));
}
