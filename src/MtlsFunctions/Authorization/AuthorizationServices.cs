using MtlsFunctions.Authorization.OAuth;
using MtlsFunctions.Connections;

namespace MtlsFunctions.Authorization;

/// <summary>What the gate needs: tokens, signed requests, how often somebody may call.</summary>
internal static class AuthorizationServices
{
    public static IServiceCollection AddAuthorizationGate(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddSection<AuthorizationOptions, AuthorizationOptionsValidator>(configuration, AuthorizationOptions.Section);
        services.AddSection<ThrottleOptions>(configuration, ThrottleOptions.Section);
        services.AddSection<OAuthOptions, OAuthOptionsValidator>(configuration, OAuthOptions.Section);
        services.PostConfigure<OAuthOptions>(options => PublicHosts.TakeHostOfTheApp(options, configuration));
        services.AddHttpClient(IssuerKeys.HttpClientName, client => client.Timeout = TimeSpan.FromSeconds(10))
            .UseSocketsHttpHandler((handler, _) => handler.ConnectCallback = GatewayConnections.ConnectAsync);
        services.AddSingleton<AuthorizationMetrics>();
        services.AddSingleton<Throttle>();
        services.AddSingleton<BearerTokens>();
        services.AddSingleton<Nonces>();
        services.AddSingleton<AppKeyRequests>();
        services.AddSingleton<Credentials>();
        services.AddSingleton<SecurityEvents>();
        services.AddSingleton<RequestsUnderWay>();
        services.AddSingleton<Gate>();
        return services;
    }
}
