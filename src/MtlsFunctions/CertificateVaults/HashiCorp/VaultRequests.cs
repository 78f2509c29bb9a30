using System.Text.Json.Serialization;

namespace MtlsFunctions.CertificateVaults.HashiCorp;

/// <summary>Either kind of login; what isn't set isn't sent.</summary>
internal sealed record LoginRequest
{
    public string? RoleId { get; init; }

    public string? SecretId { get; init; }

    public string? Role { get; init; }

    public string? Jwt { get; init; }

    /// <summary>Nothing of it, wherever it may be printed.</summary>
    public override string ToString() => nameof(LoginRequest);
}

/// <summary>A version to write, if <paramref name="Options"/> still holds.</summary>
internal sealed record WriteRequest(StoredSecret Data, WriteOptions Options);

/// <param name="Cas">Check and set: the number of the version that must be the newest; 0 when there must be none.</param>
internal sealed record WriteOptions(long Cas);

/// <summary>Settings of one name.</summary>
internal sealed record MetadataRequest(int MaxVersions);

/// <summary>Takes a secret's place on an engine that keeps no versions.</summary>
internal sealed record EmptiedSecret(bool Removed = true);

/// <summary>The body of a request that says it all by its path.</summary>
internal sealed record NoFields;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(LoginRequest))]
[JsonSerializable(typeof(WriteRequest))]
[JsonSerializable(typeof(MetadataRequest))]
[JsonSerializable(typeof(EmptiedSecret))]
[JsonSerializable(typeof(NoFields))]
[JsonSerializable(typeof(VaultBody))]
internal sealed partial class VaultJson : JsonSerializerContext;
