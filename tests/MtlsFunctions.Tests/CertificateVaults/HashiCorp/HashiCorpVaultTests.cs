using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using MtlsFunctions.Authorization;
using MtlsFunctions.CertificateVaults;
using MtlsFunctions.Shared;
using MtlsFunctions.Shared.HashiCorp;

namespace MtlsFunctions.Tests.CertificateVaults.HashiCorp;

/// <summary>What is this vault's own: what stands in it, how versions are ordered, and the ways it says no.</summary>
public abstract class HashiCorpVaultTests(VaultSamples samples, VaultDialect dialect) : VaultTest(samples)
{
    private HashiCorpVaultUnderTest HashiCorp => (HashiCorpVaultUnderTest)Subject;

    private VaultServer Server => HashiCorp.Server;

    private VaultOperator Operator => HashiCorp.Operator;

    protected override async Task<IVaultUnderTest> StartAsync() => await HashiCorpVaultUnderTest.StartAsync(Samples.Pki, new VaultUnderTestOptions(dialect));

    [Fact]
    public async Task Other_tools_find_a_secret_of_the_documented_shape()
    {
        var entry = await Samples.EntryAsync("A_account-1");
        var pkcs12 = Samples.Pkcs12(options => options.FromIntermediate = true);
        await StoresAsync(entry, pkcs12);

        var secret = (await SecretAsync(entry)).AsObject();

        Assert.Equal(
            ["account", "certificateId", "format", "notAfter", "password", "pkcs12", "subject", "thumbprint", "writeId"],
            secret.Select(field => field.Key).Order(StringComparer.Ordinal));
        var certificates = X509CertificateLoader.LoadPkcs12Collection(Convert.FromBase64String((string)secret["pkcs12"]!), (string)secret["password"]!);
        var leaf = certificates.Single(one => one.HasPrivateKey);
        Assert.Equal(2, certificates.Count);
        Assert.Equal((1, "A_account-1", entry.OwnerId), ((int)secret["format"]!, (string)secret["account"]!, (long)secret["certificateId"]!));
        Assert.Equal((TestPki.ThumbprintOf(leaf), leaf.Subject), ((string)secret["thumbprint"]!, (string)secret["subject"]!));
        Assert.Equal(leaf.NotAfter.ToUniversalTime(), DateTimeOffset.Parse((string)secret["notAfter"]!, null).UtcDateTime);
    }

    [Fact]
    public async Task A_write_whose_answer_is_lost_is_one_version_and_not_a_conflict()
    {
        var entry = await Samples.EntryAsync();
        var old = await StoresAsync(entry, Samples.Pkcs12());
        var pkcs12 = Samples.Pkcs12();
        Server.Script = VaultScripts.Only(1, IsWrite, VaultScripts.LoseAnswer);

        var version = await StoresAsync(entry, pkcs12);

        Assert.Equal([version, old], await ListsAsync(entry));
        VaultSamples.AreTheSame(pkcs12, await LoadsAsync(entry, version));
    }

    [Fact]
    public async Task A_write_that_comes_second_becomes_the_next_version()
    {
        var entry = await Samples.EntryAsync();
        await StoresAsync(entry, Samples.Pkcs12());
        await using var other = HashiCorp.AnotherInstance();
        var (first, second) = (Samples.Pkcs12(), Samples.Pkcs12());
        Server.Script = VaultScripts.Only(1, IsWrite, async (_, next) =>
        {
            // Behind this one's back, after it has looked.
            Assert.Equal("2", await GivesAsync(other.Vault.StoreAsync(entry, first, Cancellation)));
            await next();
        });

        Assert.Equal("3", await StoresAsync(entry, second));

        Assert.Equal(["3", "2", "1"], await ListsAsync(entry));
        VaultSamples.AreTheSame(first, await LoadsAsync(entry, "2"));
        VaultSamples.AreTheSame(second, await LoadsAsync(entry, "3"));
    }

    [Fact]
    public async Task Stores_of_several_instances_have_one_order_and_none_is_lost()
    {
        var entry = await Samples.EntryAsync();
        await using var other = HashiCorp.AnotherInstance();
        var pkcs12 = Samples.Pkcs12();

        var versions = await Task.WhenAll(Enumerable.Range(0, 20).SelectMany(_ => new[]
        {
            Task.Run(() => StoresAsync(entry, pkcs12), Cancellation),
            Task.Run(() => GivesAsync(other.Vault.StoreAsync(entry, pkcs12, Cancellation)), Cancellation),
        }));

        Assert.Equal(Enumerable.Range(1, 40), versions.Select(version => int.Parse(version, null)).Order());
        Assert.Equal(40, (await ListsAsync(entry)).Length);
    }

    [Fact]
    public async Task A_refusal_that_is_no_conflict_ends_the_store()
    {
        var entry = await Samples.EntryAsync();
        Server.Script = VaultScripts.Only(int.MaxValue, IsWrite, VaultScripts.Answer(400));

        await FailsAsync(FailureKind.VaultRefused, Vault.StoreAsync(entry, Samples.Pkcs12(), Cancellation));

        Assert.Empty(await ListsAsync(entry));
    }

    [Fact]
    public async Task The_engines_own_limit_of_versions_drops_none_of_ours()
    {
        await Operator.PostAsync($"{HashiCorpVaultUnderTest.Mount}/config", new { max_versions = 1 });
        var entry = await Samples.EntryAsync();
        var contents = Enumerable.Range(0, 12).Select(_ => Samples.Pkcs12()).ToArray();

        foreach (var pkcs12 in contents)
            await StoresAsync(entry, pkcs12);

        Assert.Equal(12, (await ListsAsync(entry)).Length);
        VaultSamples.AreTheSame(contents[0], await LoadsAsync(entry, "1"));
    }

    [Fact]
    public async Task Past_our_own_limit_the_oldest_goes_and_the_log_says_so()
    {
        await using var small = HashiCorp.AnotherInstance(("HashiCorpVault:MaxVersions", "2"));
        var entry = await Samples.EntryAsync();
        for (var count = 0; count < 2; count++)
            await GivesAsync(small.Vault.StoreAsync(entry, Samples.Pkcs12(), Cancellation));
        Assert.DoesNotContain(HashiCorp.Log.Lines, line => line.Text.Contains("drops the oldest", StringComparison.Ordinal));

        // The engine's limit, ten by default, would keep more if it were larger: the larger of the two counts.
        await Operator.PostAsync($"{HashiCorpVaultUnderTest.Mount}/config", new { max_versions = 1 });
        await GivesAsync(small.Vault.StoreAsync(entry, Samples.Pkcs12(), Cancellation));

        Assert.Equal(["3", "2"], await ListsAsync(entry));
        Assert.Contains(HashiCorp.Log.Lines, line => line.Text.Contains("drops the oldest", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("delete")]
    [InlineData("destroy")]
    public async Task A_version_that_an_operator_took_away_is_missing_and_the_others_stay(string verb)
    {
        var entry = await Samples.EntryAsync();
        for (var count = 0; count < 3; count++)
            await StoresAsync(entry, Samples.Pkcs12());

        await Operator.PostAsync($"{HashiCorpVaultUnderTest.Mount}/{verb}/{PathOf(entry)}", new { versions = new[] { 2 } });

        Assert.Equal(["3", "1"], await ListsAsync(entry));
        await FailsAsync(FailureKind.VaultEntryMissing, Vault.LoadAsync(entry, "2", Cancellation));
        await LoadsAsync(entry, "1");
    }

    [Fact]
    public async Task After_the_newest_was_taken_away_the_next_store_goes_on_counting()
    {
        var entry = await Samples.EntryAsync();
        await StoresAsync(entry, Samples.Pkcs12());
        await StoresAsync(entry, Samples.Pkcs12());
        await Operator.PostAsync($"{HashiCorpVaultUnderTest.Mount}/delete/{PathOf(entry)}", new { versions = new[] { 2 } });

        Assert.Equal("3", await StoresAsync(entry, Samples.Pkcs12()));
        Assert.Equal(["3", "1"], await ListsAsync(entry));
    }

    [Theory]
    [InlineData("""{"pfx":"AAAA"}""")]
    [InlineData("""{"format":1,"pkcs12":7,"account":"le1606809"}""")]
    [InlineData("""{"format":1,"pkcs12":"not base64!","account":"le1606809"}""")]
    [InlineData("""{"format":2,"pkcs12":"AAAA","account":"le1606809"}""")]
    public async Task What_somebody_else_wrote_there_is_missing_and_the_log_says_why(string content)
    {
        var entry = await Samples.EntryAsync("le1606809");
        await Operator.PostAsync($"{HashiCorpVaultUnderTest.Mount}/data/{PathOf(entry)}", new { data = JsonNode.Parse(content) });

        await FailsAsync(FailureKind.VaultEntryMissing, Vault.LoadAsync(entry, "1", Cancellation));

        Assert.Contains(HashiCorp.Log.Lines, line => line.Text.Contains("not in a shape", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_copy_of_another_accounts_secret_is_not_given_out()
    {
        var (own, foreign) = (await Samples.EntryAsync("demo"), await Samples.EntryAsync("other"));
        await StoresAsync(foreign, Samples.Pkcs12());
        await Operator.PostAsync($"{HashiCorpVaultUnderTest.Mount}/data/{PathOf(own)}", new { data = (await SecretAsync(foreign)).DeepClone() });

        await FailsAsync(FailureKind.VaultEntryMissing, Vault.LoadAsync(own, "1", Cancellation));
    }

    [Theory]
    [InlineData("..")]
    [InlineData("../../../sys/mounts")]
    [InlineData("a/b")]
    [InlineData("a%2Fb")]
    [InlineData("a?version=1")]
    [InlineData("")]
    public async Task A_name_that_is_not_ours_never_reaches_the_vault(string name)
    {
        var entry = (await Samples.EntryAsync()) with { Name = name };
        await ListsAsync(await Samples.EntryAsync());
        var before = Server.Faults.Requests;

        await Assert.ThrowsAsync<ArgumentException>(() => Vault.StoreAsync(entry, Samples.Pkcs12(), Cancellation));
        await Assert.ThrowsAsync<ArgumentException>(() => Vault.LoadAsync(entry, "1", Cancellation));
        await Assert.ThrowsAsync<ArgumentException>(() => Vault.ListVersionsAsync(entry, Cancellation));
        await Assert.ThrowsAsync<ArgumentException>(() => Vault.DeleteAsync(entry, Cancellation));

        Assert.Equal(before, Server.Faults.Requests);
    }

    [Fact]
    public async Task A_missing_mount_is_an_operators_matter_and_not_a_lost_certificate()
    {
        await using var elsewhere = HashiCorp.AnotherInstance(
            ("HashiCorpVault:Mount", "nomount"), ("HashiCorpVault:RoleId", null), ("HashiCorpVault:SecretId", null), ("HashiCorpVault:Token", VaultServer.RootToken));
        var entry = await Samples.EntryAsync();

        await FailsAsync(FailureKind.VaultRefused, elsewhere.Vault.LoadAsync(entry, "1", Cancellation));
        await FailsAsync(FailureKind.VaultRefused, elsewhere.Vault.ListVersionsAsync(entry, Cancellation));
        await FailsAsync(FailureKind.VaultRefused, elsewhere.Vault.StoreAsync(entry, Samples.Pkcs12(), Cancellation));
        await FailsAsync(FailureKind.VaultRefused, elsewhere.Vault.DeleteAsync(entry, Cancellation));
        Assert.False(await elsewhere.Vault.IsReachableAsync(Cancellation));
    }

    [Fact]
    public async Task The_gateways_own_account_has_a_folder_that_no_account_can_name()
    {
        var entry = new VaultEntry(AccountId.Gateway, VaultEntry.NewName(), 1);

        await StoresAsync(entry, Samples.Pkcs12());

        Assert.Equal("@gateway", (string)(await SecretAsync(entry))["account"]!);
    }

    private async Task<JsonNode> SecretAsync(VaultEntry entry) =>
        (await Operator.GetAsync($"{HashiCorpVaultUnderTest.Mount}/data/{PathOf(entry)}"))!["data"]!["data"]!;

    private static string PathOf(VaultEntry entry) => $"{HashiCorpVaultUnderTest.Folder}/{entry.Account}/{entry.Name}";

    private static bool IsWrite(HttpRequest request) => request.Method == "POST" && request.Path.Value!.Contains("/data/", StringComparison.Ordinal);
}

public sealed class Vault18Tests(VaultSamples samples) : HashiCorpVaultTests(samples, VaultDialect.Vault18);

public sealed class OpenBao26Tests(VaultSamples samples) : HashiCorpVaultTests(samples, VaultDialect.OpenBao26);
