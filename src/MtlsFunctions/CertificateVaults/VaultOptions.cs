namespace MtlsFunctions.CertificateVaults;

/// <summary>Section <c>Vault</c>: which vault keeps the keys. Each kind has a section of its own.</summary>
public sealed class VaultOptions
{
    public const string Section = "Vault";

    /// <summary>Where keys rest. Default <see cref="VaultKind.Local"/>, for development and single machines.</summary>
    public VaultKind Kind { get; init; } = VaultKind.Local;
}

/// <summary>The vaults that there are.</summary>
public enum VaultKind
{
    /// <summary>Encrypted files, section <c>LocalVault</c>.</summary>
    Local,

    /// <summary>Azure Key Vault, section <c>KeyVault</c>.</summary>
    KeyVault,

    /// <summary>HashiCorp Vault or OpenBao, section <c>HashiCorpVault</c>.</summary>
    HashiCorp,
}
