using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;
using MtlsFunctions.Accounts;
using MtlsFunctions.Authorization;

namespace MtlsFunctions.Tests.Accounts;

/// <summary>What is refused at start.</summary>
public sealed class AccountOptionsTests
{
    private static readonly string Hash = Secrets.Hash("password");

    private static readonly Dictionary<string, string?> Good = new()
    {
        ["Accounts:Enabled"] = "true",
        ["Accounts:Administrators:ann:Account"] = "demo",
        ["Accounts:Administrators:ann:LoginName"] = "ann@example.com",
        ["Accounts:Administrators:ann:PasswordHash"] = Hash,
        ["Accounts:Clients:faas:Account"] = "demo",
        ["Accounts:Clients:faas:ClientId"] = "faas",
        ["Accounts:Clients:faas:SecretHash"] = Hash,
        ["Authorization:Issuers:entra:Issuer"] = "https://issuer.example",
        ["Authorization:Issuers:entra:Accounts:0"] = "acme-*",
    };

    [Fact]
    public void What_is_complete_is_accepted() => Assert.Empty(Faults(Good));

    [Fact]
    public void Another_issuer_beside_our_own_names_the_accounts_that_it_may_speak_for()
    {
        var unbounded = new Dictionary<string, string?>(Good);
        unbounded.Remove("Authorization:Issuers:entra:Accounts:0");

        Assert.StartsWith("Authorization:Issuers:entra:Accounts ", Assert.Single(Faults(unbounded)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Administrators:ann:Account", "")]
    [InlineData("Administrators:ann:Account", "de mo")]
    [InlineData("Administrators:ann:LoginName", "")]
    [InlineData("Administrators:ann:PasswordHash", "")]
    [InlineData("Administrators:ann:PasswordHash", "password")]
    [InlineData("Administrators:ann:PasswordHash", "never-a-hash")]
    [InlineData("Administrators:ann:PasswordHash", "c2VjcmV0c2VjcmV0c2VjcmV0c2VjcmV0c2VjcmV0c2VjcmV0c2VjcmV0c2VjcmV0c2VjcmV0c2VjcmV0")]
    [InlineData("Clients:faas:Account", "")]
    [InlineData("Clients:faas:ClientId", "")]
    [InlineData("Clients:faas:SecretHash", "clear-text")]
    public void Who_could_never_log_in_is_named_and_the_value_is_not(string setting, string value)
    {
        var fault = Assert.Single(Faults(new(Good) { [$"Accounts:{setting}"] = value }));

        Assert.StartsWith($"Accounts:{setting[..setting.LastIndexOf(':')]} needs ", fault, StringComparison.Ordinal);
        Assert.True(value.Length == 0 || !fault.Contains($" {value}", StringComparison.Ordinal), fault);
    }

    [Theory]
    [InlineData("SessionLifetime", "00:00:00")]
    [InlineData("LongestSession", "-1.00:00:00")]
    [InlineData("TokenLifetime", "00:00:00.5")]
    [InlineData("SigningKeyLifetime", "0")]
    [InlineData("SigningKeyLifetime", "10000000.00:00:00")]
    public void A_time_that_no_token_could_have_is_refused(string setting, string value) =>
        Assert.StartsWith($"Accounts:{setting} ", Assert.Single(Faults(new(Good) { [$"Accounts:{setting}"] = value })), StringComparison.Ordinal);

    [Fact]
    public void The_same_name_twice_in_one_account_is_refused_and_in_two_it_is_not()
    {
        Dictionary<string, string?> With(string account) => new(Good)
        {
            ["Accounts:Administrators:bob:Account"] = account,
            ["Accounts:Administrators:bob:LoginName"] = "ann@example.com",
            ["Accounts:Administrators:bob:PasswordHash"] = Hash,
            ["Accounts:Clients:other:Account"] = account,
            ["Accounts:Clients:other:ClientId"] = "faas",
            ["Accounts:Clients:other:SecretHash"] = Hash,
        };

        Assert.Equal(2, Faults(With("demo")).Count(fault => fault.Contains("twice", StringComparison.Ordinal)));
        Assert.Empty(Faults(With("other")));
    }

    [Fact]
    public void Our_own_issuer_cannot_have_the_name_of_another() => Assert.StartsWith(
        "Accounts:Issuer ", Assert.Single(Faults(new(Good) { ["Accounts:Issuer"] = "https://issuer.example" })), StringComparison.Ordinal);

    [Fact]
    public void Whatever_is_wrong_does_not_matter_while_all_of_it_is_off() => Assert.Empty(Faults(new(Good)
    {
        ["Accounts:Enabled"] = "false",
        ["Accounts:Administrators:ann:PasswordHash"] = "never-a-hash",
        ["Accounts:TokenLifetime"] = "00:00:00",
    }));

    private static string[] Faults(Dictionary<string, string?> settings)
    {
        var all = new ConfigurationBuilder().AddInMemoryCollection(settings).Build();
        var authorization = Options.Create(all.GetSection(AuthorizationOptions.Section).Get<AuthorizationOptions>()!);
        return [.. new AccountOptionsValidator(authorization).Validate(null, all.GetSection(AccountOptions.Section).Get<AccountOptions>()!).Failures ?? []];
    }
}
