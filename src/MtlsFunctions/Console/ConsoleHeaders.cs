namespace MtlsFunctions.SelfService;

/// <summary>What every answer of the console tells the browser: nothing but its own files runs, and nobody frames it.</summary>
public sealed class ConsoleHeaders(IOptions<ConsoleOptions> options, ConsoleAssets assets)
{
    private readonly string policy = string.Join("; ",
    [
        "default-src 'self'",
        $"script-src 'self' '{assets.PageScript}'",
        $"connect-src 'self'{(options.Value.AuthorityOrigin is { } origin ? $" {origin}" : "")}",
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
        // lit-html makes templates through a policy of that name; nothing else may write markup.
        "require-trusted-types-for 'script'",
        "trusted-types lit-html",
    ]);

    /// <param name="caching">The value of Cache-Control.</param>
    public void Set(HttpResponse response, string caching)
    {
        response.Headers.CacheControl = caching;
        response.Headers.ContentSecurityPolicy = policy;
        // Browsers heed it over https only, and LocalHost is plain HTTP on one machine.
        if (response.HttpContext.Request.IsHttps)
            response.Headers.StrictTransportSecurity = "max-age=31536000";
        response.Headers.XContentTypeOptions = "nosniff";
        response.Headers["Referrer-Policy"] = "no-referrer";
        response.Headers["Cross-Origin-Opener-Policy"] = "same-origin";
        response.Headers["Cross-Origin-Resource-Policy"] = "same-origin";
        response.Headers["Permissions-Policy"] = "camera=(), geolocation=(), microphone=()";
    }
}
