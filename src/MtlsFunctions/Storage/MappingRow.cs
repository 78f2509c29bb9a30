namespace MtlsFunctions.Storage;

/// <summary>A mapping: which certificate an account uses for a service and a URL.</summary>
public sealed class MappingRow : Row
{
    public long Id { get; set; }

    public string Name { get; set; } = "";

    /// <summary>As submitted; the unique key is made of its canonical form.</summary>
    public string Url { get; set; } = "";

    /// <summary>The service's id, such as "1".</summary>
    public string ServiceId { get; set; } = "";

    public long CertificateId { get; set; }

    /// <summary>PEM of the only roots that the remote may lead to; null where the operator's trust holds.</summary>
    public string? TrustedCa { get; set; }

    public bool Enabled { get; set; }

    public bool Deleted { get; set; }

    public static string KeyOf(long id) => RowKeys.Of(RowKinds.Mapping, id);
}
