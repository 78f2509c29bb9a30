using Microsoft.AspNetCore.Identity;
using MtlsFunctions.Authorization;
using MtlsFunctions.Authorization.OAuth;

namespace MtlsFunctions.Accounts;

/// <summary>App keys, logins and the tokens that this gateway issues.</summary>
internal static class AccountServices
{
    public static IServiceCollection AddAccounts(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddSection<AccountOptions, AccountOptionsValidator>(configuration, AccountOptions.Section);
        services.AddSingleton<GatewayKeys>();
        services.AddSingleton<AppKeySecretSource>();
        services.AddSingleton<AppKeys>();
        services.AddSingleton<FindAppKey>(provider => provider.GetRequiredService<AppKeys>().FindAsync);
        services.AddSingleton<SigningKeys>();
        services.AddSingleton<AccessTokens>();
        services.AddSingleton<IPasswordHasher<string>, PasswordHasher<string>>();
        services.AddSingleton<FailedLogins>();
        services.AddSingleton<HashingQueue>();
        services.AddSingleton<Secrets>();
        services.AddSingleton<Logins>();
        services.AddSingleton<LoginEvents>();
        services.AddSingleton<IssueToken>();
        if (configuration.GetValue<bool>($"{AccountOptions.Section}:{nameof(AccountOptions.Enabled)}"))
            services.AddSingleton(provider => new TrustedIssuer(
                new IssuerOptions { Issuer = provider.GetRequiredService<IOptions<AccountOptions>>().Value.Issuer },
                provider.GetRequiredService<SigningKeys>(), IsOurs: true));
        return services;
    }
}
