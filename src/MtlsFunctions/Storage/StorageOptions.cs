using System.ComponentModel.DataAnnotations;

namespace MtlsFunctions.Storage;

/// <summary>Section <c>Storage</c>: the table that holds certificates' metadata and mappings.</summary>
public sealed class StorageOptions
{
    public const string Section = "Storage";

    /// <summary>Table service of a storage account, used with the app's identity: <c>https://{name}.table.core.windows.net</c>.</summary>
    public Uri? TableServiceUri { get; init; }

    /// <summary>A connection string instead, for Azurite. Exactly one of the two is needed.</summary>
    public string? ConnectionString { get; init; }

    /// <summary>Name of the table, made when it is missing. Default <c>mtls</c>.</summary>
    public string TableName { get; init; } = "mtls";

    /// <summary>
    /// What the rows of one account's certificates and mappings may hold together (names, URLs, trustedCa and something for each row), in bytes.
    /// More is refused with 409; a renewal never is. Default 16,777,216 (16 MB).
    /// </summary>
    [Range(1, 1_000_000_000_000)]
    public long MaxBytesPerAccount { get; init; } = 16L * 1024 * 1024;

    /// <summary>How long one call to the table service may take before it is tried again (twice). Default 2 seconds.</summary>
    public TimeSpan CallTimeout { get; init; } = TimeSpan.FromSeconds(2);
}

/// <summary>Exactly one way to the table must be configured.</summary>
public sealed class StorageOptionsValidator : IValidateOptions<StorageOptions>
{
    public ValidateOptionsResult Validate(string? name, StorageOptions options) =>
        options.TableServiceUri is null == string.IsNullOrEmpty(options.ConnectionString)
            ? ValidateOptionsResult.Fail($"Set exactly one of {StorageOptions.Section}:TableServiceUri and {StorageOptions.Section}:ConnectionString.")
            : ValidateOptionsResult.Success;
}
