using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace MtlsFunctions.CertificateVaults.HashiCorp;

/// <summary>Refuses at start what could not work, or would send secrets in the clear.</summary>
public sealed class HashiCorpVaultOptionsValidator : IValidateOptions<HashiCorpVaultOptions>
{
    private const string Section = HashiCorpVaultOptions.Section;

    public ValidateOptionsResult Validate(string? name, HashiCorpVaultOptions options)
    {
        string?[] faults = [AddressFault(options), .. LoginFaults(options), .. PathFaults(options), CaFault(options.CaFile)];
        var found = faults.OfType<string>().ToArray();
        return found.Length == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(found);
    }

    private static string? AddressFault(HashiCorpVaultOptions options) =>
        options.Address is { IsAbsoluteUri: true, UserInfo: "", Query: "", Fragment: "" } address
        && (address.Scheme == Uri.UriSchemeHttps || (options.DangerousAllowHttp && address.Scheme == Uri.UriSchemeHttp))
            ? null
            : $"{Section}:Address must be an https URL without user, query and fragment.";

    private static IEnumerable<string?> LoginFaults(HashiCorpVaultOptions options)
    {
        string?[] ways = [options.Token, options.TokenFile, options.RoleId, options.JwtRole];
        if (ways.Count(IsSet) != 1)
            yield return $"Set exactly one of {Section}:Token, {Section}:TokenFile, {Section}:RoleId and {Section}:JwtRole.";
        if (IsSet(options.Token) && !VaultToken.IsLegal(options.Token))
            yield return $"{Section}:Token holds a character that no token has.";
        if (IsSet(options.SecretId) && IsSet(options.SecretIdFile))
            yield return $"Set one of {Section}:SecretId and {Section}:SecretIdFile, or neither for a role without bind_secret_id.";
        if (IsSet(options.JwtRole) && !IsSet(options.JwtScope))
            yield return $"{Section}:JwtRole needs {Section}:JwtScope.";
    }

    private static IEnumerable<string?> PathFaults(HashiCorpVaultOptions options)
    {
        (string Setting, string? Path)[] paths =
        [
            (nameof(options.Mount), options.Mount), (nameof(options.Folder), options.Folder),
            (nameof(options.AppRoleMount), options.AppRoleMount), (nameof(options.JwtMount), options.JwtMount),
            .. options.Namespace is { Length: > 0 } space ? new[] { (nameof(options.Namespace), space) } : [],
        ];
        return paths.Where(one => !VaultPath.IsLegal(one.Path))
            .Select(one => $"{Section}:{one.Setting} must be a path of letters, digits, '_', '-', '.' and '@', without '/' at its ends.");
    }

    // Without a certificate in it nothing would be trusted, and every call would say only that TLS failed.
    private static string? CaFault(string? path)
    {
        if (!IsSet(path))
            return null;
        try
        {
            X509Certificate2Collection authorities = [];
            authorities.ImportFromPemFile(path!);
            return authorities.Count > 0 ? null : $"{Section}:CaFile holds no certificate in PEM.";
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or CryptographicException)
        {
            return $"{Section}:CaFile can't be read: {fault.Message}";
        }
    }

    private static bool IsSet(string? text) => !string.IsNullOrEmpty(text);
}
