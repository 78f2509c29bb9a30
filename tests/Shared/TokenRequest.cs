using System.Text.Json.Nodes;

namespace MtlsFunctions.Shared;

/// <summary>What a token should say; whatever isn't set is as a good token has it.</summary>
public sealed record TokenRequest(string AccountId, params string[] Permissions)
{
    /// <summary>Default: in an hour.</summary>
    public DateTimeOffset? Expires { get; init; }

    /// <summary>Default: absent.</summary>
    public DateTimeOffset? NotBefore { get; init; }

    /// <summary>Another issuer than the one that signs.</summary>
    public string? Issuer { get; init; }

    /// <summary>Another key id than that of the signing key.</summary>
    public string? KeyId { get; init; }

    /// <summary>Added to the header.</summary>
    public IDictionary<string, object> Header { get; init; } = new Dictionary<string, object>();

    /// <summary>Added to the claims; a name that is there already is replaced, a null value removes it.</summary>
    public IReadOnlyDictionary<string, JsonNode?> Claims { get; init; } = new Dictionary<string, JsonNode?>();
}
