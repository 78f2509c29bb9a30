namespace MtlsFunctions.Health;

/// <summary>Whether what the gateway depends on can be reached.</summary>
internal static class HealthServices
{
    public static IServiceCollection AddHealth(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddSection<HealthOptions, HealthOptionsValidator>(configuration, HealthOptions.Section);
        services.AddSingleton<DependencyChecks>();
        return services;
    }
}
