using MtlsFunctions.Authorization;
using MtlsFunctions.CertificateVaults;
using MtlsFunctions.Shared;

namespace MtlsFunctions.Tests.CertificateVaults;

/// <summary>What goes in comes out, for every kind of key, chain, upload and account.</summary>
public abstract partial class VaultConformance
{
    public static TheoryData<KeyKind, bool> KeysWithAndWithoutIntermediate =>
        new MatrixTheoryData<KeyKind, bool>(
            [KeyKind.Rsa2048, KeyKind.Rsa3072, KeyKind.Rsa4096, KeyKind.P256, KeyKind.P384, KeyKind.P521], [false, true]);

    [Theory]
    [MemberData(nameof(KeysWithAndWithoutIntermediate))]
    public async Task What_is_stored_loads_with_the_same_key_and_chain(KeyKind key, bool intermediate)
    {
        var entry = await Samples.EntryAsync();
        var pkcs12 = Samples.Pkcs12(options => (options.Key, options.FromIntermediate) = (key, intermediate));

        VaultSamples.AreTheSame(pkcs12, await LoadsAsync(entry, await StoresAsync(entry, pkcs12)));
    }

    [Fact]
    public async Task A_long_chain_comes_back_whole()
    {
        var entry = await Samples.EntryAsync();
        var client = Samples.Pki.IssueClient(configure: options => options.FromIntermediate = true);
        var upload = TestPkcs12.Build(
            new Pkcs12Options { Password = "" }, [client.Certificate], [Samples.Pki.Root, Samples.Pki.Intermediate, new TestPki().Intermediate]);

        var pkcs12 = VaultSamples.Open(upload, "");

        VaultSamples.AreTheSame(pkcs12, await LoadsAsync(entry, await StoresAsync(entry, pkcs12)));
    }

    [Theory]
    [InlineData(Pkcs12Encryption.LegacyTripleDes)]
    [InlineData(Pkcs12Encryption.Pbes2Aes256Sha256)]
    public async Task Old_and_new_encryptions_of_the_upload_are_the_same_to_the_vault(Pkcs12Encryption encryption)
    {
        var entry = await Samples.EntryAsync();
        var pkcs12 = Samples.Pkcs12(options => options.Encryption = encryption);

        VaultSamples.AreTheSame(pkcs12, await LoadsAsync(entry, await StoresAsync(entry, pkcs12)));
    }

    [Fact]
    public async Task An_upload_under_RC2_is_stored_like_any_other()
    {
        var entry = await Samples.EntryAsync();
        var pkcs12 = VaultSamples.Open(LegacyPkcs12.Rc2And3Des, LegacyPkcs12.Password);

        VaultSamples.AreTheSame(pkcs12, await LoadsAsync(entry, await StoresAsync(entry, pkcs12)));
    }

    [Theory]
    [InlineData("le1606809")]
    [InlineData("0")]
    [InlineData("_")]
    [InlineData("-")]
    [InlineData("--__--")]
    [InlineData("A-b_C-0")]
    [InlineData("con")]
    [InlineData("0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ-_")]
    public async Task Every_legal_account_id_can_store_load_list_and_delete(string account) =>
        await GoesThroughItsLifeAsync(await Samples.EntryAsync(account));

    [Fact]
    public async Task The_gateways_own_keys_can_be_stored_too() =>
        await GoesThroughItsLifeAsync(new VaultEntry(AccountId.Gateway, VaultEntry.NewName(), 1));

    [Theory]
    [InlineData("demo", "demo2")]
    [InlineData("demo", "Demo")]
    [InlineData("a_b", "a-b")]
    public async Task One_name_in_two_accounts_is_two_entries(string one, string other)
    {
        var own = await Samples.EntryAsync(one);
        var foreign = own with { Account = await Samples.AccountAsync(other) };
        var version = await StoresAsync(own, Samples.Pkcs12());

        await FailsAsync(FailureKind.VaultEntryMissing, Vault.LoadAsync(foreign, version, Cancellation));
        Assert.Empty(await ListsAsync(foreign));
        await DeletesAsync(foreign);

        await LoadsAsync(own, version);
    }

    [Fact]
    public async Task More_than_every_vault_can_hold_is_refused_and_changes_nothing()
    {
        var entry = await Samples.EntryAsync();

        await FailsAsync(FailureKind.Pkcs12TooLarge, Vault.StoreAsync(entry, new byte[VaultEntry.MaxPkcs12Bytes + 1], Cancellation));

        Assert.Empty(await ListsAsync(entry));
    }
}
