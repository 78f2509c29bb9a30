namespace MtlsFunctions.Storage;

/// <summary>An app key. It holds no secret: secrets are derived from a key in the vault, see <c>AppKeySecretSource</c>.</summary>
public sealed class AppKeyRow : Row
{
    public long Id { get; set; }

    public string Name { get; set; } = "";

    public string Token { get; set; } = "";

    /// <summary>Names as in api.md section 3, separated by spaces.</summary>
    public string Permissions { get; set; } = "";

    public DateTimeOffset Created { get; set; }

    public DateTimeOffset? Expires { get; set; }

    /// <summary>The app key that made it, which it doesn't outlive; null where a token did.</summary>
    public long? MadeBy { get; set; }

    /// <summary>The gateway key from which its secrets are derived.</summary>
    public long SourceKeyId { get; set; }

    public static string KeyOf(long id) => RowKeys.Of(RowKinds.AppKey, id);
}

/// <summary>A key of the gateway itself; its private part is in the vault.</summary>
public sealed class GatewayKeyRow : Row
{
    public long Id { get; set; }

    /// <summary>What it is for: <c>token-signing</c> or <c>app-keys</c>.</summary>
    public string Purpose { get; set; } = "";

    public string VaultName { get; set; } = "";

    public string VaultVersion { get; set; } = "";

    /// <summary>SHA-256 of its certificate, lower-case hex: what the vault must give for that version.</summary>
    public string Thumbprint { get; set; } = "";

    public DateTimeOffset Created { get; set; }

    public static string KeyOf(long id) => RowKeys.Of(RowKinds.GatewayKey, id);
}
