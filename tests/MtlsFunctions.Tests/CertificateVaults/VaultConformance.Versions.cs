namespace MtlsFunctions.Tests.CertificateVaults;

/// <summary>Versions: their order, their permanence, their end.</summary>
public abstract partial class VaultConformance
{
    private const int ParallelStores = 100;

    [Fact]
    public async Task Versions_are_listed_newest_first_and_any_can_be_loaded()
    {
        var entry = await Samples.EntryAsync();
        var stored = new List<(string Version, byte[] Pkcs12)>();
        for (var count = 0; count < 3; count++)
        {
            var pkcs12 = Samples.Pkcs12();
            stored.Add((await StoresAsync(entry, pkcs12), pkcs12));
        }

        Assert.Equal(Enumerable.Reverse(stored).Select(one => one.Version), await ListsAsync(entry));
        foreach (var (version, pkcs12) in stored)
            VaultSamples.AreTheSame(pkcs12, await LoadsAsync(entry, version));
    }

    [Fact]
    public async Task The_same_content_twice_is_two_versions()
    {
        var entry = await Samples.EntryAsync();
        var pkcs12 = Samples.Pkcs12();

        Assert.NotEqual(await StoresAsync(entry, pkcs12), await StoresAsync(entry, pkcs12));
        Assert.Equal(2, (await ListsAsync(entry)).Length);
    }

    [Fact]
    public async Task A_hundred_parallel_stores_end_with_one_winner_and_no_lost_version()
    {
        var entry = await Samples.EntryAsync();
        var contents = Enumerable.Range(0, ParallelStores).Select(_ => Samples.Pkcs12()).ToArray();

        var versions = await Task.WhenAll(contents.Select(pkcs12 => Task.Run(() => StoresAsync(entry, pkcs12), Cancellation)));

        Assert.Equal(versions.Order(StringComparer.Ordinal), (await ListsAsync(entry)).Order(StringComparer.Ordinal));
        Assert.Equal(ParallelStores, versions.Distinct().Count());
        Assert.Equal(await ListsAsync(entry), await ListsAsync(entry));
        for (var at = 0; at < ParallelStores; at++)
            Assert.Equal(VaultSamples.ThumbprintOf(contents[at]), VaultSamples.ThumbprintOf(await LoadsAsync(entry, versions[at])));
    }

    [Fact]
    public async Task An_entry_that_was_never_stored_is_missing_and_has_no_versions()
    {
        var entry = await Samples.EntryAsync();

        await FailsAsync(FailureKind.VaultEntryMissing, Vault.LoadAsync(entry, "1", Cancellation));
        Assert.Empty(await ListsAsync(entry));
        await DeletesAsync(entry);
    }

    [Theory]
    [InlineData("2")]
    [InlineData("0")]
    [InlineData("01")]
    [InlineData("-1")]
    [InlineData("99999999999999999999")]
    [InlineData("5f3b1c0d9e8a47b6a1c2d3e4f5061728")]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("..")]
    [InlineData("../1")]
    [InlineData("1/../1")]
    [InlineData("1?version=1")]
    [InlineData("%2e%2e")]
    [InlineData("1 ")]
    [InlineData("ı")]
    public async Task A_version_that_the_entry_does_not_have_is_missing(string version)
    {
        var entry = await Samples.EntryAsync();
        var stored = await StoresAsync(entry, Samples.Pkcs12());
        Assert.NotEqual(stored, version);

        await FailsAsync(FailureKind.VaultEntryMissing, Vault.LoadAsync(entry, version, Cancellation));
    }

    [Fact]
    public async Task A_version_of_another_entry_is_missing_here()
    {
        var (entry, other) = (await Samples.EntryAsync(), await Samples.EntryAsync());
        await StoresAsync(other, Samples.Pkcs12());
        var second = await StoresAsync(other, Samples.Pkcs12());
        await StoresAsync(entry, Samples.Pkcs12());

        await FailsAsync(FailureKind.VaultEntryMissing, Vault.LoadAsync(entry, second, Cancellation));
    }

    [Fact]
    public async Task Deleting_takes_all_versions_and_nothing_else()
    {
        var (entry, other) = (await Samples.EntryAsync(), await Samples.EntryAsync());
        var versions = new[] { await StoresAsync(entry, Samples.Pkcs12()), await StoresAsync(entry, Samples.Pkcs12()) };
        var kept = await StoresAsync(other, Samples.Pkcs12());

        await DeletesAsync(entry);
        await DeletesAsync(entry);

        foreach (var version in versions)
            await FailsAsync(FailureKind.VaultEntryMissing, Vault.LoadAsync(entry, version, Cancellation));
        Assert.Empty(await ListsAsync(entry));
        Assert.Equal([kept], await ListsAsync(other));
    }

    [Fact]
    public async Task A_deleted_name_can_be_stored_again()
    {
        var entry = await Samples.EntryAsync();
        await StoresAsync(entry, Samples.Pkcs12());
        await DeletesAsync(entry);
        var pkcs12 = Samples.Pkcs12();

        var version = await StoresAsync(entry, pkcs12);

        VaultSamples.AreTheSame(pkcs12, await LoadsAsync(entry, version));
        Assert.Equal(version, (await ListsAsync(entry))[0]);
        await DeletesAsync(entry);
        Assert.Empty(await ListsAsync(entry));
    }
}
