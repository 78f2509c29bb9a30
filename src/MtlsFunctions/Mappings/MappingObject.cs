using System.Globalization;
using System.Text.Json.Serialization;
using MtlsFunctions.Storage;

namespace MtlsFunctions.Mappings;

/// <summary>A mapping as the API shows it (api.md, section 6).</summary>
public sealed record MappingAnswer(
    long Id, bool Deleted, string Url, bool Enable, string ServiceId, string SiteId, string Name, string CertificationId,
    string? TrustedCa)
{
    public static MappingAnswer Of(MappingRow row) => OfSummary(row) with { TrustedCa = row.TrustedCa };

    /// <summary>As lists show it: whoever wants to see a trustedCa asks for its mapping.</summary>
    public static MappingAnswer OfSummary(MappingSummaryRow row) => new(
        row.Id, row.Deleted, row.Url, row.Enabled, row.ServiceId, row.PartitionKey, row.Name,
        row.CertificateId.ToString(CultureInfo.InvariantCulture), TrustedCa: null);
}

/// <summary>A mapping as it is submitted; nothing of it is trusted yet.</summary>
public sealed record SubmittedMapping(
    [property: JsonConverter(typeof(StringOrNumber))] string? Id,
    string? Url,
    bool? Enable,
    [property: JsonConverter(typeof(StringOrNumber))] string? ServiceId,
    string? SiteId,
    string? Name,
    [property: JsonConverter(typeof(StringOrNumber))] string? CertificationId,
    string? TrustedCa = null);
