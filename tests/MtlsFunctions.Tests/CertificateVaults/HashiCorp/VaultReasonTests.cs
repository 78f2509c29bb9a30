using Microsoft.Extensions.Logging;
using MtlsFunctions.CertificateVaults;
using MtlsFunctions.Shared;
using MtlsFunctions.Shared.HashiCorp;

namespace MtlsFunctions.Tests.CertificateVaults.HashiCorp;

/// <summary>The log says why, once for each call: the true reason of a refusal, and an outage in one line.</summary>
public sealed class VaultReasonTests(VaultSamples samples) : VaultTest(samples)
{
    private HashiCorpVaultUnderTest HashiCorp => (HashiCorpVaultUnderTest)Subject;

    private VaultServer Server => HashiCorp.Server;

    private (LogLevel Level, string Text)[] Told =>
        [.. HashiCorp.Log.Lines.Where(line => line.Level >= LogLevel.Information).Select(line => (line.Level, line.Text))];

    protected override async Task<IVaultUnderTest> StartAsync() => await HashiCorpVaultUnderTest.StartAsync(Samples.Pki, new VaultUnderTestOptions(VaultDialect.Vault18)
    {
        Configure = (_, settings) =>
        {
            settings["HashiCorpVault:AttemptTimeout"] = "00:00:00.300";
            return Task.CompletedTask;
        },
    });

    [Theory]
    [InlineData(VaultFaultKind.ServerError, "503")]
    [InlineData(VaultFaultKind.Throttled, "429")]
    [InlineData(VaultFaultKind.Silent, "none came in time")]
    [InlineData(VaultFaultKind.Garbage, "not JSON")]
    [InlineData(VaultFaultKind.CutShort, "no usable answer")]
    [InlineData(null, "refused")]
    public async Task An_outage_is_one_line_for_each_call_and_no_stack(VaultFaultKind? fault, string reason)
    {
        var entry = await Samples.EntryAsync();
        var version = await StoresAsync(entry, Samples.Pkcs12());
        if (fault is { } kind)
            Server.Faults.Suffer(new VaultFault(kind));
        else
            await Server.StopAsync();
        HashiCorp.Log.Lines.Clear();

        await AllFailAsync(FailureKind.VaultUnavailable, entry, version);
        Assert.False(await IsReachableAsync());

        Assert.Equal(5, Told.Length);
        Assert.All(Told, line =>
        {
            Assert.Contains(reason, line.Text, StringComparison.OrdinalIgnoreCase);
            Assert.DoesNotContain("\n", line.Text.Trim(), StringComparison.Ordinal);
            Assert.DoesNotContain("   at ", line.Text, StringComparison.Ordinal);
        });
    }

    [Theory]
    [InlineData(307)]
    [InlineData(500)]
    public async Task A_vault_that_has_no_leader_for_a_moment_is_asked_again(int status)
    {
        var entry = await Samples.EntryAsync();
        var leaderless = VaultScripts.Answer(status, "local node not active but active cluster node not found");

        Server.Script = VaultScripts.Only(2, _ => true, leaderless);
        var version = await StoresAsync(entry, Samples.Pkcs12());
        Server.Script = VaultScripts.Only(2, _ => true, leaderless);
        await LoadsAsync(entry, version);
    }

    [Fact]
    public async Task A_policy_that_says_no_is_told_as_such()
    {
        await HashiCorp.Operator.PolicyAsync(HashiCorpVaultUnderTest.Policy, "");

        await FailsAsync(FailureKind.VaultRefused, Vault.ListVersionsAsync(await Samples.EntryAsync(), Cancellation));

        Assert.Contains("look at its policy", Assert.Single(Told).Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("s.ended")]
    [InlineData("")]
    public async Task A_token_that_has_ended_is_told_as_such_and_asks_for_no_policy(string token)
    {
        // Or one that is used up, which any other role's would be.
        if (token.Length == 0)
        {
            await HashiCorp.Operator.PostAsync("auth/approle/role/once", new { token_policies = new[] { HashiCorpVaultUnderTest.Policy }, token_num_uses = 1 });
            var roleId = (string)(await HashiCorp.Operator.GetAsync("auth/approle/role/once/role-id"))!["data"]!["role_id"]!;
            var secretId = (string)(await HashiCorp.Operator.PostAsync("auth/approle/role/once/secret-id", new { }))!["data"]!["secret_id"]!;
            token = await HashiCorp.Operator.LogInAsync("approle", roleId, secretId);
            await Server.UseUpAsync(token);
        }

        await using var instance = HashiCorp.AnotherInstance(("HashiCorpVault:RoleId", null), ("HashiCorpVault:SecretId", null), ("HashiCorpVault:Token", token));

        await FailsAsync(FailureKind.VaultRefused, instance.Vault.ListVersionsAsync(await Samples.EntryAsync(), Cancellation));

        var told = Assert.Single(Told).Text;
        Assert.Contains("the token has ended, was revoked or is used up", told, StringComparison.Ordinal);
        Assert.DoesNotContain("default", told, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_token_that_may_not_look_at_itself_is_told_so_once_it_was_good_for_something()
    {
        await using var instance = HashiCorp.AnotherInstance(
            ("HashiCorpVault:RoleId", null), ("HashiCorpVault:SecretId", null), ("HashiCorpVault:Token", VaultServer.RootToken));
        Server.Script = VaultScripts.Only(
            int.MaxValue, request => request.Path.Value!.EndsWith("lookup-self", StringComparison.Ordinal), VaultScripts.Answer(403, "permission denied"));

        for (var call = 0; call < 3; call++)
            await GivesAsync(instance.Vault.ListVersionsAsync(await Samples.EntryAsync(), Cancellation));

        Assert.Contains("give it the policy 'default'", Assert.Single(Told).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_secret_id_that_is_used_up_is_named_among_the_reasons()
    {
        await HashiCorp.Operator.PostAsync("auth/approle/role/few", new { token_policies = new[] { HashiCorpVaultUnderTest.Policy }, secret_id_num_uses = 1 });
        var roleId = (string)(await HashiCorp.Operator.GetAsync("auth/approle/role/few/role-id"))!["data"]!["role_id"]!;
        var secretId = (string)(await HashiCorp.Operator.PostAsync("auth/approle/role/few/secret-id", new { }))!["data"]!["secret_id"]!;
        await HashiCorp.Operator.LogInAsync("approle", roleId, secretId);
        await using var instance = HashiCorp.AnotherInstance(("HashiCorpVault:RoleId", roleId), ("HashiCorpVault:SecretId", secretId));

        await FailsAsync(FailureKind.VaultRefused, instance.Vault.ListVersionsAsync(await Samples.EntryAsync(), Cancellation));

        Assert.Contains("secret_id_num_uses", Assert.Single(Told).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_role_that_binds_no_secret_id_logs_in_without_one()
    {
        await HashiCorp.Operator.PostAsync(
            "auth/approle/role/near", new { token_policies = new[] { HashiCorpVaultUnderTest.Policy }, bind_secret_id = false, token_bound_cidrs = new[] { "127.0.0.1/32" } });
        var roleId = (string)(await HashiCorp.Operator.GetAsync("auth/approle/role/near/role-id"))!["data"]!["role_id"]!;
        await using var instance = HashiCorp.AnotherInstance(("HashiCorpVault:RoleId", roleId), ("HashiCorpVault:SecretId", null));

        Assert.Empty(await GivesAsync(instance.Vault.ListVersionsAsync(await Samples.EntryAsync(), Cancellation)));

        var login = Server.Received.Last(request => request.Path == "auth/approle/login");
        Assert.Equal(["role_id"], login.Body!.Select(field => field.Key));
    }
}
