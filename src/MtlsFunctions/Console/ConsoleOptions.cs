namespace MtlsFunctions.SelfService;

/// <summary>Section <c>Console</c>: how people sign in to the self-service console.</summary>
public sealed class ConsoleOptions
{
    public const string Section = "Console";

    /// <summary>
    /// The OpenID Connect issuer that people may sign in with, without <c>/.well-known/openid-configuration</c>; its token endpoint must
    /// have the same origin. Default: none. Its tokens count only when <c>Authorization:Issuers</c> trusts it.
    /// </summary>
    public string OidcAuthority { get; init; } = "";

    /// <summary>The console's client id there: a public client, with <c>https://{host}/console</c> as a redirect URI. Required with an authority.</summary>
    public string OidcClientId { get; init; } = "";

    /// <summary>The scopes that are asked for, separated by spaces; <c>openid</c> must be among them. Default: <c>openid</c>.</summary>
    public string OidcScope { get; init; } = "openid";

    /// <summary>How long nobody touches the console before it signs out; from a minute to a day. Default 15 minutes.</summary>
    public TimeSpan IdleSignOut { get; init; } = TimeSpan.FromMinutes(15);

    /// <summary>Not a setting: scheme, host and port of the authority; null where there is none.</summary>
    public string? AuthorityOrigin => OidcAuthority.Length > 0 ? new Uri(OidcAuthority).GetLeftPart(UriPartial.Authority) : null;
}

/// <summary>Refuses at start what would send people or their codes to the wrong place.</summary>
public sealed class ConsoleOptionsValidator : IValidateOptions<ConsoleOptions>
{
    public ValidateOptionsResult Validate(string? name, ConsoleOptions options)
    {
        var faults = new List<string>();
        if (options.OidcAuthority.Length > 0 && !IsSafe(options.OidcAuthority))
            faults.Add($"{ConsoleOptions.Section}:OidcAuthority must be an https URL without a query (plain http only on this machine).");
        if (options.OidcAuthority.Length > 0 != options.OidcClientId.Length > 0)
            faults.Add($"{ConsoleOptions.Section}: OidcAuthority and OidcClientId are needed together.");
        if (!options.OidcScope.Split(' ').Contains("openid", StringComparer.Ordinal))
            faults.Add($"{ConsoleOptions.Section}:OidcScope must contain openid.");
        if (options.IdleSignOut < TimeSpan.FromMinutes(1) || options.IdleSignOut > TimeSpan.FromHours(24))
            faults.Add($"{ConsoleOptions.Section}:IdleSignOut: {options.IdleSignOut} is not between a minute and a day.");
        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }

    // Its origin goes into a header: only what a URL parser has understood may.
    private static bool IsSafe(string authority) =>
        Uri.TryCreate(authority, UriKind.Absolute, out var url)
        && url.Query.Length == 0 && url.Fragment.Length == 0 && url.UserInfo.Length == 0
        && (url.Scheme == Uri.UriSchemeHttps || (url.Scheme == Uri.UriSchemeHttp && url.IsLoopback));
}
