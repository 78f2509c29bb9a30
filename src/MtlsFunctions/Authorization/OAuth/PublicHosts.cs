namespace MtlsFunctions.Authorization.OAuth;

/// <summary>Under which hosts this deployment is called: a <c>Host</c> that it doesn't have is the caller's own claim.</summary>
public static class PublicHosts
{
    private const string Any = "*";
    private const string HostOfTheApp = "WEBSITE_HOSTNAME";

    public static bool IsLegal(string host) =>
        host == Any || (Uri.TryCreate($"https://{host}/", UriKind.Absolute, out var url) && url.Authority.Equals(host, StringComparison.OrdinalIgnoreCase));

    /// <summary>Whether a request may say that its own host was signed.</summary>
    public static bool Accepts(this OAuthOptions options, HttpRequest request) =>
        options.Hosts.Any(host => host == Any || host.Equals(Named(request), StringComparison.OrdinalIgnoreCase));

    /// <returns>The host to tell callers: the configured one, or the one that they used where that is ours.</returns>
    public static string ToTell(this OAuthOptions options, HttpRequest request) =>
        options.PublicBaseUrl is { } url ? url.Authority
        : options.Accepts(request) ? request.Host.Value ?? ""
        : options.Hosts[0];

    /// <summary>In Azure the platform, and no caller, says what the app is called.</summary>
    public static void TakeHostOfTheApp(OAuthOptions options, IConfiguration configuration)
    {
        if (options.PublicBaseUrl is null && options.Hosts.Count == 0 && configuration[HostOfTheApp] is { Length: > 0 } host)
            options.Hosts.Add(host);
    }

    private static string Named(HttpRequest request) =>
        SignedUrl.Of(request, "").BaseUri[(request.Scheme.Length + Uri.SchemeDelimiter.Length)..];
}
