using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;
using MtlsFunctions.SelfService;

namespace MtlsFunctions.Tests.SelfService;

/// <summary>What the console's settings may say, and what the policy makes of them.</summary>
public sealed class ConsoleOptionsTests
{
    private const string Authority = "https://login.example.com/tenant/v2.0";

    public static TheoryData<ConsoleOptions, string> Wrong => new()
    {
        { new() { OidcAuthority = "login.example.com", OidcClientId = "c" }, "OidcAuthority" },
        { new() { OidcAuthority = "http://login.example.com", OidcClientId = "c" }, "OidcAuthority" },
        { new() { OidcAuthority = "https://login.example.com?a=b", OidcClientId = "c" }, "OidcAuthority" },
        { new() { OidcAuthority = "https://login.example.com#a", OidcClientId = "c" }, "OidcAuthority" },
        { new() { OidcAuthority = "https://ann@login.example.com", OidcClientId = "c" }, "OidcAuthority" },
        { new() { OidcAuthority = "javascript:alert(1)", OidcClientId = "c" }, "OidcAuthority" },
        { new() { OidcAuthority = Authority }, "needed together" },
        { new() { OidcClientId = "c" }, "needed together" },
        { new() { OidcScope = "profile openid-connect" }, "openid" },
        { new() { IdleSignOut = TimeSpan.FromSeconds(59) }, "IdleSignOut" },
        { new() { IdleSignOut = TimeSpan.FromHours(25) }, "IdleSignOut" },
    };

    [Theory]
    [MemberData(nameof(Wrong))]
    public void What_would_send_people_to_the_wrong_place_is_refused_at_start(ConsoleOptions options, string named) =>
        Assert.Contains(named, new ConsoleOptionsValidator().Validate(null, options).FailureMessage, StringComparison.Ordinal);

    [Fact]
    public void The_defaults_and_an_issuer_with_its_client_are_fine()
    {
        Assert.True(new ConsoleOptionsValidator().Validate(null, new()).Succeeded);
        Assert.True(new ConsoleOptionsValidator().Validate(null, new() { OidcAuthority = Authority, OidcClientId = "c", OidcScope = "openid api://x/.default" }).Succeeded);
        Assert.True(new ConsoleOptionsValidator().Validate(null, new() { OidcAuthority = "http://127.0.0.1:5000", OidcClientId = "c" }).Succeeded);
    }

    [Theory]
    [InlineData("", "connect-src 'self';")]
    [InlineData(Authority, "connect-src 'self' https://login.example.com;")]
    [InlineData("https://login.example.com:8443/a;b 'unsafe-inline'", "connect-src 'self' https://login.example.com:8443;")]
    public void The_policy_names_the_issuer_s_origin_and_nothing_else_of_it(string authority, string directive)
    {
        var response = new DefaultHttpContext().Response;
        new ConsoleHeaders(Options.Create(new ConsoleOptions { OidcAuthority = authority, OidcClientId = "c" }), new ConsoleAssets()).Set(response, "no-cache");

        Assert.StartsWith($"default-src 'self'; script-src 'self' '{new ConsoleAssets().PageScript}'; {directive}", $"{response.Headers.ContentSecurityPolicy}", StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe", $"{response.Headers.ContentSecurityPolicy}", StringComparison.Ordinal);
    }
}
