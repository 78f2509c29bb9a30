using Microsoft.Extensions.DependencyInjection.Extensions;
using MtlsFunctions.Connections;
using MtlsFunctions.Forwarding.Tls;

namespace MtlsFunctions.Forwarding;

/// <summary>The gateway itself: which identity a request goes out with, and the exchange with the remote endpoint.</summary>
internal static class ForwardingServices
{
    public static IServiceCollection AddForwarding(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddSection<ForwardingOptions, ForwardingOptionsValidator>(configuration, ForwardingOptions.Section);
        services.TryAddSingleton(new HeaderCarriage(AsciiOnly: false));
        services.AddSingleton<ForwardMetrics>();
        services.AddSingleton<KeptBodies>();
        services.AddSingleton<HandlerMetrics>();
        services.AddSingleton<Forwarder>();
        services.AddSingleton<Identities>();
        services.AddSingleton<HandlerCache>();
        services.AddSingleton<LoadedCertificates>();
        services.AddSingleton<HandshakeThreads>();
        services.AddSingleton<HandlerFactory>();
        services.AddSingleton<RemoteTrust>();
        services.AddSingleton<NameLookUps>();
        services.AddSingleton<TargetGuard>();
        services.AddSingleton<RemoteCall>();
        services.AddSingleton<RemoteLook>();
        services.AddSingleton<TestCall>();
        return services;
    }
}
