using Microsoft.Extensions.Configuration;
using MtlsFunctions.Authorization.OAuth;

namespace MtlsFunctions.Tests.Authorization.OAuth;

/// <summary>What is refused at start.</summary>
public sealed class OAuthOptionsTests
{
    [Theory]
    [InlineData("PublicBaseUrl", "")]
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
    [InlineData("TimestampWindow", "00:00:00")]
    [InlineData("TimestampWindow", "-00:05:00")]
    [InlineData("TimestampWindow", "01:00:01")]
    public void What_no_signature_could_hold_with_is_refused_naming_the_setting(string setting, string value) =>
        Assert.StartsWith($"OAuth:{setting} ", Assert.Single(Faults(setting, value)), StringComparison.Ordinal);

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
            .AddInMemoryCollection(settings.Chunk(2).ToDictionary(pair => $"OAuth:{pair[0]}", pair => (string?)pair[1]))
            .Build().GetSection(OAuthOptions.Section);
        return [.. new OAuthOptionsValidator().Validate(null, section.Get<OAuthOptions>() ?? new OAuthOptions()).Failures ?? []];
    }
}
