using System.ComponentModel.DataAnnotations;

namespace MtlsFunctions.CertificateVaults;

/// <summary>Section <c>LocalVault</c>: for development and single machines.</summary>
public sealed class LocalVaultOptions
{
    public const string Section = "LocalVault";

    /// <summary>Folder of the entries and of the key ring that encrypts them. Required; LocalHost's default is <c>vault</c> in its data folder.</summary>
    [Required]
    public string Folder { get; init; } = "";
}
