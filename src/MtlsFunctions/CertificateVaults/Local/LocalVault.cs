using System.Globalization;
using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;
using MtlsFunctions.Authorization;

namespace MtlsFunctions.CertificateVaults.Local;

/// <summary>
/// One file a version, encrypted with Data Protection: <c>{folder}/entries/{account}/{name}/{version}</c>. On Linux the key ring
/// beside it is not encrypted itself, so whoever reads the folder reads the keys.
/// </summary>
public sealed partial class LocalVault : ICertificateVault
{
    private const string Purpose = "MtlsFunctions.LocalVault";

    private readonly string folder;
    private readonly string entries;
    private readonly IDataProtectionProvider protection;
    private readonly ILogger log;

    public LocalVault(IOptions<LocalVaultOptions> options, ILogger<LocalVault> log)
    {
        this.log = log;
        folder = Path.GetFullPath(options.Value.Folder is { Length: > 0 } set ? set : LocalVaultOptions.DefaultFolder);
        entries = Path.Combine(folder, "entries");
        protection = DataProtectionProvider.Create(
            PrivateFiles.CreateFolder(Path.Combine(folder, "keys")), builder => builder.SetApplicationName("MtlsFunctions"));
    }

    public Task<Outcome<string>> StoreAsync(VaultEntry entry, ReadOnlyMemory<byte> pkcs12, CancellationToken cancellation) =>
        GuardAsync<string>(entry, cancellation, async () =>
        {
            if (VaultEntry.RefuseSize(pkcs12) is { } tooLarge)
                return tooLarge;
            PrivateFiles.CreateFolder(FolderOf(entry));
            for (var version = Versions(entry).FirstOrDefault() + 1; ; version++)
            {
                var content = Protector(entry, version).Protect(pkcs12.ToArray());
                // False when a parallel store took this version: then the next one is ours.
                if (await PrivateFiles.TryWriteNewAsync(PathOf(entry, version), content, cancellation))
                    return Text(version);
            }
        });

    public Task<Outcome<byte[]>> LoadAsync(VaultEntry entry, string version, CancellationToken cancellation) =>
        GuardAsync<byte[]>(entry, cancellation, async () =>
        {
            if (!int.TryParse(version, NumberStyles.None, CultureInfo.InvariantCulture, out var number) || Text(number) != version || !File.Exists(PathOf(entry, number)))
                return Missing();
            var content = await File.ReadAllBytesAsync(PathOf(entry, number), cancellation);
            try
            {
                return Protector(entry, number).Unprotect(content);
            }
            catch (CryptographicException fault)
            {
                // Damaged, or its key is no longer in the ring: no later try would find it whole.
                LogUnreadable(fault, entry.Account.Value, entry.Name, version);
                return Missing();
            }
        });

    public Task<Outcome<string[]>> ListVersionsAsync(VaultEntry entry, CancellationToken cancellation) =>
        GuardAsync<string[]>(entry, cancellation, () => Task.FromResult<Outcome<string[]>>(Versions(entry).Select(Text).ToArray()));

    public Task<Outcome<bool>> DeleteAsync(VaultEntry entry, CancellationToken cancellation) =>
        GuardAsync<bool>(entry, cancellation, () =>
        {
            if (Directory.Exists(FolderOf(entry)))
                Directory.Delete(FolderOf(entry), recursive: true);
            return Task.FromResult<Outcome<bool>>(true);
        });

    /// <summary>Writes a file where a new entry would go, and takes it away again.</summary>
    public async Task<bool> IsReachableAsync(CancellationToken cancellation)
    {
        var nobody = new VaultEntry(AccountId.Gateway, VaultEntry.NewName(), 0);
        var probe = await GuardAsync<bool>(nobody, cancellation, async () =>
        {
            PrivateFiles.CreateFolder(FolderOf(nobody));
            try
            {
                return await PrivateFiles.TryWriteNewAsync(PathOf(nobody, 1), Protector(nobody, 1).Protect(new byte[1]), cancellation);
            }
            finally
            {
                Directory.Delete(FolderOf(nobody), recursive: true);
            }
        });
        return probe.TryGet(out var isReachable, out _) && isReachable;
    }

    private async Task<Outcome<T>> GuardAsync<T>(VaultEntry entry, CancellationToken cancellation, Func<Task<Outcome<T>>> work)
    {
        cancellation.ThrowIfCancellationRequested();
        try
        {
            // Without its folder (a disk that isn't mounted) everything would look like missing, which is for ever.
            if (!Directory.Exists(folder))
                throw new DirectoryNotFoundException("The vault's folder is gone.");
            return await work();
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or CryptographicException)
        {
            LogFault(fault, entry.Account.Value, entry.Name);
            return new Failure(FailureKind.VaultUnavailable, "Try again in a moment; an operator finds the cause in the log.");
        }
    }

    private IEnumerable<int> Versions(VaultEntry entry) =>
        !Directory.Exists(FolderOf(entry)) ? [] : Directory.EnumerateFiles(FolderOf(entry))
            .Select(path => int.TryParse(Path.GetFileName(path), NumberStyles.None, CultureInfo.InvariantCulture, out var version) ? version : 0)
            .Where(version => version > 0)
            .OrderDescending();

    private IDataProtector Protector(VaultEntry entry, int version) =>
        protection.CreateProtector(Purpose, entry.Account.Value, entry.Name, Text(version));

    private string FolderOf(VaultEntry entry) => Path.Combine(entries, entry.Account.Value, entry.Name);

    private string PathOf(VaultEntry entry, int version) => Path.Combine(FolderOf(entry), Text(version));

    private static Failure Missing() =>
        new(FailureKind.VaultEntryMissing, "Upload the certificate again: its key is no longer in the vault.");

    private static string Text(int version) => version.ToString(CultureInfo.InvariantCulture);

    [LoggerMessage(Level = LogLevel.Error, Message = "The local vault failed for entry {Entry} of account {Account}")]
    private partial void LogFault(Exception fault, string account, string entry);

    [LoggerMessage(Level = LogLevel.Error, Message = "The local vault holds something unreadable as version {Version} of entry {Entry} of account {Account}")]
    private partial void LogUnreadable(Exception fault, string account, string entry, string version);
}
