namespace MtlsFunctions.Discovery;

/// <summary>Where each service of the documented API is found.</summary>
internal static class DiscoveryServices
{
    public static IServiceCollection AddDiscovery(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddSection<DiscoveryOptions>(configuration, DiscoveryOptions.Section);
        services.AddSingleton<BaseUris>();
        return services;
    }
}
