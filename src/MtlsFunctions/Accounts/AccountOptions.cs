using System.ComponentModel.DataAnnotations;

namespace MtlsFunctions.Accounts;

/// <summary>Section <c>Accounts</c>: our own logins and client credentials, where no external issuer is used.</summary>
public sealed class AccountOptions
{
    public const string Section = "Accounts";

    /// <summary>Serves login, refresh, token endpoint and signing keys, and trusts the tokens they issue. Default false; LocalHost's default is true.</summary>
    public bool Enabled { get; init; }

    /// <summary>The <c>iss</c> of our own tokens. Default <c>urn:mtlsfunctions:gateway</c>.</summary>
    [Required]
    public string Issuer { get; init; } = "urn:mtlsfunctions:gateway";

    /// <summary>Administrators by a name of your choice.</summary>
    public Dictionary<string, AdministratorOptions> Administrators { get; init; } = [];

    /// <summary>Clients of the token endpoint by a name of your choice.</summary>
    public Dictionary<string, ClientOptions> Clients { get; init; } = [];

    /// <summary>How long a login's token holds. Default 8 hours.</summary>
    public TimeSpan SessionLifetime { get; init; } = TimeSpan.FromHours(8);

    /// <summary>How long a login can be refreshed before the password is asked for again. Default 24 hours.</summary>
    public TimeSpan LongestSession { get; init; } = TimeSpan.FromHours(24);

    /// <summary>How long a client's token holds. Default 1 hour.</summary>
    public TimeSpan TokenLifetime { get; init; } = TimeSpan.FromHours(1);

    /// <summary>How long a signing key signs before the next one is made; its tokens are believed until they end. Default 30 days.</summary>
    public TimeSpan SigningKeyLifetime { get; init; } = TimeSpan.FromDays(30);

    /// <summary>Failed attempts a minute for one user or client of one account from one network (an IPv4 address, an IPv6 /64), per instance. Default 10.</summary>
    [Range(1, 100_000)]
    public int AttemptsPerMinute { get; init; } = 10;

    /// <summary>
    /// Failed attempts a minute for one user or client of one account from all networks together, per instance. Networks from which it has
    /// logged in before are not held up by those of others. Default 100.
    /// </summary>
    [Range(1, 1_000_000)]
    public int AttemptsPerMinuteFromEverywhere { get; init; } = 100;
}

/// <summary>A person who may do everything in one account: <c>Accounts:Administrators:{name}</c>.</summary>
public sealed class AdministratorOptions
{
    /// <summary>The account. Required.</summary>
    public string Account { get; init; } = "";

    /// <summary>The login name. Required.</summary>
    public string LoginName { get; init; } = "";

    /// <summary>As LocalHost's <c>hash-password</c> prints it. Required.</summary>
    public string PasswordHash { get; init; } = "";
}

/// <summary>A client of the token endpoint: <c>Accounts:Clients:{name}</c>.</summary>
public sealed class ClientOptions
{
    /// <summary>The account. Required.</summary>
    public string Account { get; init; } = "";

    /// <summary>The client id. Required.</summary>
    public string ClientId { get; init; } = "";

    /// <summary>Its secret's hash, as <c>hash-password</c> prints it. Required.</summary>
    public string SecretHash { get; init; } = "";

    /// <summary>What its tokens may do. Default, also when empty: <c>mtls.external</c>.</summary>
    public List<string> Scopes { get; init; } = [];
}
