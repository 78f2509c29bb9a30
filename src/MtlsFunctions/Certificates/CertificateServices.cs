namespace MtlsFunctions.Certificates;

/// <summary>An account's certificates, how they are judged and saved, and the keys of those in use.</summary>
internal static class CertificateServices
{
    public static IServiceCollection AddCertificates(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddSection<CertificateOptions>(configuration, CertificateOptions.Section);
        services.AddSingleton<KeyDerivations>();
        services.AddSingleton<CertificateMetrics>();
        services.AddSingleton<CertificateKeys>();
        services.AddSingleton<CertificateUses>();
        services.AddSingleton<CertificateVersions>();
        services.AddSingleton<AccountCertificates>();
        services.AddSingleton<CertificateSaving>();
        // Functions of two spellings: the older one calls the other.
        services.AddSingleton<CreateCertificateByFile>();
        services.AddSingleton<UpdateCertificateByFile>();
        return services;
    }
}
