namespace MtlsFunctions.CertificateVaults.Local;

/// <summary>Nobody's production keys rest in files by accident.</summary>
/// <param name="configuration">With the environment variables, as both hosts have it.</param>
public sealed class LocalVaultOptionsValidator(IConfiguration configuration) : IValidateOptions<LocalVaultOptions>
{
    // Set by App Service and Functions, whatever the plan, and by Container Apps; not by their local tools.
    private static readonly string[] AzureMarks = ["WEBSITE_SITE_NAME", "WEBSITE_INSTANCE_ID", "CONTAINER_APP_NAME"];

    public ValidateOptionsResult Validate(string? name, LocalVaultOptions options) =>
        options.DangerousAllowLocalVault || AzureMarks.All(mark => string.IsNullOrEmpty(configuration[mark]))
            ? ValidateOptionsResult.Success
            : ValidateOptionsResult.Fail(
                $"The local vault is not for Azure: set {VaultOptions.Section}:{nameof(VaultOptions.Kind)} to another vault, or {LocalVaultOptions.Section}:{nameof(LocalVaultOptions.DangerousAllowLocalVault)} to true.");
}
