using MtlsFunctions.CertificateVaults.Local;

namespace MtlsFunctions.CertificateVaults;

/// <summary>Registers the one vault that configuration names.</summary>
public static class Vaults
{
    public static IServiceCollection AddCertificateVault(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<VaultOptions>().Bind(configuration.GetSection(VaultOptions.Section)).ValidateOnStart();
        return configuration.GetValue<VaultKind>($"{VaultOptions.Section}:{nameof(VaultOptions.Kind)}") switch
        {
            VaultKind.Local => AddLocal(services, configuration),
            var unknown => throw new InvalidOperationException($"There is no vault of kind '{unknown}'."),
        };
    }

    private static IServiceCollection AddLocal(IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<LocalVaultOptions>().Bind(configuration.GetSection(LocalVaultOptions.Section)).ValidateOnStart();
        return services.AddSingleton<ICertificateVault, LocalVault>();
    }
}
