namespace MtlsFunctions.Storage;

/// <summary>A certificate's metadata. The key material is in the vault, under <see cref="VaultName"/>; what it says of a version is of the one in use.</summary>
public sealed class CertificateRow : DescribedRow
{
    // Its own and its name's.
    private const int BytesOfRows = 1024;

    public long Id { get; set; }

    public string Name { get; set; } = "";

    public string DisplayName { get; set; } = "";

    public bool Deleted { get; set; }

    /// <summary>The entry's name in the vault; set before anything is stored there, so that no secret is without its row.</summary>
    public string VaultName { get; set; } = "";

    /// <summary>The highest version so far; after a rollback it is above the one in use.</summary>
    public int LatestVersion { get; set; }

    /// <summary>The vault was asked for the version in use and didn't have it. The next load or store that succeeds says otherwise.</summary>
    public bool Lost { get; set; }

    /// <summary>Switched off in an emergency: no forward uses it, until it is enabled again.</summary>
    public bool Disabled { get; set; }

    /// <summary>What stays when the certificate is deleted: it frees its name and id, and tells which vault entry was its own.</summary>
    public CertificateRow Tombstone()
    {
        var tombstone = (CertificateRow)MemberwiseClone();
        tombstone.RowKey = RowKeys.Of(RowKinds.DeletedCertificate, Id);
        tombstone.Deleted = true;
        // Nobody reads them any more, and what is deleted doesn't weigh.
        tombstone.DisplayName = tombstone.Subject = tombstone.Issuer = "";
        tombstone.ETag = default;
        return tombstone;
    }

    public override long Weigh() => Deleted ? 0 : BytesOfRows + WeighTexts(Name, DisplayName, Subject, Issuer);

    public static string KeyOf(long id) => RowKeys.Of(RowKinds.Certificate, id);
}
