using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace MtlsFunctions.CertificateVaults.HashiCorp;

/// <summary>
/// What stands in the vault, in a shape that other tools may rely on: format 1. A tool needs <c>pkcs12</c> and <c>password</c>; the
/// rest tells people what they look at.
/// </summary>
internal sealed record StoredSecret
{
    private const int CurrentFormat = 1;

    /// <summary>1. A change that a reader would notice gets another number.</summary>
    [JsonPropertyName("format")]
    public int Format { get; init; }

    /// <summary>Key, certificate and intermediates: a PKCS#12 file in base64.</summary>
    [JsonPropertyName("pkcs12")]
    public byte[] Pkcs12 { get; init; } = [];

    /// <summary>Opens <see cref="Pkcs12"/>. Empty: the vault guards both.</summary>
    [JsonPropertyName("password")]
    public string Password { get; init; } = "";

    /// <summary>The account whose certificate this is.</summary>
    [JsonPropertyName("account")]
    public string Account { get; init; } = "";

    /// <summary>The certificate's id in the API.</summary>
    [JsonPropertyName("certificateId")]
    public long CertificateId { get; init; }

    /// <summary>SHA-256 of the certificate, lower-case hex.</summary>
    [JsonPropertyName("thumbprint")]
    public string Thumbprint { get; init; } = "";

    [JsonPropertyName("subject")]
    public string Subject { get; init; } = "";

    /// <summary>When the certificate expires, in UTC (ISO 8601).</summary>
    [JsonPropertyName("notAfter")]
    public DateTimeOffset NotAfter { get; init; }

    /// <summary>Made for each store, so that one whose answer was lost knows its own version again.</summary>
    [JsonPropertyName("writeId")]
    public string WriteId { get; init; } = "";

    /// <exception cref="CryptographicException">Not a PKCS#12 file without password.</exception>
    public static StoredSecret Of(VaultEntry entry, ReadOnlyMemory<byte> pkcs12)
    {
        var certificates = X509CertificateLoader.LoadPkcs12Collection(pkcs12.Span, "", X509KeyStorageFlags.EphemeralKeySet);
        var leaf = certificates.Single(one => one.HasPrivateKey);
        try
        {
            return new StoredSecret
            {
                Format = CurrentFormat,
                Pkcs12 = pkcs12.ToArray(),
                Account = entry.Account.Value,
                CertificateId = entry.OwnerId,
                Thumbprint = leaf.GetCertHashString(HashAlgorithmName.SHA256).ToLowerInvariant(),
                Subject = leaf.Subject,
                NotAfter = new DateTimeOffset(leaf.NotAfter.ToUniversalTime()),
                WriteId = Guid.NewGuid().ToString("N"),
            };
        }
        finally
        {
            foreach (var certificate in certificates)
                certificate.Dispose();
        }
    }

    /// <summary>Null when it has another shape, or is a copy of another account's.</summary>
    public static StoredSecret? Read(JsonElement? json, VaultEntry entry)
    {
        try
        {
            return json?.Deserialize(StoredSecretJson.Default.StoredSecret) is { Format: CurrentFormat, Pkcs12.Length: > 0 } secret
                && secret.Account == entry.Account.Value ? secret : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    public override string ToString() => nameof(StoredSecret);
}

[JsonSerializable(typeof(StoredSecret))]
internal sealed partial class StoredSecretJson : JsonSerializerContext;
