using MtlsFunctions.Authorization;

namespace MtlsFunctions.Audit;

/// <summary>Who did what to an account, written where the gate says.</summary>
internal static class AuditServices
{
    public static IServiceCollection AddAudit(this IServiceCollection services)
    {
        services.AddSingleton<AuditTrail>();
        services.AddSingleton<RecordAction>(provider => provider.GetRequiredService<AuditTrail>().RecordAsync);
        return services;
    }
}
