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
    // Set by the platform wherever a managed identity can be used.
    private const string IdentityEndpoint = "IDENTITY_ENDPOINT";

    public static TokenCredential Create(IdentityOptions options)
    {
        if (Environment.GetEnvironmentVariable(IdentityEndpoint) is null)
            return new ChainedTokenCredential(new AzureCliCredential(), new AzureDeveloperCliCredential());
        return new ManagedIdentityCredential(string.IsNullOrEmpty(options.ManagedIdentityClientId)
            ? ManagedIdentityId.SystemAssigned
            : ManagedIdentityId.FromUserAssignedClientId(options.ManagedIdentityClientId));
    }
}
