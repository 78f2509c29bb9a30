using System.Text;
using MtlsFunctions.CertificateVaults;
using MtlsFunctions.CertificateVaults.Local;

namespace MtlsFunctions.Tests.CertificateVaults.Local;

/// <summary>What is the local vault's own: its files, what a crash leaves of them, and who else touched them.</summary>
public sealed class LocalVaultTests(VaultSamples samples) : VaultTest(samples)
{
    private LocalVaultUnderTest Local => (LocalVaultUnderTest)Subject;

    protected override Task<IVaultUnderTest> StartAsync() => Task.FromResult<IVaultUnderTest>(new LocalVaultUnderTest());

    [Fact]
    public async Task A_crash_at_any_byte_of_a_store_leaves_the_old_version_and_no_new_one()
    {
        var entry = await Samples.EntryAsync();
        var pkcs12 = Samples.Pkcs12();
        var version = await StoresAsync(entry, pkcs12);
        var whole = await File.ReadAllBytesAsync(Local.FileOf(entry, version), Cancellation);
        await using var crashed = new FileStream(Local.FileOf(entry, "2") + ".tmp", FileMode.CreateNew, FileAccess.Write, FileShare.Read, bufferSize: 0);

        for (var written = 0; written < whole.Length; written++)
        {
            Assert.Equal([version], await ListsAsync(entry));
            await FailsAsync(FailureKind.VaultEntryMissing, Vault.LoadAsync(entry, "2", Cancellation));
            await crashed.WriteAsync(whole.AsMemory(written, 1), Cancellation);
        }

        // The next process is not in the way of what the dead one left.
        var restarted = Local.Open();
        Assert.Equal(pkcs12, await GivesAsync(restarted.LoadAsync(entry, version, Cancellation)));
        var next = await GivesAsync(restarted.StoreAsync(entry, pkcs12, Cancellation));
        Assert.Equal(pkcs12, await LoadsAsync(entry, next));
        Assert.Equal([next, version], await ListsAsync(entry));
    }

    [Fact]
    public async Task A_process_killed_while_it_stores_leaves_only_whole_versions()
    {
        var name = VaultEntry.NewName();
        var entry = StoringProcess.Entry(name);
        using var process = new StoringProcess(Local.Folder, name);
        await process.HasStoredAsync(20, Cancellation);

        await process.KillAsync(Cancellation);

        // Another process has made the key ring meanwhile, or this one has.
        var restarted = Local.Open();
        var versions = await GivesAsync(restarted.ListVersionsAsync(entry, Cancellation));
        Assert.True(versions.Length >= 20);
        foreach (var version in versions)
            Assert.Equal(VaultEntry.MaxPkcs12Bytes, (await GivesAsync(restarted.LoadAsync(entry, version, Cancellation))).Length);
        Assert.Equal(await GivesAsync(restarted.StoreAsync(entry, new byte[1], Cancellation)), (await GivesAsync(restarted.ListVersionsAsync(entry, Cancellation)))[0]);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(19)]
    [InlineData(100)]
    [InlineData(-1)]
    public async Task A_file_that_lost_its_end_is_a_missing_version(int length)
    {
        var (entry, version) = await StoredAsync();
        var path = Local.FileOf(entry, version);
        var whole = await File.ReadAllBytesAsync(path, Cancellation);

        await File.WriteAllBytesAsync(path, length < 0 ? whole[..^1] : whole[..length], Cancellation);

        await IsMissingAsync(entry, version);
    }

    [Fact]
    public async Task A_file_with_one_wrong_bit_is_a_missing_version()
    {
        var (entry, version) = await StoredAsync();
        var path = Local.FileOf(entry, version);
        var content = await File.ReadAllBytesAsync(path, Cancellation);
        content[content.Length / 2] ^= 1;

        await File.WriteAllBytesAsync(path, content, Cancellation);

        await IsMissingAsync(entry, version);
    }

    [Fact]
    public async Task A_file_moved_to_another_version_entry_or_account_does_not_open_there()
    {
        var (entry, version) = await StoredAsync();
        var content = await File.ReadAllBytesAsync(Local.FileOf(entry, version), Cancellation);
        var second = await StoresAsync(entry, Samples.Pkcs12());
        var other = await Samples.EntryAsync();
        var foreign = entry with { Account = await Samples.AccountAsync("stranger") };
        await StoresAsync(other, Samples.Pkcs12());
        await StoresAsync(foreign, Samples.Pkcs12());

        await File.WriteAllBytesAsync(Local.FileOf(entry, second), content, Cancellation);
        await File.WriteAllBytesAsync(Local.FileOf(other, "1"), content, Cancellation);
        await File.WriteAllBytesAsync(Local.FileOf(foreign, "1"), content, Cancellation);

        await IsMissingAsync(entry, second);
        await IsMissingAsync(other, "1");
        await IsMissingAsync(foreign, "1");
    }

    [Fact]
    public async Task Without_the_key_ring_old_versions_are_missing_and_new_ones_work()
    {
        var (entry, version) = await StoredAsync();
        Directory.Delete(Path.Combine(Local.Folder, "keys"), recursive: true);

        var restarted = Local.Open();

        await FailsAsync(FailureKind.VaultEntryMissing, restarted.LoadAsync(entry, version, Cancellation));
        var next = await GivesAsync(restarted.StoreAsync(entry, Samples.Pkcs12(), Cancellation));
        await GivesAsync(restarted.LoadAsync(entry, next, Cancellation));
    }

    [Fact]
    public async Task A_vault_that_cannot_be_written_says_that_it_is_not_there()
    {
        var entries = Path.Combine(Local.Folder, "entries");
        await File.WriteAllTextAsync(entries, "in the way", Cancellation);

        Assert.False(await IsReachableAsync());
        await FailsAsync(FailureKind.VaultUnavailable, Vault.StoreAsync(await Samples.EntryAsync(), Samples.Pkcs12(), Cancellation));

        File.Delete(entries);
        Assert.True(await IsReachableAsync());
    }

    [Fact]
    public async Task Looking_whether_it_is_there_leaves_no_trace()
    {
        Assert.True(await IsReachableAsync());

        Assert.Empty(Directory.EnumerateFiles(Path.Combine(Local.Folder, "entries"), "*", SearchOption.AllDirectories));
    }

    [Fact]
    public async Task Only_the_owner_may_read_and_nothing_is_in_clear()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no file modes.");
        var entry = await Samples.EntryAsync();
        var pkcs12 = Samples.Pkcs12();

        var version = await StoresAsync(entry, pkcs12);

        foreach (var folder in Directory.EnumerateDirectories(Local.Folder, "*", SearchOption.AllDirectories))
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, Mode(folder));
        foreach (var file in Directory.EnumerateFiles(Path.Combine(Local.Folder, "entries"), "*", SearchOption.AllDirectories))
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, Mode(file));
        var content = await File.ReadAllBytesAsync(Local.FileOf(entry, version), Cancellation);
        Assert.True(content.AsSpan().IndexOf(pkcs12.AsSpan(0, 16)) < 0);
        Assert.DoesNotContain("CN=", Encoding.Latin1.GetString(content), StringComparison.Ordinal);

        UnixFileMode Mode(string path) => OperatingSystem.IsWindows() ? default : File.GetUnixFileMode(path);
    }

    private async Task<(VaultEntry Entry, string Version)> StoredAsync()
    {
        var entry = await Samples.EntryAsync();
        return (entry, await StoresAsync(entry, Samples.Pkcs12()));
    }

    private async Task IsMissingAsync(VaultEntry entry, string version) =>
        await FailsAsync(FailureKind.VaultEntryMissing, Vault.LoadAsync(entry, version, Cancellation));
}
