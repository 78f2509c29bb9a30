namespace MtlsFunctions.CertificateVaults.Local;

/// <summary>Section <c>LocalVault</c>: for development and single machines.</summary>
public sealed class LocalVaultOptions
{
    public const string Section = "LocalVault";

    /// <summary>Where entries are kept when no folder is set.</summary>
    public const string DefaultFolder = ".local/vault";

    /// <summary>Folder of the entries and of the key ring that encrypts them. Default, also when empty: <c>.local/vault</c> below the working directory; LocalHost: <c>vault</c> in its data folder.</summary>
    public string Folder { get; init; } = "";

    /// <summary>Keeps keys in files even in Azure, where a folder is shared by instances or lost with one, and can be read by whoever may deploy. Default false: the app doesn't start.</summary>
    public bool DangerousAllowLocalVault { get; init; }
}
