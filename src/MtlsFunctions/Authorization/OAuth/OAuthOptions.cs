using System.ComponentModel.DataAnnotations;

namespace MtlsFunctions.Authorization.OAuth;

/// <summary>Section <c>OAuth</c>: app keys (OAuth 1.0 signatures).</summary>
public sealed class OAuthOptions
{
    public const string Section = "OAuth";

    /// <summary>The URL under which callers reach this deployment, which they sign: <c>https://mtls.example.com</c>. Default: scheme and host of each request, where <see cref="Hosts"/> has that host.</summary>
    public Uri? PublicBaseUrl { get; init; }

    /// <summary>
    /// Hosts (with their port, if they need one) that a signature may name where <see cref="PublicBaseUrl"/> isn't set; <c>*</c> takes any, and
    /// what was signed for another deployment with it. Default: the app's own name in Azure (WEBSITE_HOSTNAME); LocalHost takes any. One of the two is needed.
    /// </summary>
    public List<string> Hosts { get; init; } = [];

    /// <summary>How far a timestamp may be from our clock, either way; an hour at most. Default 5 minutes.</summary>
    public TimeSpan TimestampWindow { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>Keeps nonces in a table that all instances share, one insert a request; false keeps them in each instance's memory. Default true.</summary>
    public bool SharedNonces { get; init; } = true;

    /// <summary>Answers 503 while that table is down, instead of going on with this instance's memory. Default false.</summary>
    public bool RequireSharedNonces { get; init; }

    /// <summary>Nonces kept in memory, at most, of one account as many as are left free; when it is full and no table can say, app keys are refused. Default 1,000,000.</summary>
    [Range(1, 100_000_000)]
    public int MaxNonces { get; init; } = 1_000_000;
}

/// <summary>Refuses at start what no signature could hold with, or what would let replays through.</summary>
public sealed class OAuthOptionsValidator : IValidateOptions<OAuthOptions>
{
    // Shared nonces are kept for a day at least: a window anywhere near that would outlive them.
    private static readonly TimeSpan LongestWindow = TimeSpan.FromHours(1);

    public ValidateOptionsResult Validate(string? name, OAuthOptions options)
    {
        var faults = new List<string>();
        if (options.PublicBaseUrl is { } url
            && !(url.IsAbsoluteUri && url.Scheme is "https" or "http" && url.Query.Length + url.Fragment.Length + url.UserInfo.Length == 0))
            faults.Add($"{OAuthOptions.Section}:PublicBaseUrl must be a URL such as https://mtls.example.com, without user, query and fragment.");
        if (options.PublicBaseUrl is null && options.Hosts.Count == 0)
            faults.Add($"{OAuthOptions.Section}:PublicBaseUrl or {OAuthOptions.Section}:Hosts must say under which host callers reach this deployment, or signatures for other hosts would hold here.");
        faults.AddRange(options.Hosts.Where(host => !PublicHosts.IsLegal(host))
            .Select(host => $"{OAuthOptions.Section}:Hosts holds \"{host}\": an entry is a host such as mtls.example.com, with its port where it needs one, or *."));
        if (options.TimestampWindow <= TimeSpan.Zero || options.TimestampWindow > LongestWindow)
            faults.Add($"{OAuthOptions.Section}:TimestampWindow must be more than nothing and at most an hour.");
        if (options is { RequireSharedNonces: true, SharedNonces: false })
            faults.Add($"{OAuthOptions.Section}:RequireSharedNonces needs SharedNonces.");
        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }
}
