using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;
using MtlsFunctions.Authorization;

namespace MtlsFunctions.Tests.Authorization;

public sealed class AuthorizationOptionsTests
{
    private const string Issuer = "https://issuer.example";

    [Fact]
    public void Nobody_is_trusted_by_default_and_that_is_allowed() => Assert.True(Validate(new Dictionary<string, string?>()).Succeeded);

    [Theory]
    [InlineData("Issuer=https://issuer.example")]
    [InlineData("Issuer=https://issuer.example;MetadataAddress=")]
    [InlineData("Issuer=urn:local;MetadataAddress=https://issuer.example/metadata")]
    [InlineData("Issuer=http://127.0.0.1:5000;DangerousAllowHttpMetadata=true")]
    [InlineData("Issuer=https://issuer.example;AccountClaim=tenant;Audiences:0=mtls")]
    public void A_complete_issuer_is_accepted(string settings) => Assert.True(Validate(OfIssuer("test", settings)).Succeeded);

    [Theory]
    [InlineData("AccountClaim=aud", "Issuer is missing")]
    [InlineData("Issuer=", "Issuer is missing")]
    [InlineData("Issuer=;MetadataAddress=https://issuer.example/metadata", "Issuer is missing")]
    [InlineData("Issuer=http://127.0.0.1:5000", "MetadataAddress")]
    [InlineData("Issuer=https://issuer.example;MetadataAddress=http://issuer.example/metadata", "MetadataAddress")]
    [InlineData("Issuer=https://issuer.example;MetadataAddress=metadata", "MetadataAddress")]
    [InlineData("Issuer=https://issuer.example;MetadataAddress=file:///metadata;DangerousAllowHttpMetadata=true", "MetadataAddress")]
    [InlineData("Issuer=https://issuer.example;MetadataAddress=ftp://issuer.example/m;DangerousAllowHttpMetadata=true", "MetadataAddress")]
    [InlineData("Issuer=urn:local", "MetadataAddress")]
    [InlineData("Issuer=https://issuer.example;AccountClaim=tenant", "Audiences")]
    [InlineData("Issuer=https://issuer.example;AccountClaim=Aud", "Audiences")]
    public void An_issuer_whose_tokens_could_be_a_strangers_is_refused_naming_the_setting(string settings, string fault)
    {
        var result = Validate(OfIssuer("test", settings));

        Assert.Contains(result.Failures ?? [], failure =>
            failure.StartsWith("Authorization:Issuers:test:", StringComparison.Ordinal) && failure.Contains(fault, StringComparison.Ordinal));
    }

    [Fact]
    public void The_same_issuer_twice_is_refused()
    {
        var twice = OfIssuer("one", $"Issuer={Issuer};Accounts:0=demo").Concat(OfIssuer("two", $"Issuer={Issuer};Accounts:0=demo;MetadataAddress=https://other.example/m"));

        Assert.Contains("twice", Assert.Single(Validate(twice.ToDictionary()).Failures!), StringComparison.Ordinal);
    }

    [Fact]
    public void Two_issuers_are_accepted_and_every_fault_of_both_is_told_at_once()
    {
        var good = OfIssuer("one", $"Issuer={Issuer};Accounts:0=*").Concat(OfIssuer("two", "Issuer=https://other.example;Accounts:0=acme-*"));
        var bad = OfIssuer("one", "AccountClaim=tenant;Accounts:0=demo").Concat(OfIssuer("two", "Issuer=http://other.example;Accounts:0=demo"));

        Assert.True(Validate(good.ToDictionary()).Succeeded);
        Assert.Equal(4, Validate(bad.ToDictionary()).Failures!.Count());
    }

    [Fact]
    public void As_soon_as_there_are_two_each_names_the_accounts_that_it_may_speak_for()
    {
        var two = OfIssuer("one", $"Issuer={Issuer}").Concat(OfIssuer("two", "Issuer=https://other.example;Accounts:0=demo"));

        Assert.StartsWith("Authorization:Issuers:one:Accounts ", Assert.Single(Validate(two.ToDictionary()).Failures!), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("demo", true)]
    [InlineData("*", true)]
    [InlineData("acme-*", true)]
    [InlineData("{tid}", true)]
    [InlineData("{tid}-{https://claims.example/team}-*", true)]
    [InlineData("", false)]
    [InlineData("a*b", false)]
    [InlineData("**", false)]
    [InlineData("{*}", false)]
    [InlineData("{}", false)]
    [InlineData("{tid", false)]
    [InlineData("de mo", false)]
    [InlineData("d\u00e4mo", false)]
    [InlineData("demo\n", false)]
    public void An_entry_that_could_name_no_account_is_refused(string entry, bool accepted) =>
        Assert.Equal(accepted, Validate(OfIssuer("test", $"Issuer={Issuer};Accounts:0={entry}")).Succeeded);

    [Theory]
    [InlineData(null, "https://issuer.example/.well-known/openid-configuration")]
    [InlineData("", "https://issuer.example/.well-known/openid-configuration")]
    [InlineData("https://elsewhere.example/m", "https://elsewhere.example/m")]
    public void Metadata_is_at_the_well_known_place_unless_another_is_set(string? address, string expected)
    {
        Assert.Equal(expected, new IssuerOptions { Issuer = Issuer, MetadataAddress = address }.Metadata);
        Assert.Equal(expected, new IssuerOptions { Issuer = Issuer + "/", MetadataAddress = address }.Metadata);
    }

    [Fact]
    public void The_defaults_are_those_that_the_comments_promise()
    {
        var options = new AuthorizationOptions();
        var issuer = new IssuerOptions();

        Assert.Equal((TimeSpan.FromMinutes(5), 10_000, TimeSpan.FromSeconds(30)), (options.TokenCacheTime, options.TokenCacheSize, options.ClockSkew));
        Assert.Equal(("aud", "scope", false), (issuer.AccountClaim, issuer.PermissionClaim, issuer.DangerousAllowHttpMetadata));
        Assert.Equal((TimeSpan.FromHours(12), TimeSpan.FromSeconds(30)), (issuer.KeyLifetime, issuer.KeyRefetchInterval));
    }

    /// <param name="settings">Name=value;name=value, as they follow the issuer's own name.</param>
    private static Dictionary<string, string?> OfIssuer(string name, string settings) => settings.Split(';')
        .Select(setting => setting.Split('=', 2))
        .ToDictionary(pair => $"Authorization:Issuers:{name}:{pair[0]}", pair => (string?)pair[1]);

    private static ValidateOptionsResult Validate(Dictionary<string, string?> settings)
    {
        var section = new ConfigurationBuilder().AddInMemoryCollection(settings).Build().GetSection(AuthorizationOptions.Section);
        return new AuthorizationOptionsValidator().Validate(null, section.Get<AuthorizationOptions>() ?? new AuthorizationOptions());
    }
}
