namespace MtlsFunctions;

/// <summary>An expected failure: what kind, and what the caller can do about it. The detail never holds a secret.</summary>
/// <param name="Kind">From the closed list; decides status, problem type and title (see <see cref="Problems"/>).</param>
/// <param name="Detail">One or two sentences for the person who made the request.</param>
public sealed record Failure(FailureKind Kind, string Detail)
{
    /// <summary>Where in a submitted array the bad item stands, from 0; null when the request isn't an array.</summary>
    public int? Index { get; init; }

    /// <summary>How long to wait before the next try; null for the usual few seconds.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>Further members of the problem (RFC 9457 section 3.2), for programs; null for none.</summary>
    public IReadOnlyDictionary<string, object>? Members { get; init; }

    public Failure At(int index) => this with { Index = index };
}

/// <summary>Every failure that this product expects. The table in <see cref="Problems"/> has a row for each.</summary>
public enum FailureKind
{
    Unauthorized,
    LoginFailed,
    Throttled,
    Busy,
    Forbidden,
    AccountIdInvalid,
    RequestInvalid,
    RequestTooLarge,
    NameInvalid,
    UrlInvalid,
    ServiceUnknown,
    TrustedCaInvalid,
    NotFound,
    NameTaken,
    TripletTaken,
    CertificateUnknown,
    CertificateInUse,
    TooManyItems,
    QuotaExceeded,
    Conflict,
    RevisionStale,
    Pkcs12TooLarge,
    Pkcs12Unreadable,
    Pkcs12WrongPassword,
    Pkcs12KeyDerivationTooCostly,
    Pkcs12WithoutPrivateKey,
    Pkcs12KeyMismatch,
    Pkcs12SeveralKeys,
    Pkcs12KeyWeak,
    Pkcs12KeyUnsupported,
    Pkcs12Expired,
    Pkcs12NotYetValid,
    StorageUnavailable,
    VaultUnavailable,
    VaultRefused,
    VaultEntryDisabled,
    VaultEntryMissing,
    IssuerUnavailable,
    NoMapping,
    CertificateUnusable,
    TargetRefused,
    RemoteUnreachable,
    UpgradeRefused,
    Internal,
}
