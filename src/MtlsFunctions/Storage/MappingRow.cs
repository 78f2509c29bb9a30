namespace MtlsFunctions.Storage;

/// <summary>A mapping: which certificate an account uses for a service and a URL.</summary>
public sealed class MappingRow : MappingSummaryRow
{
    // It has three rows: itself, its name's and its key's.
    private const int BytesOfRows = 512;

    /// <summary>PEM of the only certificates that the remote may lead to; null where the operator's trust holds.</summary>
    public string? TrustedCa { get; set; }

    public override long Weigh() => BytesOfRows + WeighTexts(Name, Url, TrustedCa);

    public static string KeyOf(long id) => RowKeys.Of(RowKinds.Mapping, id);
}

/// <summary>What lists and searches show of a mapping: all but its trustedCa, which may be 16 KB. For reading only.</summary>
public class MappingSummaryRow : Row
{
    /// <summary>What such a row is read from.</summary>
    internal static readonly string[] Columns =
    [
        nameof(PartitionKey), nameof(RowKey), nameof(Timestamp),
        nameof(Id), nameof(Name), nameof(Url), nameof(ServiceId), nameof(CertificateId), nameof(Enabled), nameof(Deleted),
    ];

    public long Id { get; set; }

    public string Name { get; set; } = "";

    /// <summary>As submitted; the unique key is made of its canonical form.</summary>
    public string Url { get; set; } = "";

    /// <summary>The service's id, such as "1".</summary>
    public string ServiceId { get; set; } = "";

    public long CertificateId { get; set; }

    public bool Enabled { get; set; }

    public bool Deleted { get; set; }
}
