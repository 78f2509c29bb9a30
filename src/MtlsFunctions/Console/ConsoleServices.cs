namespace MtlsFunctions.SelfService;

/// <summary>The console's files and the headers that they go with.</summary>
internal static class ConsoleServices
{
    public static IServiceCollection AddConsolePage(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddSection<ConsoleOptions, ConsoleOptionsValidator>(configuration, ConsoleOptions.Section);
        services.AddSingleton<ConsoleAssets>();
        services.AddSingleton<ConsoleHeaders>();
        return services;
    }
}
