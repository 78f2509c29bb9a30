using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using Azure.Identity;
using Microsoft.Extensions.Time.Testing;
using MtlsFunctions.CertificateVaults;
using MtlsFunctions.Shared;

namespace MtlsFunctions.Tests.CertificateVaults.KeyVault;

/// <summary>What is Key Vault's own: how it is asked, what it is told, and the ways it says no.</summary>
public sealed class AzureKeyVaultTests(VaultSamples samples) : VaultTest(samples)
{
    private KeyVaultUnderTest KeyVault => (KeyVaultUnderTest)Subject;

    private KeyVaultServer Server => KeyVault.Server;

    protected override async Task<IVaultUnderTest> StartAsync() => await KeyVaultUnderTest.StartAsync(TimeSpan.FromSeconds(10));

    [Fact]
    public async Task Tags_lead_from_the_vault_to_account_and_certificate()
    {
        var entry = await Samples.EntryAsync("A_account-1");

        await StoresAsync(entry, Samples.Pkcs12());

        var tags = Server.Imports.Single().Body["tags"]!;
        Assert.Equal(("A_account-1", $"{entry.OwnerId}"), ((string)tags["account"]!, (string)tags["certificate"]!));
    }

    [Theory]
    [InlineData(KeyKind.Rsa2048, """{"kty":"RSA","reuse_key":false,"exportable":true,"key_size":2048}""")]
    [InlineData(KeyKind.P384, """{"kty":"EC","reuse_key":false,"exportable":true,"crv":"P-384"}""")]
    public async Task The_policy_lets_the_key_out_again_and_lets_nobody_renew_it(KeyKind key, string keyProperties)
    {
        await StoresAsync(await Samples.EntryAsync(), Samples.Pkcs12(options => options.Key = key));

        var policy = Server.Imports.Single().Body["policy"]!;
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(keyProperties), policy["key_props"]), policy["key_props"]!.ToJsonString());
        Assert.Equal("Unknown", (string)policy["issuer"]!["name"]!);
        Assert.Equal("application/x-pkcs12", (string)policy["secret_props"]!["contentType"]!);
    }

    [Fact]
    public async Task Each_import_travels_under_a_password_of_its_own()
    {
        var entry = await Samples.EntryAsync();
        var pkcs12 = Samples.Pkcs12();

        await StoresAsync(entry, pkcs12);
        await StoresAsync(entry, pkcs12);

        var passwords = Server.Imports.Select(import => (string)import.Body["pwd"]!).ToArray();
        Assert.All(passwords, password => Assert.Equal(32, password.Length));
        Assert.Equal(2, passwords.Distinct().Count());
    }

    [Fact]
    public async Task A_key_that_Key_Vault_cannot_hold_is_refused_before_any_call()
    {
        using var key = RSA.Create(2560);
        var now = TimeProvider.System.GetUtcNow();
        using var certificate = new CertificateRequest("CN=odd", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)
            .CreateSelfSigned(now.AddDays(-1), now.AddYears(1));
        var pkcs12 = certificate.ExportPkcs12(Pkcs12ExportPbeParameters.Pbes2Aes256Sha256, "");

        var failure = await FailsAsync(FailureKind.Pkcs12KeyUnsupported, Vault.StoreAsync(await Samples.EntryAsync(), pkcs12, Cancellation));

        Assert.Contains("2048, 3072 and 4096", failure.Detail, StringComparison.Ordinal);
        Assert.Equal(failure, Vault.Refuse(certificate));
        Assert.Equal(0, Server.Faults.Requests);
    }

    [Fact]
    public async Task Long_lists_of_versions_come_page_by_page()
    {
        Server.PageSize = 2;
        var entry = await Samples.EntryAsync();
        var versions = new List<string>();
        for (var count = 0; count < 5; count++)
            versions.Insert(0, await StoresAsync(entry, Samples.Pkcs12()));

        Assert.Equal(versions, await ListsAsync(entry));
    }

    [Fact]
    public async Task A_version_that_an_operator_disabled_is_told_as_such_and_not_listed()
    {
        var entry = await Samples.EntryAsync();
        var (old, current) = (await StoresAsync(entry, Samples.Pkcs12()), await StoresAsync(entry, Samples.Pkcs12()));

        Server.Disable(current);

        await FailsAsync(FailureKind.VaultEntryDisabled, Vault.LoadAsync(entry, current, Cancellation));
        Assert.Equal([old], await ListsAsync(entry));
    }

    [Theory]
    [InlineData("certificates/import/action", "store")]
    [InlineData("certificates/recover/action", "store again")]
    [InlineData("secrets/getSecret/action", "load")]
    [InlineData("certificates/read", "list")]
    [InlineData("certificates/delete", "delete")]
    public async Task Each_documented_right_is_needed_for_one_thing(string right, string use)
    {
        var (entry, deleted) = (await Samples.EntryAsync(), await Samples.EntryAsync());
        var version = await StoresAsync(entry, Samples.Pkcs12());
        await StoresAsync(deleted, Samples.Pkcs12());
        await DeletesAsync(deleted);

        Server.Rights.Remove(right);

        Assert.Equal(use == "store", await IsRefusedAsync(Vault.StoreAsync(entry, Samples.Pkcs12(), Cancellation)));
        Assert.Equal(use is "store" or "store again", await IsRefusedAsync(Vault.StoreAsync(deleted, Samples.Pkcs12(), Cancellation)));
        Assert.Equal(use == "load", await IsRefusedAsync(Vault.LoadAsync(entry, version, Cancellation)));
        Assert.Equal(use == "list", await IsRefusedAsync(Vault.ListVersionsAsync(entry, Cancellation)));
        Assert.Equal(use is not "load" and not "list", await IsReachableAsync());
        Assert.Equal(use == "delete", await IsRefusedAsync(Vault.DeleteAsync(entry, Cancellation)));
    }

    [Fact]
    public async Task An_import_that_Key_Vault_finds_fault_with_is_about_the_file_and_not_about_rights()
    {
        Server.RefuseImports = "The specified PKCS#12 X.509 certificate content can not be read.";

        var failure = await FailsAsync(FailureKind.VaultRefused, Vault.StoreAsync(await Samples.EntryAsync(), Samples.Pkcs12(), Cancellation));

        Assert.Contains("doesn't take this certificate or the policy", failure.Detail, StringComparison.Ordinal);
        Assert.DoesNotContain("An operator must give", failure.Detail, StringComparison.Ordinal);
        Assert.Contains("400 BadParameter", Assert.Single(KeyVault.Log.Lines), StringComparison.Ordinal);
        Assert.Contains("can not be read", KeyVault.Log.Lines.Single(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_outage_is_one_line_of_the_log_for_each_call_and_no_stack()
    {
        var entry = await Samples.EntryAsync();
        var version = await StoresAsync(entry, Samples.Pkcs12());
        await Server.StopAsync();

        await AllFailAsync(FailureKind.VaultUnavailable, entry, version);

        Assert.Equal(4, KeyVault.Log.Lines.Count);
        Assert.All(KeyVault.Log.Lines, line => Assert.DoesNotContain("\n", line.Trim(), StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_was_deleted_comes_back_below_the_new_version()
    {
        var entry = await Samples.EntryAsync();
        var old = await StoresAsync(entry, Samples.Pkcs12());
        await DeletesAsync(entry);

        var version = await StoresAsync(entry, Samples.Pkcs12());

        Assert.Equal([version, old], await ListsAsync(entry));
    }

    [Fact]
    public async Task Nobody_signed_in_means_refused()
    {
        Server.Identity.Failure = new CredentialUnavailableException("Nobody has signed in.");

        await AllFailAsync(FailureKind.VaultRefused, await Samples.EntryAsync(), Guid.NewGuid().ToString("N"));
        Assert.False(await IsReachableAsync());
    }

    [Fact]
    public async Task A_failing_sign_in_means_unavailable()
    {
        Server.Identity.Failure = new AuthenticationFailedException("The identity's endpoint is down.");

        await AllFailAsync(FailureKind.VaultUnavailable, await Samples.EntryAsync(), Guid.NewGuid().ToString("N"));
    }

    [Fact]
    public async Task A_sign_in_that_hangs_ends_at_the_deadline()
    {
        var clock = new FakeTimeProvider();
        await using var slow = await KeyVaultUnderTest.StartAsync(TimeSpan.FromSeconds(10), clock);
        var waiting = slow.Server.Identity.Hang();
        var load = slow.Vault.LoadAsync(await Samples.EntryAsync(), Guid.NewGuid().ToString("N"), Cancellation);
        await waiting.WaitAsync(Cancellation);

        clock.Advance(TimeSpan.FromSeconds(20));

        await FailsAsync(FailureKind.VaultUnavailable, load);
    }

    [Fact]
    public async Task A_challenge_for_another_resource_gets_no_token()
    {
        Server.Resource = "https://vault.example";

        await FailsAsync(FailureKind.VaultUnavailable, Vault.LoadAsync(await Samples.EntryAsync(), Guid.NewGuid().ToString("N"), Cancellation));

        Assert.Equal(0, Server.Identity.Asked);
    }

    [Fact]
    public async Task The_log_tells_the_cause_and_no_secret()
    {
        var entry = await Samples.EntryAsync();
        var pkcs12 = Samples.Pkcs12();
        var version = await StoresAsync(entry, pkcs12);
        foreach (var kind in new[] { VaultFaultKind.Forbidden, VaultFaultKind.CutShort, VaultFaultKind.Garbage })
        {
            Server.Faults.Suffer(new VaultFault(kind));
            await InTimeAsync(Vault.StoreAsync(entry, pkcs12, Cancellation));
            await InTimeAsync(Vault.LoadAsync(entry, version, Cancellation));
        }

        var log = string.Concat(KeyVault.Log.Lines);
        Assert.Contains("ForbiddenByRbac", log, StringComparison.Ordinal);
        Assert.Contains(entry.Name, log, StringComparison.Ordinal);
        var secrets = Server.Imports.SelectMany(import => new[] { (string)import.Body["pwd"]!, (string)import.Body["value"]! });
        Assert.All([.. secrets, "kv-token-"], secret => Assert.DoesNotContain(secret, log, StringComparison.OrdinalIgnoreCase));
    }

    private static async Task<bool> IsRefusedAsync<T>(Task<Outcome<T>> call)
    {
        var outcome = await InTimeAsync(call);
        Assert.True(outcome.TryGet(out _, out var failure) || failure.Kind == FailureKind.VaultRefused, failure?.Detail);
        return failure is not null;
    }
}
