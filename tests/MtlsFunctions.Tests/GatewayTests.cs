using System.Text;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace MtlsFunctions.Tests;

/// <summary>What both hosts get from the shared composition before any function runs.</summary>
public sealed class GatewayTests
{
    [Theory]
    [InlineData(null, 220_200_960L)]
    [InlineData("1000", 1_000L)]
    public void Kestrel_takes_as_much_as_the_setting_says_and_tells_nothing_of_itself(string? setting, long expected)
    {
        var settings = new ConfigurationBuilder().AddInMemoryCollection(setting is null ? [] : [KeyValuePair.Create("Limits:MaxRequestBodyBytes", (string?)setting)]).Build();
        using var services = new ServiceCollection().AddLogging().AddMtlsGateway(settings).BuildServiceProvider();

        var kestrel = services.GetRequiredService<IOptions<KestrelServerOptions>>().Value;

        Assert.Equal(expected, kestrel.Limits.MaxRequestBodySize);
        Assert.False(kestrel.AddServerHeader);
        Assert.Equal((Encoding.Latin1, Encoding.Latin1), (kestrel.RequestHeaderEncodingSelector("Cookie"), kestrel.ResponseHeaderEncodingSelector("Set-Cookie")));
    }
}
