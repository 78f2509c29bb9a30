using MtlsFunctions.CertificateVaults.Local;

namespace MtlsFunctions.LocalHost;

/// <summary>Where LocalHost keeps its state; an ephemeral one is deleted at the end.</summary>
public sealed class DataFolder : IAsyncDisposable
{
    private readonly bool ephemeral;

    private DataFolder(string path, bool ephemeral) => (Path, this.ephemeral) = (path, ephemeral);

    /// <summary>Absolute.</summary>
    public string Path { get; }

    public static DataFolder Open(Flags flags) => flags.Ephemeral
        ? new DataFolder(Directory.CreateTempSubdirectory("mtlsfunctions-").FullName, ephemeral: true)
        : new DataFolder(PrivateFiles.CreateFolder(flags.Data ?? System.IO.Path.GetFullPath(Defaults.DataFolder)).FullName, ephemeral: false);

    public string Folder(string name) => PrivateFiles.CreateFolder(System.IO.Path.Combine(Path, name)).FullName;

    public ValueTask DisposeAsync()
    {
        if (ephemeral)
            Directory.Delete(Path, recursive: true);
        return ValueTask.CompletedTask;
    }
}
