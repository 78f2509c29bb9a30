using Azure.Data.Tables;
using Microsoft.Extensions.Logging.Abstractions;
using Moq;
using MtlsFunctions.Certificates;
using MtlsFunctions.CertificateVaults;
using MtlsFunctions.Storage;

namespace MtlsFunctions.Tests.CertificateVaults;

/// <summary>Who a version is: the table says, whatever the vault gives for its name.</summary>
public abstract partial class VaultConformance
{
    [Fact]
    public async Task A_version_that_holds_another_certificate_than_its_row_describes_is_missing()
    {
        var entry = await Samples.EntryAsync();
        var (described, held) = (Samples.Pkcs12(), Samples.Pkcs12());
        var version = await StoresAsync(entry, held);

        await FailsAsync(FailureKind.VaultEntryMissing, LoadAsync(entry, version, VaultSamples.ThumbprintOf(described)));
        using var loaded = await GivesAsync(LoadAsync(entry, version, VaultSamples.ThumbprintOf(held)));

        Assert.Equal(VaultSamples.ThumbprintOf(held), loaded.Thumbprint);
    }

    [Fact]
    public async Task An_entry_that_was_deleted_and_written_anew_is_never_taken_for_what_it_was()
    {
        var entry = await Samples.EntryAsync();
        var (before, after) = (Samples.Pkcs12(), Samples.Pkcs12());
        var old = await StoresAsync(entry, before);
        await DeletesAsync(entry);
        var current = await StoresAsync(entry, after);

        using var loaded = await GivesAsync(LoadAsync(entry, current, VaultSamples.ThumbprintOf(after)));
        Assert.Equal(VaultSamples.ThumbprintOf(after), loaded.Thumbprint);
        // Key Vault recovers the deleted version; the others give its name to the new one.
        var outcome = await InTimeAsync(LoadAsync(entry, old, VaultSamples.ThumbprintOf(before)));
        if (outcome.TryGet(out var found, out var failure))
            Assert.Equal(VaultSamples.ThumbprintOf(before), found.Thumbprint);
        else
            Assert.Equal(FailureKind.VaultEntryMissing, failure.Kind);
        found?.Dispose();
    }

    /// <summary>As forwards, rollbacks, activations and downloads load.</summary>
    private async Task<Outcome<ClientCertificate>> LoadAsync(VaultEntry entry, string version, string thumbprint)
    {
        using var table = new AccountTable(Mock.Of<TableClient>());
        var keys = new CertificateKeys(Vault, table, NullLogger<CertificateKeys>.Instance);
        var row = new CertificateRow { Id = entry.OwnerId, VaultName = entry.Name };
        return await keys.LoadAsync(
            entry.Account, row, new CertificateVersionRow { Version = 1, VaultVersion = version, Thumbprint = thumbprint }, Cancellation);
    }
}
