using System.Text;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection.Extensions;
using MtlsFunctions.Accounts;
using MtlsFunctions.Audit;
using MtlsFunctions.Authorization;
using MtlsFunctions.Authorization.OAuth;
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
        services.AddHttpClient(IssuerKeys.HttpClientName, client => client.Timeout = TimeSpan.FromSeconds(10));

        Section<GatewayLimits>(GatewayLimits.Section);
        services.AddOptions<KestrelServerOptions>().Configure<IOptions<GatewayLimits>>(Limit);

        Section<IdentityOptions>(IdentityOptions.Section);
        services.AddSingleton(provider => AzureIdentity.Create(provider.GetRequiredService<IOptions<IdentityOptions>>().Value, configuration));

        Section<StorageOptions>(StorageOptions.Section);
        services.AddSingleton<IValidateOptions<StorageOptions>, StorageOptionsValidator>();
        services.AddSingleton(provider => TableClients.Create(
            provider.GetRequiredService<IOptions<StorageOptions>>().Value, provider.GetRequiredService<Azure.Core.TokenCredential>()));
        Section<RuntimeOptions>(RuntimeOptions.Section);
        services.AddSingleton(provider => provider.GetRequiredService<Azure.Data.Tables.TableServiceClient>()
            .GetTableClient(provider.GetRequiredService<IOptions<StorageOptions>>().Value.TableName));
        services.AddSingleton<NonceTables>().AddSingleton<SharedNonces>().AddSingleton<AddSharedNonce>(provider => provider.GetRequiredService<SharedNonces>().AddAsync);
        services.AddSingleton<AccountTable>().AddSingleton<AccountRevisions>();

        Section<AuthorizationOptions>(AuthorizationOptions.Section);
        services.AddSingleton<IValidateOptions<AuthorizationOptions>, AuthorizationOptionsValidator>();
        services.AddSingleton<BearerTokens>().AddSingleton<Credentials>().AddSingleton<Throttle>().AddSingleton<AuthorizationMetrics>().AddSingleton<Gate>();
        Section<ThrottleOptions>(ThrottleOptions.Section);
        Section<OAuthOptions>(OAuthOptions.Section);
        services.AddSingleton<IValidateOptions<OAuthOptions>, OAuthOptionsValidator>();
        services.AddSingleton<Nonces>().AddSingleton<AppKeyRequests>();

        services.AddCertificateVault(configuration);

        Section<CertificateOptions>(CertificateOptions.Section);
        services.AddSingleton<CertificateMetrics>().AddSingleton<CertificateKeys>().AddSingleton<CertificateUses>().AddSingleton<CertificateVersions>().AddSingleton<AccountCertificates>().AddSingleton<CertificateSaving>();
        services.AddSingleton<CreateCertificateByFile>().AddSingleton<UpdateCertificateByFile>();

        services.AddSingleton<AccountMappings>().AddSingleton<NearestMappings>().AddSingleton<MappingMetrics>().AddSingleton<RuntimeView>().AddSingleton<MappingChecks>();

        Section<ForwardingOptions>(ForwardingOptions.Section);
        services.AddSingleton<IValidateOptions<ForwardingOptions>, ForwardingOptionsValidator>();
        services.AddSingleton<TargetGuard>().AddSingleton<RemoteTrust>().AddSingleton<HandlerFactory>().AddSingleton<HandlerCache>();
        services.AddSingleton<ForwardMetrics>().AddSingleton<HandlerMetrics>().AddSingleton<Identities>().AddSingleton<Forwarder>();
        services.AddSingleton<RemoteCall>().AddSingleton<TestCall>();

        Section<AccountOptions>(AccountOptions.Section);
        services.AddSingleton<IValidateOptions<AccountOptions>, AccountOptionsValidator>();
        services.AddSingleton<GatewayKeys>().AddSingleton<AppKeySecretSource>().AddSingleton<AppKeys>();
        services.AddSingleton<SigningKeys>().AddSingleton<AccessTokens>()
            .AddSingleton<IPasswordHasher<string>, PasswordHasher<string>>().AddSingleton<FailedLogins>().AddSingleton<HashingQueue>().AddSingleton<Secrets>().AddSingleton<Logins>().AddSingleton<IssueToken>();
        if (configuration.GetValue<bool>($"{AccountOptions.Section}:{nameof(AccountOptions.Enabled)}"))
            services.AddSingleton(provider => new TrustedIssuer(
                new IssuerOptions { Issuer = provider.GetRequiredService<IOptions<AccountOptions>>().Value.Issuer },
                provider.GetRequiredService<SigningKeys>(), IsOurs: true));
        services.AddSingleton<FindAppKey>(provider => provider.GetRequiredService<AppKeys>().FindAsync);

        services.AddSingleton<AuditTrail>().AddSingleton<RecordAction>(provider => provider.GetRequiredService<AuditTrail>().RecordAsync);

        Section<DiscoveryOptions>(DiscoveryOptions.Section);
        services.AddSingleton<BaseUris>();

        Section<HealthOptions>(HealthOptions.Section);
        services.AddSingleton<IValidateOptions<HealthOptions>, HealthOptionsValidator>().AddSingleton<DependencyChecks>();

        Section<ConsoleOptions>(ConsoleOptions.Section);
        services.AddSingleton<IValidateOptions<ConsoleOptions>, ConsoleOptionsValidator>();
        services.AddSingleton<ConsoleAssets>().AddSingleton<ConsoleHeaders>();
        return services;

        void Section<TOptions>(string name)
            where TOptions : class =>
            services.AddOptions<TOptions>().Bind(configuration.GetSection(name)).ValidateDataAnnotations().ValidateOnStart();
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
