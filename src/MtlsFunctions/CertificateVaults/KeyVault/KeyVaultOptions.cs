using System.ComponentModel.DataAnnotations;

namespace MtlsFunctions.CertificateVaults.KeyVault;

/// <summary>Section <c>KeyVault</c>: an Azure Key Vault, reached as section <c>Identity</c> says.</summary>
/// <remarks>
/// Least rights of that identity, as data actions of a custom role below <c>Microsoft.KeyVault/vaults</c>: <c>certificates/read</c>,
/// <c>certificates/import/action</c>, <c>certificates/delete</c>, <c>certificates/recover/action</c> and <c>secrets/getSecret/action</c>
/// (the private key is in the secret behind the certificate). Built-in roles that hold them: Key Vault Certificates Officer and
/// Key Vault Secrets User. It never purges, so a deleted entry can be recovered for as long as the vault keeps it.
/// </remarks>
public sealed class KeyVaultOptions
{
    public const string Section = "KeyVault";

    /// <summary>Address of the vault: <c>https://{name}.vault.azure.net</c>. Needed.</summary>
    public Uri? Uri { get; init; }

    /// <summary>How long one request may take before it is tried again. Default 5 seconds.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:01:00")]
    public TimeSpan CallTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How often a request that failed or was throttled is tried again. Default 2.</summary>
    [Range(0, 10)]
    public int MaxRetries { get; init; } = 2;

    /// <summary>First wait before another try; it doubles each time, with jitter. Default half a second.</summary>
    [Range(typeof(TimeSpan), "00:00:00.001", "00:01:00")]
    public TimeSpan RetryDelay { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>Longest wait before another try. A vault that asks for more (Retry-After) is reported as unavailable at once, with that time. Default 2 seconds.</summary>
    [Range(typeof(TimeSpan), "00:00:00.001", "00:01:00")]
    public TimeSpan LongestWait { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>How long an operation may take in all, with every try, wait and sign-in. Default 20 seconds.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:05:00")]
    public TimeSpan Deadline { get; init; } = TimeSpan.FromSeconds(20);
}

/// <summary>The address must be there, and keys travel over TLS only.</summary>
public sealed class KeyVaultOptionsValidator : IValidateOptions<KeyVaultOptions>
{
    public ValidateOptionsResult Validate(string? name, KeyVaultOptions options) =>
        options.Uri is { IsAbsoluteUri: true, Scheme: "https" }
            ? ValidateOptionsResult.Success
            : ValidateOptionsResult.Fail($"Set {KeyVaultOptions.Section}:{nameof(KeyVaultOptions.Uri)} to the vault's address, https://{{name}}.vault.azure.net.");
}
