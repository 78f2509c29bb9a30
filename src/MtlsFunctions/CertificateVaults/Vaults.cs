using Azure.Core;
using MtlsFunctions.CertificateVaults.HashiCorp;
using MtlsFunctions.CertificateVaults.KeyVault;
using MtlsFunctions.CertificateVaults.Local;
using MtlsFunctions.Connections;

namespace MtlsFunctions.CertificateVaults;

/// <summary>Registers the one vault that configuration names.</summary>
internal static class Vaults
{
    public static IServiceCollection AddCertificateVault(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddMetrics().AddSingleton<VaultMetrics>();
        services.AddOptions<VaultOptions>().Bind(configuration.GetSection(VaultOptions.Section)).ValidateOnStart();
        return configuration.GetValue<VaultKind>($"{VaultOptions.Section}:{nameof(VaultOptions.Kind)}") switch
        {
            VaultKind.Local => AddLocal(services, configuration),
            VaultKind.KeyVault => AddKeyVault(services, configuration),
            VaultKind.HashiCorp => AddHashiCorp(services, configuration),
            var unknown => throw new InvalidOperationException($"There is no vault of kind '{unknown}'."),
        };
    }

    private static IServiceCollection AddLocal(IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<LocalVaultOptions>().Bind(configuration.GetSection(LocalVaultOptions.Section)).ValidateOnStart();
        services.AddSingleton<IValidateOptions<LocalVaultOptions>>(new LocalVaultOptionsValidator(configuration));
        return AddMeasured<LocalVault>(services);
    }

    private static IServiceCollection AddKeyVault(IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<KeyVaultOptions>().Bind(configuration.GetSection(KeyVaultOptions.Section)).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<IValidateOptions<KeyVaultOptions>, KeyVaultOptionsValidator>();
        services.AddSingleton(provider => new KeyVaultClients(
            provider.GetRequiredService<IOptions<KeyVaultOptions>>().Value, provider.GetRequiredService<TokenCredential>(), GatewayConnections.Transport()));
        return AddMeasured<AzureKeyVault>(services);
    }

    private static IServiceCollection AddHashiCorp(IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<HashiCorpVaultOptions>().Bind(configuration.GetSection(HashiCorpVaultOptions.Section)).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<IValidateOptions<HashiCorpVaultOptions>, HashiCorpVaultOptionsValidator>();
        VaultHttpClient.Add(services);
        services.AddSingleton<VaultHttp>().AddSingleton<VaultLogin>().AddSingleton<VaultSession>().AddSingleton<VaultClient>();
        services.AddSingleton<OwnWrites>().AddSingleton<VaultWriter>();
        services.AddSingleton<VaultHealth>().AddHostedService(provider => provider.GetRequiredService<VaultHealth>());
        return AddMeasured<HashiCorpVault>(services);
    }

    private static IServiceCollection AddMeasured<TVault>(IServiceCollection services)
        where TVault : class, ICertificateVault =>
        services.AddSingleton<TVault>().AddSingleton<ICertificateVault>(provider => new MeasuredVault(
            provider.GetRequiredService<TVault>(), provider.GetRequiredService<VaultMetrics>()));
}
