namespace MtlsFunctions;

/// <summary>How every folder reads its options: bound to their section, with their annotations, refused at start when wrong.</summary>
internal static class Sections
{
    public static IServiceCollection AddSection<TOptions>(this IServiceCollection services, IConfiguration configuration, string name)
        where TOptions : class
    {
        services.AddOptions<TOptions>().Bind(configuration.GetSection(name)).ValidateDataAnnotations().ValidateOnStart();
        return services;
    }

    public static IServiceCollection AddSection<TOptions, TValidator>(this IServiceCollection services, IConfiguration configuration, string name)
        where TOptions : class
        where TValidator : class, IValidateOptions<TOptions> =>
        services.AddSection<TOptions>(configuration, name).AddSingleton<IValidateOptions<TOptions>, TValidator>();
}
