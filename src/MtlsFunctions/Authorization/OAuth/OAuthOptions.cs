namespace MtlsFunctions.Authorization.OAuth;

/// <summary>Section <c>OAuth</c>: app keys (OAuth 1.0 signatures).</summary>
public sealed class OAuthOptions
{
    public const string Section = "OAuth";

    /// <summary>The URL under which callers reach this deployment, which they sign: <c>https://mtls.example.com</c>. Default: as each request's own host and scheme say.</summary>
    public Uri? PublicBaseUrl { get; init; }

    /// <summary>How far a timestamp may be from our clock, either way. Default 5 minutes.</summary>
    public TimeSpan TimestampWindow { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>Keeps nonces in a table that all instances share, one insert a request; false keeps them in each instance's memory. Default true.</summary>
    public bool SharedNonces { get; init; } = true;

    /// <summary>Answers 503 while that table is down, instead of going on with this instance's memory. Default false.</summary>
    public bool RequireSharedNonces { get; init; }

    /// <summary>Nonces kept in memory, at most; when it is full, app keys are refused. Default 1,000,000.</summary>
    public int MaxNonces { get; init; } = 1_000_000;
}
