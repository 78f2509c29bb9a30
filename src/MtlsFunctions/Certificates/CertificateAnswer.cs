using System.Globalization;
using MtlsFunctions.Authorization;
using MtlsFunctions.Storage;

namespace MtlsFunctions.Certificates;

/// <summary>A certificate as the API shows it (api.md, section 5). Everything here is public.</summary>
/// <param name="UnavailableBecause">Why its status is <c>UnAvailable</c>, and so what would help; null with any other.</param>
public sealed record CertificateAnswer(
    long Id,
    bool Deleted,
    string Name,
    string DisplayName,
    string SiteId,
    string Status,
    string ExpirationDate,
    string Thumbprint,
    string Subject,
    string Issuer,
    string NotBefore,
    string KeyAlgorithm,
    int Version,
    string? UnavailableBecause = null)
{
    public static CertificateAnswer Of(CertificateRow row, DateTimeOffset now) => new(
        row.Id, row.Deleted, row.Name, row.DisplayName, row.PartitionKey, CertificateStatus.Of(row, now), Iso(row.NotAfter),
        row.Thumbprint, row.Subject, row.Issuer, Iso(row.NotBefore), row.KeyAlgorithm, row.Version,
        CertificateStatus.WhyUnavailable(row));

    /// <summary>ISO 8601, UTC, whole seconds: certificates know no smaller unit.</summary>
    public static string Iso(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}

/// <summary>The documented spellings.</summary>
public static class CertificateStatus
{
    public const string Available = "Available";
    public const string Unavailable = "UnAvailable";
    public const string Expired = "Expired";

    public static string Of(CertificateRow row, DateTimeOffset now) =>
        row.VaultVersion is null || row.Lost || row.Disabled ? Unavailable : row.NotAfter <= now ? Expired : Available;

    /// <returns>What enabling can't mend comes first: only <c>disabled</c> alone is switched on again, the others need the file anew.</returns>
    public static string? WhyUnavailable(CertificateRow row) => row switch
    {
        { VaultVersion: null } => "not-stored",
        { Lost: true } => "lost",
        { Disabled: true } => "disabled",
        _ => null,
    };

    /// <returns>Why no forward can use it now, for a person; null when it can be used.</returns>
    public static string? WhyUnusable(CertificateRow row, DateTimeOffset now) => row switch
    {
        { VaultVersion: null } => "the vault doesn't hold it; upload it again",
        { Disabled: true } => "it is disabled; enable it",
        _ when row.NotAfter <= now => $"it expired at {row.NotAfter:u}; replace it",
        _ => null,
    };
}

/// <summary>The documented answer to create and update, in its exact spelling.</summary>
public sealed record SaveResult(
    IReadOnlyList<CertificateAnswer> SuccessfulySavedCertificates,
    IReadOnlyList<CertificateAnswer> FailedSaveToVaultCertificates)
{
    /// <summary>For the record: what was touched.</summary>
    public void Tell(AuditedAction action) =>
        action.Touches("certificate", SuccessfulySavedCertificates.Concat(FailedSaveToVaultCertificates).Select(certificate => certificate.Id));

    public static SaveResult Of(IEnumerable<SavedCertificate> saved, DateTimeOffset now)
    {
        var all = saved.ToLookup(one => one.InVault, one => CertificateAnswer.Of(one.Row, now));
        return new SaveResult([.. all[true]], [.. all[false]]);
    }
}
