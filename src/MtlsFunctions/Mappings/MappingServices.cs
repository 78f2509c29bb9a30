namespace MtlsFunctions.Mappings;

/// <summary>Which certificate goes to which service and URL, and the view of that which forwards use.</summary>
internal static class MappingServices
{
    public static IServiceCollection AddMappings(this IServiceCollection services)
    {
        services.AddSingleton<MappingMetrics>();
        services.AddSingleton<RuntimeView>();
        services.AddSingleton<AccountMappings>();
        services.AddSingleton<NearestMappings>();
        services.AddSingleton<MappingChecks>();
        return services;
    }
}
