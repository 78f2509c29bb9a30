using System.ComponentModel.DataAnnotations;

namespace MtlsFunctions.Authorization;

/// <summary>Section <c>Authorization</c>: whose tokens are believed.</summary>
public sealed class AuthorizationOptions
{
    public const string Section = "Authorization";

    /// <summary>Trusted OpenID Connect issuers by a name of your choice. Default: none, so every bearer token is refused.</summary>
    public Dictionary<string, IssuerOptions> Issuers { get; init; } = [];

    /// <summary>Longest time that a validated token is not verified again; never past its <c>exp</c>. Default 5 minutes.</summary>
    public TimeSpan TokenCacheTime { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>Validated tokens kept in memory, at most. Default 10,000. Above it those accounts lose some that hold more than their share.</summary>
    [Range(0, 1_000_000)]
    public int TokenCacheSize { get; init; } = 10_000;

    /// <summary>Clock difference to an issuer that is forgiven. Default 30 seconds.</summary>
    public TimeSpan ClockSkew { get; init; } = TimeSpan.FromSeconds(30);
}

/// <summary>One trusted issuer: <c>Authorization:Issuers:{name}</c>.</summary>
public sealed class IssuerOptions
{
    /// <summary>The exact <c>iss</c> of its tokens. Required.</summary>
    [Required]
    public string Issuer { get; init; } = "";

    /// <summary>Where its metadata is. Default: <see cref="Issuer"/> + <c>/.well-known/openid-configuration</c>.</summary>
    public string? MetadataAddress { get; init; }

    /// <summary>Accepted <c>aud</c> values. May be empty only where <see cref="AccountClaim"/> is <c>aud</c>: the account is the audience then.</summary>
    public List<string> Audiences { get; init; } = [];

    /// <summary>The claim that carries the account id. Default <c>aud</c>, as in Sentinel tokens.</summary>
    public string AccountClaim { get; init; } = "aud";

    /// <summary>
    /// The accounts that it may speak for: ids, beginnings of ids with <c>*</c> at the end (<c>acme-*</c>, or <c>*</c> for all), or either with
    /// claims of the token in braces (<c>{tid}-*</c>). Required as soon as two issuers are trusted, our own (<c>Accounts:Enabled</c>) among them;
    /// default: all.
    /// </summary>
    public List<string> Accounts { get; init; } = [];

    /// <summary>The claim that carries the permissions: a list, or names separated by spaces. Default <c>scope</c>.</summary>
    public string PermissionClaim { get; init; } = "scope";

    /// <summary>How long fetched keys are used before they are fetched again. Default 12 hours.</summary>
    public TimeSpan KeyLifetime { get; init; } = TimeSpan.FromHours(12);

    /// <summary>Shortest time between two fetches because of an unknown key id, or after a failure. Default 30 seconds.</summary>
    public TimeSpan KeyRefetchInterval { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Allows metadata over plain HTTP, where anyone on the way can replace the keys. Default false; LocalHost sets it for its own issuer.</summary>
    public bool DangerousAllowHttpMetadata { get; init; }

    /// <summary>Not a setting: the address that the two above lead to.</summary>
    public string Metadata => MetadataAddress is { Length: > 0 } address ? address : Issuer.TrimEnd('/') + "/.well-known/openid-configuration";
}

/// <summary>Refuses at start what would make tokens of a stranger count.</summary>
public sealed class AuthorizationOptionsValidator : IValidateOptions<AuthorizationOptions>
{
    public ValidateOptionsResult Validate(string? name, AuthorizationOptions options)
    {
        var faults = new List<string>();
        foreach (var (key, issuer) in options.Issuers)
        {
            var setting = $"{AuthorizationOptions.Section}:Issuers:{key}";
            if (issuer.Issuer.Length == 0)
                faults.Add($"{setting}:Issuer is missing.");
            if (!Uri.TryCreate(issuer.Metadata, UriKind.Absolute, out var address)
                || !(address.Scheme == Uri.UriSchemeHttps || (issuer.DangerousAllowHttpMetadata && address.Scheme == Uri.UriSchemeHttp)))
                faults.Add($"{setting}:MetadataAddress must be an https URL.");
            if (issuer.Audiences.Count == 0 && issuer.AccountClaim != "aud")
                faults.Add($"{setting}:Audiences must name at least one audience, or tokens for other services would count here.");
        }

        if (options.Issuers.Count > 1)
            faults.AddRange(Unbounded(options));
        faults.AddRange(
            from one in options.Issuers
            from entry in one.Value.Accounts
            where !IssuerAccounts.IsLegal(entry)
            select $"{AuthorizationOptions.Section}:Issuers:{one.Key}:Accounts holds \"{entry}\": an entry is an account id, in which claims may stand in braces, or the beginning of one with * at its end.");
        if (options.Issuers.Values.GroupBy(issuer => issuer.Issuer, StringComparer.Ordinal).Any(group => group.Count() > 1))
            faults.Add($"{AuthorizationOptions.Section}:Issuers names the same Issuer twice.");
        if (options.TokenCacheTime < TimeSpan.Zero || options.ClockSkew < TimeSpan.Zero
            || options.Issuers.Values.Any(issuer => issuer.KeyLifetime < TimeSpan.Zero || issuer.KeyRefetchInterval < TimeSpan.Zero))
            faults.Add($"{AuthorizationOptions.Section} holds a negative time.");
        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }

    /// <summary>Issuers that could speak for the accounts of another one.</summary>
    internal static IEnumerable<string> Unbounded(AuthorizationOptions options) =>
        from one in options.Issuers
        where one.Value.Accounts.Count == 0
        select $"{AuthorizationOptions.Section}:Issuers:{one.Key}:Accounts must name the accounts that it may speak for, because another issuer is trusted too: ids, acme-* or * for all.";
}
