using Microsoft.Extensions.Options;
using MtlsFunctions.CertificateVaults;
using MtlsFunctions.CertificateVaults.Local;

namespace MtlsFunctions.Tests.CertificateVaults.Local;

/// <summary>A local vault in a folder of its own; cut off, a file stands where the folder was, as when a disk isn't mounted.</summary>
public sealed class LocalVaultUnderTest : IVaultUnderTest
{
    private readonly DirectoryInfo root = Directory.CreateTempSubdirectory("mtlsfunctions-vault-");

    public LocalVaultUnderTest() => Vault = Open();

    public ICertificateVault Vault { get; }

    public string Folder => Path.Combine(root.FullName, "vault");

    public string FileOf(VaultEntry entry, string version) => Path.Combine(Folder, "entries", entry.Account.Value, entry.Name, version);

    private string Away => Path.Combine(root.FullName, "away");

    /// <summary>The same folder, as another process would open it.</summary>
    public LocalVault Open() => new(Options.Create(new LocalVaultOptions { Folder = Folder }), new VaultLog<LocalVault>());

    public Task CutOffAsync()
    {
        Directory.Move(Folder, Away);
        return File.WriteAllTextAsync(Folder, "");
    }

    public Task ReconnectAsync()
    {
        File.Delete(Folder);
        Directory.Move(Away, Folder);
        return Task.CompletedTask;
    }

    public ValueTask DisposeAsync()
    {
        root.Delete(recursive: true);
        return ValueTask.CompletedTask;
    }
}
