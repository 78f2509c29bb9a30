using Microsoft.Extensions.Options;
using MtlsFunctions.Forwarding;

namespace MtlsFunctions.Tests.Forwarding;

public sealed class ForwardingOptionsTests
{
    [Fact]
    public void The_defaults_are_good() => Assert.True(Validate(new ForwardingOptions()).Succeeded);

    [Theory]
    [InlineData("10.0.0.1")]
    [InlineData("10.0.0.0/33")]
    [InlineData("localhost")]
    [InlineData("")]
    public void A_network_that_is_none_is_refused_at_start_by_name(string network)
    {
        var result = Validate(new ForwardingOptions { AllowedNetworks = ["10.0.0.0/8", network] });
        Assert.Contains($"'{network}'", Assert.Single(result.Failures!), StringComparison.Ordinal);
    }

    [Fact]
    public void A_root_that_is_not_there_is_refused_at_start_by_name()
    {
        var result = Validate(new ForwardingOptions { TrustedRoots = ["", "/nowhere/root.pem"] });
        Assert.Contains("/nowhere/root.pem", Assert.Single(result.Failures!), StringComparison.Ordinal);
    }

    private static ValidateOptionsResult Validate(ForwardingOptions options) => new ForwardingOptionsValidator().Validate(null, options);
}
