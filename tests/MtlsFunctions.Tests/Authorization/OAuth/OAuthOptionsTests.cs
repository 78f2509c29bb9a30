using Microsoft.Extensions.Configuration;
using MtlsFunctions.Authorization.OAuth;

namespace MtlsFunctions.Tests.Authorization.OAuth;

/// <summary>What is refused at start.</summary>
public sealed class OAuthOptionsTests
{
    [Theory]
    [InlineData("Hosts:0", "mtls.example.com")]
    [InlineData("Hosts:0", "localhost:7071")]
    [InlineData("Hosts:0", "[::1]:7071")]
    [InlineData("Hosts:0", "*")]
    [InlineData("PublicBaseUrl", "https://mtls.example.com")]
    [InlineData("PublicBaseUrl", "http://mtls.example.com:8080/gateway/")]
    [InlineData("TimestampWindow", "00:00:01")]
    [InlineData("TimestampWindow", "01:00:00")]
    [InlineData("RequireSharedNonces", "true")]
    [InlineData("SharedNonces", "false")]
    public void What_makes_sense_is_accepted(string setting, string value) => Assert.Empty(Faults(setting, value));

    [Theory]
    [InlineData("PublicBaseUrl", "mtls.example.com")]
    [InlineData("PublicBaseUrl", "/gateway")]
    [InlineData("PublicBaseUrl", "ftp://mtls.example.com")]
    [InlineData("PublicBaseUrl", "https://mtls.example.com/?a=1")]
    [InlineData("PublicBaseUrl", "https://mtls.example.com/#a")]
    [InlineData("PublicBaseUrl", "https://user@mtls.example.com")]
    [InlineData("Hosts:0", "")]
    [InlineData("Hosts:0", "https://mtls.example.com")]
    [InlineData("Hosts:0", "mtls.example.com/gateway")]
    [InlineData("Hosts:0", "*.example.com")]
    [InlineData("Hosts:0", "user@mtls.example.com")]
    [InlineData("TimestampWindow", "00:00:00")]
    [InlineData("TimestampWindow", "-00:05:00")]
    [InlineData("TimestampWindow", "01:00:01")]
    public void What_no_signature_could_hold_with_is_refused_naming_the_setting(string setting, string value) =>
        Assert.StartsWith($"OAuth:{setting.Split(':')[0]} ", Assert.Single(Faults(setting, value)), StringComparison.Ordinal);

    [Fact]
    public void Without_a_host_of_its_own_it_does_not_start() =>
        Assert.Contains("OAuth:Hosts", Assert.Single(new OAuthOptionsValidator().Validate(null, new OAuthOptions()).Failures!), StringComparison.Ordinal);

    [Theory]
    [InlineData("mtls-x.azurewebsites.net", null, "mtls-x.azurewebsites.net")]
    [InlineData("mtls-x.azurewebsites.net", "mtls.example.com", "mtls.example.com")]
    [InlineData(null, null, "")]
    public void In_Azure_the_platform_says_what_the_app_is_called_unless_a_setting_does(string? platform, string? setting, string expected)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection([KeyValuePair.Create("WEBSITE_HOSTNAME", platform)]).Build();
        var options = new OAuthOptions { Hosts = setting is null ? [] : [setting] };

        PublicHosts.TakeHostOfTheApp(options, configuration);

        Assert.Equal(expected, string.Join(' ', options.Hosts));
    }

    [Fact]
    public void Sharing_cannot_be_required_where_it_is_off() => Assert.StartsWith(
        "OAuth:RequireSharedNonces ", Assert.Single(Faults("RequireSharedNonces", "true", "SharedNonces", "false")), StringComparison.Ordinal);

    [Fact]
    public void The_defaults_are_those_that_the_comments_promise()
    {
        var options = new OAuthOptions();

        Assert.Equal((null, TimeSpan.FromMinutes(5), true, false, 1_000_000), (options.PublicBaseUrl, options.TimestampWindow, options.SharedNonces, options.RequireSharedNonces, options.MaxNonces));
    }

    private static string[] Faults(params string[] settings)
    {
        var section = new ConfigurationBuilder()
            .AddInMemoryCollection([KeyValuePair.Create("OAuth:Hosts:0", (string?)"gateway.example")])
            .AddInMemoryCollection(settings.Chunk(2).ToDictionary(pair => $"OAuth:{pair[0]}", pair => (string?)pair[1]))
            .Build().GetSection(OAuthOptions.Section);
        return [.. new OAuthOptionsValidator().Validate(null, section.Get<OAuthOptions>() ?? new OAuthOptions()).Failures ?? []];
    }
}
