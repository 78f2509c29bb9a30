using Azure.Identity;
using Microsoft.Extensions.Configuration;

namespace MtlsFunctions.Tests;

public sealed class AzureIdentityTests
{
    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("00000000-0000-0000-0000-000000000003")]
    public void In_Azure_the_app_is_its_managed_identity_and_tries_nothing_else(string? clientId) =>
        Assert.IsType<ManagedIdentityCredential>(AzureIdentity.Create(
            new IdentityOptions { ManagedIdentityClientId = clientId }, Configured((AzureIdentity.Endpoint, "http://127.0.0.1:41741/msi/token/"))));

    [Fact]
    public void Elsewhere_it_is_whoever_has_signed_in() =>
        Assert.IsType<ChainedTokenCredential>(AzureIdentity.Create(new IdentityOptions(), Configured()));

    private static IConfiguration Configured(params (string Name, string Value)[] settings) => new ConfigurationBuilder()
        .AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create(setting.Name, (string?)setting.Value)))
        .Build();
}
