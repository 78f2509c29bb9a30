using Azure.Core;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using MtlsFunctions.CertificateVaults;
using MtlsFunctions.CertificateVaults.KeyVault;
using MtlsFunctions.CertificateVaults.Local;
using MtlsFunctions.Shared;

namespace MtlsFunctions.Tests.CertificateVaults;

/// <summary>Which vault configuration chooses, and what it must say for that.</summary>
public sealed class VaultsTests
{
    [Theory]
    [InlineData("Local", typeof(LocalVault))]
    [InlineData("KeyVault", typeof(AzureKeyVault))]
    public async Task One_setting_names_the_vault(string kind, Type vault)
    {
        var folder = Directory.CreateTempSubdirectory("mtlsfunctions-vault-");
        await using var services = Services(
            ("Vault:Kind", kind), ("LocalVault:Folder", folder.FullName), ("KeyVault:Uri", "https://example.vault.azure.net"));

        Assert.IsType(vault, Assert.IsType<MeasuredVault>(services.GetRequiredService<ICertificateVault>()).Measured);
        folder.Delete(recursive: true);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("http://example.vault.azure.net")]
    [InlineData("example.vault.azure.net")]
    public async Task Without_an_https_address_Key_Vault_does_not_start_and_says_what_to_set(string? address)
    {
        await using var services = Services(("Vault:Kind", "KeyVault"), ("KeyVault:Uri", address));

        var refused = Assert.Throws<OptionsValidationException>(() => services.GetRequiredService<IStartupValidator>().Validate());
        Assert.Contains("KeyVault:Uri", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("WEBSITE_SITE_NAME")]
    [InlineData("WEBSITE_INSTANCE_ID")]
    [InlineData("CONTAINER_APP_NAME")]
    public async Task In_Azure_the_local_vault_does_not_start_unless_told_so(string mark)
    {
        await using var services = Services((mark, "something"));
        await using var told = Services((mark, "something"), ("LocalVault:DangerousAllowLocalVault", "true"));

        var refused = Assert.Throws<OptionsValidationException>(() => services.GetRequiredService<IStartupValidator>().Validate());
        Assert.Contains("LocalVault:DangerousAllowLocalVault", refused.Message, StringComparison.Ordinal);
        Assert.Contains("Vault:Kind", refused.Message, StringComparison.Ordinal);
        told.GetRequiredService<IStartupValidator>().Validate();
    }

    [Theory]
    [InlineData("FUNCTIONS_WORKER_RUNTIME")]
    [InlineData("FUNCTIONS_CORETOOLS_ENVIRONMENT")]
    [InlineData("WEBSITE_HOSTNAME")]
    public async Task With_the_tools_on_a_developers_machine_it_starts(string mark)
    {
        await using var services = Services((mark, "something"));

        services.GetRequiredService<IStartupValidator>().Validate();
    }

    [Theory]
    [InlineData("CallTimeout", "00:00:00")]
    [InlineData("MaxRetries", "1000")]
    [InlineData("RetryDelay", "1.00:00:00")]
    [InlineData("LongestWait", "1.00:00:00")]
    [InlineData("Deadline", "1.00:00:00")]
    public async Task A_limit_that_limits_nothing_does_not_start(string setting, string value)
    {
        await using var services = Services(
            ("Vault:Kind", "KeyVault"), ("KeyVault:Uri", "https://example.vault.azure.net"), ($"KeyVault:{setting}", value));

        var refused = Assert.Throws<OptionsValidationException>(() => services.GetRequiredService<IStartupValidator>().Validate());
        Assert.Contains(setting, refused.Message, StringComparison.Ordinal);
    }

    private static ServiceProvider Services(params (string Key, string? Value)[] settings)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(settings.ToDictionary(one => one.Key, one => one.Value)).Build();
        return new ServiceCollection().AddLogging().AddSingleton(TimeProvider.System).AddSingleton<TokenCredential>(new KeyVaultIdentity())
            .AddCertificateVault(configuration).BuildServiceProvider();
    }
}
