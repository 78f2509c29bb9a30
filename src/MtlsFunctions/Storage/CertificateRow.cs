namespace MtlsFunctions.Storage;

/// <summary>A certificate's metadata. The key material is in the vault, under <see cref="VaultName"/>.</summary>
public sealed class CertificateRow : Row
{
    public long Id { get; set; }

    public string Name { get; set; } = "";

    public string DisplayName { get; set; } = "";

    public bool Deleted { get; set; }

    /// <summary>The entry's name in the vault; set before anything is stored there, so that no secret is without its row.</summary>
    public string VaultName { get; set; } = "";

    /// <summary>The vault's name of the version in use; null while the vault lacks the certificate.</summary>
    public string? VaultVersion { get; set; }

    /// <summary>Counts the versions from 1.</summary>
    public int Version { get; set; }

    /// <summary>SHA-256, lower-case hex.</summary>
    public string Thumbprint { get; set; } = "";

    public string Subject { get; set; } = "";

    public string Issuer { get; set; } = "";

    public string KeyAlgorithm { get; set; } = "";

    public DateTimeOffset NotBefore { get; set; }

    public DateTimeOffset NotAfter { get; set; }

    /// <summary>What stays when the certificate is deleted: it frees its name and id, and tells which vault entry was its own.</summary>
    public CertificateRow Tombstone()
    {
        var tombstone = (CertificateRow)MemberwiseClone();
        tombstone.RowKey = RowKeys.Of(RowKinds.DeletedCertificate, Id);
        tombstone.Deleted = true;
        tombstone.ETag = default;
        return tombstone;
    }

    public static string KeyOf(long id) => RowKeys.Of(RowKinds.Certificate, id);
}
