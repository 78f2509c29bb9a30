using System.Collections.Frozen;

namespace MtlsFunctions;

/// <summary>The one table from failure to HTTP: status, stable problem type (RFC 9457) and title.</summary>
public static class Problems
{
    /// <summary>Every problem type is this prefix and its name; listed in docs/problems.md.</summary>
    public const string TypePrefix = "urn:mtlsfunctions:problem:";

    public static Problem Of(FailureKind kind) => Table[kind];

    public static IReadOnlyDictionary<FailureKind, Problem> All => Table;

    private static readonly FrozenDictionary<FailureKind, Problem> Table = new Dictionary<FailureKind, Problem>
    {
        [FailureKind.Unauthorized] = new(401, "unauthorized", "No valid credentials"),
        [FailureKind.LoginFailed] = new(401, "login-failed", "Login failed"),
        [FailureKind.Throttled] = new(429, "throttled", "Too many requests"),
        [FailureKind.Busy] = new(503, "busy", "Too much is under way"),
        [FailureKind.Forbidden] = new(403, "forbidden", "Not allowed with these credentials"),
        [FailureKind.AccountIdInvalid] = new(400, "account-id-invalid", "Not an account id"),
        [FailureKind.RequestInvalid] = new(400, "request-invalid", "The request can't be understood"),
        [FailureKind.RequestTooLarge] = new(413, "request-too-large", "The request body is too large"),
        [FailureKind.NameInvalid] = new(400, "name-invalid", "Not a usable name"),
        [FailureKind.UrlInvalid] = new(400, "url-invalid", "Not a usable URL"),
        [FailureKind.ServiceUnknown] = new(400, "service-unknown", "Unknown service"),
        [FailureKind.TrustedCaInvalid] = new(400, "trusted-ca-invalid", "Not usable as trusted roots"),
        [FailureKind.NotFound] = new(404, "not-found", "There is no such thing in this account"),
        [FailureKind.NameTaken] = new(409, "name-taken", "The name is in use"),
        [FailureKind.TripletTaken] = new(409, "mapping-exists", "Service and URL are mapped already"),
        [FailureKind.CertificateUnknown] = new(400, "certificate-unknown", "No such certificate in this account"),
        [FailureKind.CertificateInUse] = new(409, "certificate-in-use", "The certificate is in use"),
        [FailureKind.TooManyItems] = new(400, "too-many-items", "Too many items in one request"),
        [FailureKind.QuotaExceeded] = new(409, "quota-exceeded", "The account holds as much as it may"),
        [FailureKind.Conflict] = new(409, "conflict", "Somebody else changed this account at the same time"),
        [FailureKind.RevisionStale] = new(412, "revision-stale", "The account has changed since it was read"),
        [FailureKind.Pkcs12TooLarge] = new(413, "p12-too-large", "The p12 is too large"),
        [FailureKind.Pkcs12Unreadable] = new(400, "p12-unreadable", "Not a p12"),
        [FailureKind.Pkcs12WrongPassword] = new(400, "p12-wrong-password", "Wrong password"),
        [FailureKind.Pkcs12KeyDerivationTooCostly] = new(400, "p12-key-derivation-too-costly", "Key derivation is too costly"),
        [FailureKind.Pkcs12WithoutPrivateKey] = new(400, "p12-without-private-key", "No private key in the p12"),
        [FailureKind.Pkcs12KeyMismatch] = new(400, "p12-key-mismatch", "Key and certificate don't belong together"),
        [FailureKind.Pkcs12SeveralKeys] = new(400, "p12-several-keys", "Several private keys in the p12"),
        [FailureKind.Pkcs12KeyWeak] = new(400, "p12-key-weak", "The key is too weak"),
        [FailureKind.Pkcs12KeyUnsupported] = new(400, "p12-key-unsupported", "The kind of key is not supported"),
        [FailureKind.Pkcs12Expired] = new(400, "p12-expired", "The certificate has expired"),
        [FailureKind.Pkcs12NotYetValid] = new(400, "p12-not-yet-valid", "The certificate is not yet valid"),
        [FailureKind.StorageUnavailable] = new(503, "storage-unavailable", "Table storage can't be reached"),
        [FailureKind.VaultUnavailable] = new(503, "vault-unavailable", "The certificate vault can't be reached"),
        [FailureKind.VaultRefused] = new(503, "vault-refused", "The certificate vault refuses this app"),
        [FailureKind.VaultEntryDisabled] = new(503, "vault-entry-disabled", "The certificate is disabled in the vault"),
        [FailureKind.VaultEntryMissing] = new(503, "vault-entry-missing", "The vault has lost the certificate"),
        [FailureKind.IssuerUnavailable] = new(503, "issuer-unavailable", "The token issuer's keys can't be fetched"),
        [FailureKind.NoMapping] = new(400, "no-mapping", "No certificate is mapped"),
        [FailureKind.CertificateUnusable] = new(503, "certificate-unusable", "The mapped certificate can't be used"),
        [FailureKind.TargetRefused] = new(403, "target-refused", "The target is not allowed"),
        [FailureKind.RemoteUnreachable] = new(424, "remote-unreachable", "The remote endpoint could not be reached"),
        [FailureKind.UpgradeRefused] = new(501, "upgrade-refused", "Protocol upgrades are not forwarded"),
        [FailureKind.Internal] = new(500, "internal", "Something went wrong on our side"),
    }.ToFrozenDictionary();
}

/// <summary>How one kind of failure looks over HTTP.</summary>
public sealed record Problem(int Status, string Name, string Title)
{
    public string Type => Problems.TypePrefix + Name;

    /// <summary>A later try may succeed: the answer carries Retry-After.</summary>
    public bool IsTransient => Status is StatusCodes.Status503ServiceUnavailable or StatusCodes.Status429TooManyRequests;
}
