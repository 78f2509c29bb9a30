using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using MtlsFunctions.CertificateVaults;
using MtlsFunctions.Tests.Conventions;

namespace MtlsFunctions.Tests.Infrastructure;

/// <summary>
/// The template's settings and the product's are the same, both ways. One way: whatever the template names is a setting that an
/// options class reads, or one that the Functions host or a telemetry exporter reads (a closed list). The other way: whatever has no
/// default that a production app can live with is named (a closed list again, with reasons), and with what is named the app starts.
/// </summary>
[Collection(CompiledInfrastructure.Collection)]
public sealed class AppSettingsTests(CompiledInfrastructure infrastructure)
{
    private static readonly string[] OfTheHost =
    [
        "APPLICATIONINSIGHTS_AUTHENTICATION_STRING",
        "APPLICATIONINSIGHTS_CONNECTION_STRING",
        "AzureWebJobsDisableHomepage",
        "AzureWebJobsStorage:accountName",
        "AzureWebJobsStorage:blobServiceUri",
        "AzureWebJobsStorage:clientId",
        "AzureWebJobsStorage:credential",
        "WEBSITE_USE_PLACEHOLDER_DOTNETISOLATED",
    ];

    /// <summary>Settings (or * patterns) that production needs, and why their default won't do.</summary>
    private static readonly Dictionary<string, string> Always = new()
    {
        ["Authorization:Issuers:*:Issuer"] = "no issuer is trusted by default, so nobody could manage anything",
        ["Authorization:Issuers:*:AccountClaim"] = "the default is Sentinel's",
        ["Authorization:Issuers:*:PermissionClaim"] = "the default is Sentinel's",
        ["Identity:ManagedIdentityClientId"] = "the app has no system-assigned identity, which is the default",
        ["Limits:ConcurrentRequests"] = "an account's share of an instance follows from what the platform sends to one",
        ["Storage:TableServiceUri"] = "there is no default, and the alternative holds a key",
        ["Throttle:RequestsPerSecondPerAccount"] = "a limit per instance has to be chosen together with the number of instances",
        ["Throttle:RequestsPerSecondPerAddress"] = "a limit per instance has to be chosen together with the number of instances",
        ["Throttle:TrustedAddressHeader"] = "by default all callers would be the platform's front end, and share one bucket",
        ["Vault:Kind"] = "the default is a folder of one machine",
    };

    private static readonly Dictionary<string, string> OfKeyVault = new() { ["KeyVault:Uri"] = "there is no default" };

    private static readonly Dictionary<string, string> OfHashiCorp = new()
    {
        ["HashiCorpVault:Address"] = "there is no default",
        ["HashiCorpVault:JwtRole"] = "one way to log in is needed, and this is the one without a password",
        ["HashiCorpVault:JwtScope"] = "the role needs it",
        ["HashiCorpVault:Mount"] = "the engine is not ours, so nothing is taken for granted",
    };

    /// <summary>Named only where the parameters ask for it.</summary>
    private static readonly Dictionary<string, string> Sometimes = new()
    {
        ["Authorization:Issuers:*:Audiences:*"] = "as many as the issuer's tokens have; none where the account is the audience",
        ["Authorization:Issuers:*:Accounts:*"] = "a single issuer may speak for all",
        ["Console:OidcAuthority"] = "by default people sign in to the console with a token",
        ["Console:OidcClientId"] = "with the authority",
        ["Console:OidcScope"] = "with the authority",
        ["Discovery:Host"] = "by default the host that the caller used",
        ["OAuth:PublicBaseUrl"] = "by default the name that the platform gives the app",
        ["HashiCorpVault:Namespace"] = "only some vaults have namespaces",
    };

    private static readonly string[] OnlyForOneMachine = ["Storage:ConnectionString", "LocalVault:Folder"];

    public static TheoryData<string, string> Choices => new()
    {
        { "sample", "KeyVault" }, { "azd", "KeyVault" }, { "reverse-proxy", "KeyVault" }, { "front-door", "HashiCorp" },
    };

    [Theory]
    [MemberData(nameof(Choices))]
    public void Every_setting_that_the_template_names_is_read(string deployment, string vault)
    {
        Assert.NotEmpty(vault);
        Assert.All(infrastructure.Deployments[deployment].AppSettings.Keys.Except(OfTheHost), name => Assert.True(ProductSettings.Read(name), name));
    }

    [Theory]
    [MemberData(nameof(Choices))]
    public void Every_setting_that_production_needs_is_named(string deployment, string vault)
    {
        var named = infrastructure.Deployments[deployment].AppSettings;

        Assert.All(Needed(vault).Keys, pattern => Assert.Contains(named, setting => ProductSettings.Matches(pattern, setting.Key) && setting.Value.Length > 0));
        Assert.Equal(vault, named["Vault:Kind"]);
    }

    [Theory]
    [MemberData(nameof(Choices))]
    public void Nothing_else_is_named_but_what_the_parameters_ask_for(string deployment, string vault)
    {
        var expected = Needed(vault).Concat(Sometimes).Select(setting => setting.Key).Append("Forwarding:ConnectTimeout").ToArray();

        Assert.All(infrastructure.Deployments[deployment].AppSettings.Keys.Except(OfTheHost), name =>
            Assert.Contains(expected, pattern => ProductSettings.Matches(pattern, name)));
        Assert.All(expected, pattern => Assert.Contains(pattern, ProductSettings.Names));
    }

    [Theory]
    [MemberData(nameof(Choices))]
    public async Task With_these_settings_and_no_other_the_app_starts(string deployment, string vault)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(Plausible(infrastructure.Deployments[deployment]))
            // By the platform itself.
            .AddInMemoryCollection([KeyValuePair.Create("WEBSITE_HOSTNAME", (string?)"mtls-sample.azurewebsites.net")]).Build();
        await using var services = new ServiceCollection().AddLogging().AddMtlsGateway(configuration).BuildServiceProvider();

        services.GetRequiredService<IStartupValidator>().Validate();

        Assert.Equal(vault, $"{services.GetRequiredService<IOptions<VaultOptions>>().Value.Kind}");
        Assert.NotNull(services.GetRequiredService<ICertificateVault>());
    }

    [Fact]
    public void Dangerous_settings_and_those_for_one_machine_are_never_named() => Assert.All(
        infrastructure.Deployments.Values.SelectMany(deployment => deployment.AppSettings.Keys),
        name =>
        {
            Assert.DoesNotContain("Dangerous", name, StringComparison.Ordinal);
            Assert.DoesNotContain(name, OnlyForOneMachine);
        });

    [Theory]
    [InlineData("azd", "X-Client-IP")]
    [InlineData("front-door", "X-Azure-SocketIP")]
    [InlineData("reverse-proxy", "X-Gateway-Client-IP")]
    public void The_calling_address_is_believed_from_whoever_is_in_front(string deployment, string header) =>
        Assert.Equal(header, infrastructure.Deployments[deployment].AppSettings["Throttle:TrustedAddressHeader"]);

    [Fact]
    public void The_host_that_callers_use_is_signed_and_discovered()
    {
        var named = infrastructure.Deployments["front-door"].AppSettings;

        Assert.Equal("https://mtls.example.com", named["OAuth:PublicBaseUrl"]);
        Assert.Equal("mtls.example.com", named["Discovery:Host"]);
    }

    [Fact]
    public void People_sign_in_to_the_console_where_somebody_has_said_so()
    {
        var named = infrastructure.Deployments["sample"].AppSettings;

        Assert.Equal(named["Authorization:Issuers:entra:Issuer"], named["Console:OidcAuthority"]);
        Assert.Equal("00000000-0000-0000-0000-00000000c115", named["Console:OidcClientId"]);
        Assert.Equal("openid api://mtlsfunctions/.default", named["Console:OidcScope"]);
        Assert.All(["azd", "front-door", "reverse-proxy"], deployment =>
            Assert.DoesNotContain(infrastructure.Deployments[deployment].AppSettings.Keys, name => name.StartsWith("Console:", StringComparison.Ordinal)));
    }

    [Fact]
    public void A_further_setting_gets_through_and_overrides_none_of_these() =>
        Assert.Equal("00:00:03", infrastructure.Deployments["front-door"].AppSettings["Forwarding:ConnectTimeout"]);

    private static Dictionary<string, string> Needed(string vault) =>
        Always.Concat(vault == "KeyVault" ? OfKeyVault : OfHashiCorp).ToDictionary();

    // What only Azure knows is an expression in brackets; its place in the app tells what it becomes.
    private static IEnumerable<KeyValuePair<string, string?>> Plausible(Deployment deployment) =>
        from setting in deployment.AppSettings
        let value = setting.Value
        select KeyValuePair.Create(setting.Key, (string?)(
            !value.StartsWith('[') ? value
            : value.Contains("outputs", StringComparison.Ordinal) && setting.Key.EndsWith("Uri", StringComparison.OrdinalIgnoreCase) ? "https://example.com/"
            : Guid.Empty.ToString()));
}
