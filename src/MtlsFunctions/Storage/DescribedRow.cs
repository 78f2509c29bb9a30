namespace MtlsFunctions.Storage;

/// <summary>What is known of one version of a certificate without its vault.</summary>
public abstract class DescribedRow : Row
{
    /// <summary>Counts the versions from 1; 0 while the vault has none.</summary>
    public int Version { get; set; }

    /// <summary>The vault's own name of the version; null while the vault lacks the certificate.</summary>
    public string? VaultVersion { get; set; }

    /// <summary>SHA-256, lower-case hex.</summary>
    public string Thumbprint { get; set; } = "";

    public string Subject { get; set; } = "";

    public string Issuer { get; set; } = "";

    public string KeyAlgorithm { get; set; } = "";

    public DateTimeOffset NotBefore { get; set; }

    public DateTimeOffset NotAfter { get; set; }

    public void TakeFrom(DescribedRow other)
    {
        Version = other.Version;
        VaultVersion = other.VaultVersion;
        Thumbprint = other.Thumbprint;
        Subject = other.Subject;
        Issuer = other.Issuer;
        KeyAlgorithm = other.KeyAlgorithm;
        NotBefore = other.NotBefore;
        NotAfter = other.NotAfter;
    }
}
