namespace MtlsFunctions.Storage;

/// <summary>One stored version of a certificate, as it was when it was stored. Written once, never changed.</summary>
public sealed class CertificateVersionRow : DescribedRow
{
    /// <summary>The same for each, so that one can go without being read.</summary>
    public const long Weight = 1024;

    public DateTimeOffset Created { get; set; }

    public override long Weigh() => Weight;

    /// <summary>The version that a certificate's row is using now.</summary>
    public static CertificateVersionRow Of(CertificateRow certificate, DateTimeOffset created)
    {
        var version = new CertificateVersionRow
        {
            PartitionKey = certificate.PartitionKey,
            RowKey = KeyOf(certificate.Id, certificate.Version),
            Created = created,
        };
        version.TakeFrom(certificate);
        return version;
    }

    public static string KeyOf(long certificateId, int version) =>
        string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{KindOf(certificateId)}_{version:D9}");

    /// <summary>What all versions of one certificate share, as a kind of their own.</summary>
    public static string KindOf(long certificateId) => RowKeys.Of(RowKinds.CertificateVersion, certificateId);
}
