using Azure.Core;
using Azure.Identity;

namespace MtlsFunctions;

/// <summary>Section <c>Identity</c>: as whom the app talks to Azure.</summary>
public sealed class IdentityOptions
{
    public const string Section = "Identity";

    /// <summary>Client id of a user-assigned managed identity. Default: the system-assigned one.</summary>
    public string? ManagedIdentityClientId { get; init; }
}

/// <summary>The managed identity in Azure, the developer's own sign-in elsewhere. No keys.</summary>
public static class AzureIdentity
{
    /// <summary>Set by the platform wherever a managed identity can be used.</summary>
    public const string Endpoint = "IDENTITY_ENDPOINT";

    internal static IServiceCollection AddAzureIdentity(this IServiceCollection services, IConfiguration configuration) => services
        .AddSection<IdentityOptions>(configuration, IdentityOptions.Section)
        .AddSingleton(provider => Create(provider.GetRequiredService<IOptions<IdentityOptions>>().Value, configuration));

    /// <param name="configuration">With the environment variables, as both hosts have it.</param>
    public static TokenCredential Create(IdentityOptions options, IConfiguration configuration)
    {
        if (string.IsNullOrEmpty(configuration[Endpoint]))
            return new ChainedTokenCredential(new AzureCliCredential(), new AzureDeveloperCliCredential());
        return new ManagedIdentityCredential(string.IsNullOrEmpty(options.ManagedIdentityClientId)
            ? ManagedIdentityId.SystemAssigned
            : ManagedIdentityId.FromUserAssignedClientId(options.ManagedIdentityClientId));
    }
}
