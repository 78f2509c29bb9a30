using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using MtlsFunctions.CertificateVaults;
using MtlsFunctions.Shared;
using MtlsFunctions.Shared.HashiCorp;

namespace MtlsFunctions.Tests.CertificateVaults.HashiCorp;

/// <summary>What can never work is refused at start and by health, and takes no key: an old engine, a token that is soon used up.</summary>
public sealed class VaultStartTests(VaultSamples samples) : VaultTest(samples)
{
    private const string OldMount = "old";

    private HashiCorpVaultUnderTest HashiCorp => (HashiCorpVaultUnderTest)Subject;

    private VaultServer Server => HashiCorp.Server;

    protected override async Task<IVaultUnderTest> StartAsync() =>
        await HashiCorpVaultUnderTest.StartAsync(Samples.Pki, new VaultUnderTestOptions(VaultDialect.Vault18) { Configure = WithOldMountAsync });

    [Fact]
    public async Task A_version_2_engine_and_a_lasting_token_start() => await HashiCorp.AnotherInstance().StartAsync(Cancellation);

    [Theory]
    [InlineData(OldMount)]
    [InlineData("other")]
    public async Task An_engine_without_versions_does_not_start_and_health_finds_it_down(string mount)
    {
        await HashiCorp.Operator.PostAsync("sys/mounts/other", new { type = "kv" });
        await using var instance = HashiCorp.AnotherInstance(("HashiCorpVault:Mount", mount), ("HashiCorpVault:RoleId", null), ("HashiCorpVault:SecretId", null), ("HashiCorpVault:Token", VaultServer.RootToken));

        var refused = await Assert.ThrowsAsync<OptionsValidationException>(() => instance.StartAsync(Cancellation));

        Assert.Contains("HashiCorpVault:Mount", refused.Message, StringComparison.Ordinal);
        Assert.Contains($"vault kv enable-versioning {mount}", refused.Message, StringComparison.Ordinal);
        Assert.False(await instance.Vault.IsReachableAsync(Cancellation));
    }

    [Fact]
    public async Task An_engine_without_versions_is_sent_no_key()
    {
        await using var instance = HashiCorp.AnotherInstance(("HashiCorpVault:Mount", OldMount));

        var failure = await FailsAsync(FailureKind.VaultRefused, instance.Vault.StoreAsync(await Samples.EntryAsync(), Samples.Pkcs12(), Cancellation));

        Assert.Contains("KV version 2", failure.Detail, StringComparison.Ordinal);
        Assert.Equal(0, Server.Count("POST", OldMount));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_key_that_such_an_engine_took_all_the_same_is_taken_back(bool mayDelete)
    {
        if (mayDelete)
            await HashiCorp.Operator.PolicyAsync(HashiCorpVaultUnderTest.Policy, $$"""path "{{OldMount}}/*" { capabilities = ["create", "update", "read", "delete"] }""");
        // A server that doesn't say what its engines are.
        Server.Script = VaultScripts.Only(
            int.MaxValue, request => request.Path.Value!.Contains("/internal/ui/", StringComparison.Ordinal), VaultScripts.Answer(403));
        await using var instance = HashiCorp.AnotherInstance(("HashiCorpVault:Mount", OldMount));
        var entry = await Samples.EntryAsync();

        await FailsAsync(FailureKind.VaultRefused, instance.Vault.StoreAsync(entry, Samples.Pkcs12(), Cancellation));

        Assert.True(Server.Count("POST", OldMount) >= 2);
        var left = $"{OldMount}/data/{HashiCorpVaultUnderTest.Folder}/{entry.Account}/{entry.Name}";
        if (mayDelete)
            Assert.Contains("404", (await Assert.ThrowsAsync<InvalidOperationException>(() => HashiCorp.Operator.GetAsync(left))).Message, StringComparison.Ordinal);
        else
            Assert.Equal("""{"removed":true}""", (await HashiCorp.Operator.GetAsync(left))!["data"]!.ToJsonString());
        Assert.Contains(HashiCorp.Log.Lines, line => line.Text.Contains("not a KV version 2 engine", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_vault_that_is_down_or_silent_keeps_nobody_from_starting()
    {
        await Server.StopAsync();
        await HashiCorp.AnotherInstance().StartAsync(Cancellation);
        await Server.ComeBackAsync();

        Server.Faults.Suffer(new VaultFault(VaultFaultKind.Silent));
        var clock = new FakeTimeProvider();
        var starting = HashiCorp.AnotherInstance(clock, ("HashiCorpVault:AttemptTimeout", "00:01:00")).StartAsync(Cancellation);
        await Server.Faults.Suffered.WaitAsync(Cancellation);
        clock.Advance(TimeSpan.FromMinutes(1));

        await starting.WaitAsync(Cancellation);
    }

    [Theory]
    [InlineData(VaultDialect.Vault18, false)]
    [InlineData(VaultDialect.Vault18, true)]
    [InlineData(VaultDialect.OpenBao26, false)]
    [InlineData(VaultDialect.OpenBao26, true)]
    public async Task A_token_with_a_limit_of_uses_does_not_start_and_the_log_names_it(VaultDialect dialect, bool asToken)
    {
        await using var vault = await HashiCorpVaultUnderTest.StartAsync(Samples.Pki, new VaultUnderTestOptions(dialect)
        {
            Configure = async (setUp, settings) =>
            {
                await setUp.PostAsync("auth/approle/role/short", new { token_policies = new[] { HashiCorpVaultUnderTest.Policy }, token_num_uses = 5 });
                var roleId = (string)(await setUp.GetAsync("auth/approle/role/short/role-id"))!["data"]!["role_id"]!;
                var secretId = (string)(await setUp.PostAsync("auth/approle/role/short/secret-id", new { }))!["data"]!["secret_id"]!;
                var token = asToken ? await setUp.LogInAsync("approle", roleId, secretId) : null;
                (settings["HashiCorpVault:RoleId"], settings["HashiCorpVault:SecretId"]) = asToken ? (null, null) : (roleId, secretId);
                settings["HashiCorpVault:Token"] = token;
            },
        });
        await using var instance = vault.AnotherInstance();

        var refused = await Assert.ThrowsAsync<OptionsValidationException>(() => instance.StartAsync(Cancellation));

        Assert.Contains("limit of uses", refused.Message, StringComparison.Ordinal);
        await FailsAsync(FailureKind.VaultRefused, vault.Vault.ListVersionsAsync(await Samples.EntryAsync(), Cancellation));
        var errors = vault.Log.Lines.Where(line => line.Level >= Microsoft.Extensions.Logging.LogLevel.Warning).ToArray();
        Assert.All(errors, line => Assert.Contains("token_num_uses", line.Text, StringComparison.Ordinal));
        Assert.NotEmpty(errors);
    }

    private static async Task WithOldMountAsync(VaultOperator setUp, Dictionary<string, string?> settings)
    {
        await setUp.PostAsync($"sys/mounts/{OldMount}", new { type = "kv", options = new { version = "1" } });
        await setUp.PolicyAsync(
            HashiCorpVaultUnderTest.Policy,
            VaultOperator.LeastPolicy(HashiCorpVaultUnderTest.Mount, HashiCorpVaultUnderTest.Folder) + VaultOperator.LeastPolicy(OldMount, HashiCorpVaultUnderTest.Folder));
    }
}
