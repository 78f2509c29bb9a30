using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using Microsoft.IdentityModel.Tokens;

namespace MtlsFunctions.Shared;

/// <summary>One version of a certificate and of the secret behind it, in the shapes of the REST API.</summary>
internal sealed class KeyVaultVersion
{
    public const int RecoverableDays = 90;

    private const string Pkcs12 = "application/x-pkcs12";
    private const int MaxSecretBytes = 25 * 1024;
    private static readonly int[] RsaBits = [2048, 3072, 4096];
    private static readonly int[] CurveBits = [256, 384, 521];

    private readonly Uri vault;
    private readonly string entry;
    private readonly X509Certificate2 certificate;
    private readonly string value;
    private readonly JsonNode? tags;
    private readonly JsonObject policy;
    private readonly long created = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds();

    private KeyVaultVersion(Uri vault, string entry, X509Certificate2Collection certificates, JsonObject request)
    {
        (this.vault, this.entry) = (vault, entry);
        certificate = certificates.Single(one => one.HasPrivateKey);
        tags = request["tags"];
        policy = Complete(request["policy"]?.AsObject() ?? []);
        value = Convert.ToBase64String(KeyVaultPkcs12.Encode(certificate, certificates));
        if (value.Length > MaxSecretBytes)
            throw KeyVaultError.BadParameter("The certificate is too large.");
    }

    /// <summary>32 hex digits, as the service names versions.</summary>
    public string Name { get; } = Guid.NewGuid().ToString("N");

    public bool Enabled { get; set; } = true;

    public static KeyVaultVersion Import(Uri vault, string entry, JsonObject request)
    {
        if ((string?)request["policy"]?["secret_props"]?["contentType"] is { } type and not Pkcs12)
            throw KeyVaultError.BadParameter($"The imitation takes no {type}.");
        return new KeyVaultVersion(vault, entry, KeyVaultPkcs12.Decode((string?)request["value"], (string?)request["pwd"]), request);
    }

    /// <summary>What import, get, delete and recover answer.</summary>
    public JsonObject Bundle(bool withPolicy)
    {
        var bundle = Common();
        bundle["kid"] = Id("keys");
        bundle["sid"] = Id("secrets");
        bundle["cer"] = Convert.ToBase64String(certificate.RawData);
        if (withPolicy)
            bundle["policy"] = policy.DeepClone();
        return bundle;
    }

    /// <summary>What lists hold.</summary>
    public JsonObject Item()
    {
        var item = Common();
        item["subject"] = "";
        return item;
    }

    public JsonObject Secret() => Tagged(new()
    {
        ["value"] = value,
        ["contentType"] = Pkcs12,
        ["id"] = Id("secrets"),
        ["managed"] = true,
        ["attributes"] = Attributes(),
        ["kid"] = Id("keys"),
    });

    private JsonObject Common() => Tagged(new()
    {
        ["id"] = Id("certificates"),
        ["x5t"] = Base64UrlEncoder.Encode(certificate.GetCertHash(HashAlgorithmName.SHA1)),
        ["attributes"] = Attributes(),
    });

    private JsonObject Tagged(JsonObject shown)
    {
        if (tags is not null)
            shown["tags"] = tags.DeepClone();
        return shown;
    }

    private string Id(string kind) => $"{vault}{kind}/{entry}/{Name}";

    private JsonObject Attributes() => new()
    {
        ["enabled"] = Enabled,
        ["nbf"] = new DateTimeOffset(certificate.NotBefore.ToUniversalTime()).ToUnixTimeSeconds(),
        ["exp"] = new DateTimeOffset(certificate.NotAfter.ToUniversalTime()).ToUnixTimeSeconds(),
        ["created"] = created,
        ["updated"] = created,
        ["recoveryLevel"] = "Recoverable+Purgeable",
        ["recoverableDays"] = RecoverableDays,
    };

    /// <summary>What the importer said of the key must be so; what it left out is taken from the certificate.</summary>
    private JsonObject Complete(JsonObject given)
    {
        using var rsa = certificate.GetRSAPublicKey();
        using var ecdsa = certificate.GetECDsaPublicKey();
        if (rsa is not null && !RsaBits.Contains(rsa.KeySize) || ecdsa is not null && !CurveBits.Contains(ecdsa.KeySize))
            throw KeyVaultError.BadParameter("The key size is not supported.");
        var key = given["key_props"]?.AsObject() ?? [];
        Match(key, "kty", rsa is null ? "EC" : "RSA");
        Match(key, "key_size", rsa?.KeySize ?? ecdsa!.KeySize);
        if (ecdsa is not null)
            Match(key, "crv", $"P-{ecdsa.KeySize}");
        var completed = given.DeepClone().AsObject();
        completed["id"] = $"{vault}certificates/{entry}/policy";
        completed["key_props"] = key.DeepClone();
        completed["secret_props"] = new JsonObject { ["contentType"] = Pkcs12 };
        completed["x509_props"] = new JsonObject
        {
            ["subject"] = certificate.Subject,
            ["ekus"] = new JsonArray(),
            ["key_usage"] = new JsonArray(),
            ["validity_months"] = 12,
            ["basic_constraints"] = new JsonObject { ["ca"] = false },
        };
        completed["issuer"] ??= new JsonObject { ["name"] = "Unknown" };
        completed["lifetime_actions"] = new JsonArray(new JsonObject
        {
            ["trigger"] = new JsonObject { ["lifetime_percentage"] = 80 },
            ["action"] = new JsonObject { ["action_type"] = (string?)completed["issuer"]!["name"] == "Unknown" ? "EmailContacts" : "AutoRenew" },
        });
        completed["attributes"] = new JsonObject { ["enabled"] = true, ["created"] = created, ["updated"] = created };
        return completed;
    }

    private static void Match(JsonObject key, string property, JsonNode actual)
    {
        if (key[property] is { } said && said.ToJsonString() != actual.ToJsonString())
            throw KeyVaultError.BadParameter($"The policy's {property} is not that of the key.");
        key[property] = actual;
    }
}
