using System.Text;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection.Extensions;
using MtlsFunctions.Accounts;
using MtlsFunctions.Audit;
using MtlsFunctions.Authorization;
using MtlsFunctions.Certificates;
using MtlsFunctions.CertificateVaults;
using MtlsFunctions.Discovery;
using MtlsFunctions.Forwarding;
using MtlsFunctions.Health;
using MtlsFunctions.Mappings;
using MtlsFunctions.SelfService;
using MtlsFunctions.Storage;

namespace MtlsFunctions;

/// <summary>The composition that both hosts share.</summary>
public static class Gateway
{
    public static IServiceCollection AddMtlsGateway(this IServiceCollection services, IConfiguration configuration)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.AddMetrics();
        services.AddSection<GatewayLimits>(configuration, GatewayLimits.Section);
        services.AddOptions<KestrelServerOptions>().Configure<IOptions<GatewayLimits>>(Limit);

        // In the order of a forward's path; then what isn't on it.
        services.AddAuthorizationGate(configuration);
        services.AddAccounts(configuration);
        services.AddForwarding(configuration);
        services.AddMappings();
        services.AddCertificates(configuration);
        services.AddCertificateVault(configuration);
        services.AddStorage(configuration);
        services.AddAzureIdentity(configuration);

        services.AddAudit();
        services.AddDiscovery(configuration);
        services.AddHealth(configuration);
        services.AddConsolePage(configuration);
        return services;
    }

    private static void Limit(KestrelServerOptions kestrel, IOptions<GatewayLimits> limits)
    {
        kestrel.AddServerHeader = false;
        kestrel.Limits.MaxRequestBodySize = limits.Value.MaxRequestBodyBytes;
        // Header bytes pass through unchanged: Latin-1 maps each to one character and back.
        kestrel.RequestHeaderEncodingSelector = _ => Encoding.Latin1;
        kestrel.ResponseHeaderEncodingSelector = _ => Encoding.Latin1;
    }
}
