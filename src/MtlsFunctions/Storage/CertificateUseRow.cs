namespace MtlsFunctions.Storage;

/// <summary>When a certificate was last presented, to the hour. Beside the certificate's own row, so that noting it disturbs nothing.</summary>
public sealed class CertificateUseRow : Row
{
    public long CertificateId { get; set; }

    public DateTimeOffset LastUsed { get; set; }

    public static string KeyOf(long certificateId) => RowKeys.Of(RowKinds.CertificateUse, certificateId);
}
