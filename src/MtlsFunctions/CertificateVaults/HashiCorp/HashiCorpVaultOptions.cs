using System.ComponentModel.DataAnnotations;

namespace MtlsFunctions.CertificateVaults.HashiCorp;

/// <summary>Section <c>HashiCorpVault</c>: HashiCorp Vault or OpenBao, with a KV version 2 engine. Exactly one way to log in must be set.</summary>
public sealed class HashiCorpVaultOptions
{
    public const string Section = "HashiCorpVault";

    /// <summary>Where the vault is: <c>https://vault.example:8200</c>. Required. Redirects are not followed, so name the active node or the load balancer.</summary>
    public Uri? Address { get; init; }

    /// <summary>Namespace of Vault Enterprise or OpenBao, of the login as well as of the secrets. Default: none.</summary>
    public string? Namespace { get; init; }

    /// <summary>Where the KV version 2 engine is mounted. Default <c>secret</c>.</summary>
    public string Mount { get; init; } = "secret";

    /// <summary>Folder inside the engine; entries are <c>{folder}/{account}/{name}</c>. Default <c>mtlsfunctions</c>.</summary>
    public string Folder { get; init; } = "mtlsfunctions";

    /// <summary>How many versions of a certificate the vault keeps; one more, and the oldest is gone. Default 100.</summary>
    [Range(2, 1000)]
    public int MaxVersions { get; init; } = 100;

    /// <summary>Login with a token that was given out for this app; a periodic one lives on, as it is renewed. One with a limit of uses is refused.</summary>
    public string? Token { get; init; }

    /// <summary>Login with the token in this file, as Vault Agent writes it. It is read again when the token is no longer good.</summary>
    public string? TokenFile { get; init; }

    /// <summary>Login with AppRole: the role id.</summary>
    public string? RoleId { get; init; }

    /// <summary>The secret id of <see cref="RoleId"/>. Neither this nor <see cref="SecretIdFile"/> for a role with <c>bind_secret_id=false</c>, which knows this app by its address.</summary>
    public string? SecretId { get; init; }

    /// <summary>File with the secret id, read at each login.</summary>
    public string? SecretIdFile { get; init; }

    /// <summary>Where AppRole is mounted. Default <c>approle</c>.</summary>
    public string AppRoleMount { get; init; } = "approle";

    /// <summary>Login with the Azure identity of this app: the vault's JWT role. Needs <see cref="JwtScope"/>.</summary>
    public string? JwtRole { get; init; }

    /// <summary>The scope of the identity's token, whose audience the role is bound to: <c>api://{application}/.default</c>.</summary>
    public string? JwtScope { get; init; }

    /// <summary>Where the JWT method is mounted. Default <c>jwt</c>.</summary>
    public string JwtMount { get; init; } = "jwt";

    /// <summary>PEM file with the authorities that the vault's own certificate may come from, in place of the system's. Default: the system's.</summary>
    public string? CaFile { get; init; }

    /// <summary>How long one request may take before it is repeated (three times at most). Default 3 seconds.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:01:00")]
    public TimeSpan AttemptTimeout { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>How long a call may take altogether, with login and repetitions. Default 10 seconds.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:05:00")]
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// How long a standby may be behind the active node: what the vault doesn't know, and the table or this instance has just stored, is
    /// asked for again so long, half of <see cref="Timeout"/> at most, before it is called missing. Default 1 second.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:00:30")]
    public TimeSpan StandbyLag { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Allows an <c>http</c> address, where anyone on the way reads tokens and keys. Default false; for tests on one machine.</summary>
    public bool DangerousAllowHttp { get; init; }
}
