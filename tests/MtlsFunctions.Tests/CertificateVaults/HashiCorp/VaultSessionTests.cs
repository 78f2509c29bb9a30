using Microsoft.Extensions.Time.Testing;
using MtlsFunctions.CertificateVaults;
using MtlsFunctions.Shared;
using MtlsFunctions.Shared.HashiCorp;

namespace MtlsFunctions.Tests.CertificateVaults.HashiCorp;

/// <summary>One token for all calls: when it is got, renewed, replaced and believed. Its life is 20 minutes, 30 with renewals.</summary>
public sealed class VaultSessionTests(VaultSamples samples) : VaultTest(samples)
{
    private const string LoginPath = "auth/approle/login";
    private const string LookupPath = "auth/token/lookup-self";
    private const string RenewPath = "auth/token/renew-self";

    private readonly FakeTimeProvider clock = new(TimeProvider.System.GetUtcNow());

    private VaultServer Server => ((HashiCorpVaultUnderTest)Subject).Server;

    private VaultOperator Operator => ((HashiCorpVaultUnderTest)Subject).Operator;

    private int Logins => Server.Count("POST", LoginPath);

    private int Renewals => Server.Count("POST", RenewPath);

    protected override async Task<IVaultUnderTest> StartAsync() => await HashiCorpVaultUnderTest.StartAsync(
        Samples.Pki, new VaultUnderTestOptions(VaultDialect.Vault18) { Clock = clock, Ttl = "20m", MaxTtl = "30m" });

    [Fact]
    public async Task However_many_call_at_once_there_is_one_login()
    {
        var entry = await Samples.EntryAsync();

        await AtOnceAsync(() => ListsAsync(entry));

        Assert.Equal(1, Logins);
    }

    [Fact]
    public async Task A_token_is_renewed_at_two_thirds_of_its_life_and_not_before()
    {
        await CallAsync();
        clock.Advance(TimeSpan.FromSeconds((20 * 60 * 2 / 3) - 1));
        await CallAsync();
        Assert.Equal(0, Renewals);

        clock.Advance(TimeSpan.FromSeconds(1));

        await Eventually.TrueAsync(() => Renewals == 1);
        await CallAsync();
        Assert.Equal(1, Logins);
    }

    [Fact]
    public async Task Close_to_its_longest_life_a_token_is_not_renewed_again_but_replaced_before_it_ends()
    {
        await CallAsync();
        clock.Advance(TimeSpan.FromMinutes(14));
        await Eventually.TrueAsync(() => Renewals == 1);
        await CallAsync();

        // The renewal gave the 16 minutes that were left; the last tenth of them is never used.
        clock.Advance(TimeSpan.FromMinutes(14));
        await CallAsync();
        Assert.Equal((1, 1), (Logins, Renewals));
        clock.Advance(TimeSpan.FromMinutes(1));
        await CallAsync();

        Assert.Equal((2, 1), (Logins, Renewals));
    }

    [Fact]
    public async Task A_token_that_ran_out_unnoticed_is_replaced_without_trying_it()
    {
        await CallAsync();
        FailRenewals(int.MaxValue);
        clock.Advance(TimeSpan.FromMinutes(25));
        var before = Server.Received.Count;

        await CallAsync();

        Assert.Equal(2, Logins);
        Assert.Equal([LoginPath, LookupPath, "secret"], Server.Received.Skip(before).Where(request => request.Path != RenewPath).Select(Short));
    }

    [Fact]
    public async Task A_renewal_that_the_vault_could_not_answer_is_tried_again_before_the_token_ends()
    {
        await CallAsync();
        FailRenewals(1);
        clock.Advance(TimeSpan.FromMinutes(14));
        await LoggedAsync("could not be asked");

        // Half of the six minutes that are left.
        clock.Advance(TimeSpan.FromSeconds(179));
        Assert.Equal(0, Renewals);
        clock.Advance(TimeSpan.FromSeconds(1));
        await Eventually.TrueAsync(() => Renewals == 1);

        await CallAsync();
        Assert.Equal(1, Logins);
    }

    [Fact]
    public async Task A_token_that_the_vault_refuses_to_renew_is_replaced_at_the_next_call()
    {
        await CallAsync();
        await Server.RevokeTokensAsync();
        clock.Advance(TimeSpan.FromMinutes(14));
        await Eventually.TrueAsync(() => Renewals == 1);
        await LoggedAsync("did not renew");
        var before = Server.Received.Count;

        await CallAsync();

        Assert.Equal([LoginPath, LookupPath, "secret"], Server.Received.Skip(before).Select(Short));
    }

    [Fact]
    public async Task A_token_that_is_gone_is_replaced_by_one_login_however_many_find_out()
    {
        await CallAsync();
        clock.Advance(TimeSpan.FromMinutes(1));
        await Server.RevokeTokensAsync();
        var entry = await Samples.EntryAsync();

        await AtOnceAsync(() => ListsAsync(entry));

        Assert.Equal(2, Logins);
    }

    [Fact]
    public async Task A_denial_is_believed_after_one_more_login_and_then_at_once_for_ten_seconds()
    {
        var entry = await Samples.EntryAsync();
        await CallAsync();
        await Operator.PolicyAsync(HashiCorpVaultUnderTest.Policy, "");
        clock.Advance(TimeSpan.FromMinutes(1));

        for (var call = 0; call < 5; call++)
            await FailsAsync(FailureKind.VaultRefused, Vault.ListVersionsAsync(entry, Cancellation));
        Assert.Equal(2, Logins);
        clock.Advance(TimeSpan.FromSeconds(10));
        await FailsAsync(FailureKind.VaultRefused, Vault.ListVersionsAsync(entry, Cancellation));
        Assert.Equal(3, Logins);

        await Operator.PolicyAsync(HashiCorpVaultUnderTest.Policy, VaultOperator.LeastPolicy(HashiCorpVaultUnderTest.Mount, HashiCorpVaultUnderTest.Folder));
        await CallAsync();
        Assert.Equal(3, Logins);
    }

    [Fact]
    public async Task A_refused_login_is_not_tried_again_for_ten_seconds()
    {
        var entry = await Samples.EntryAsync();
        Server.Script = VaultScripts.Only(1, IsLogin, VaultScripts.Answer(400, "invalid role or secret ID"));

        for (var call = 0; call < 5; call++)
            await FailsAsync(FailureKind.VaultRefused, Vault.ListVersionsAsync(entry, Cancellation));
        Assert.Equal(0, Logins);
        clock.Advance(TimeSpan.FromSeconds(10));

        await CallAsync();
        Assert.Equal(1, Logins);
    }

    [Fact]
    public async Task A_login_that_an_outage_prevented_is_tried_again_at_once()
    {
        var entry = await Samples.EntryAsync();
        Server.Script = VaultScripts.Only(1, IsLogin, VaultScripts.Answer(500));
        await FailsAsync(FailureKind.VaultUnavailable, Vault.ListVersionsAsync(entry, Cancellation));

        await CallAsync();

        Assert.Equal(1, Logins);
    }

    [Fact]
    public async Task Who_leaves_during_a_login_does_not_take_it_away_from_the_others()
    {
        var entry = await Samples.EntryAsync();
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var arrived = Server.Faults.Requests;
        Server.Script = VaultScripts.Only(1, IsLogin, VaultScripts.WaitFor(gate.Task));
        using var leaving = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        var first = Vault.ListVersionsAsync(entry, leaving.Token);
        await Eventually.TrueAsync(() => Server.Faults.Requests > arrived);
        var second = ListsAsync(entry);

        await leaving.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => InTimeAsync(first));
        gate.SetResult();

        Assert.Empty(await second);
        Assert.Equal(1, Logins);
    }

    private async Task CallAsync() => Assert.Empty(await ListsAsync(await Samples.EntryAsync()));

    private Task LoggedAsync(string text) => Eventually.TrueAsync(
        () => ((HashiCorpVaultUnderTest)Subject).Log.Lines.Any(line => line.Text.Contains(text, StringComparison.Ordinal)));

    private static Task AtOnceAsync(Func<Task> call) => Task.WhenAll(Enumerable.Range(0, 100).Select(_ => Task.Run(call, Cancellation)));

    private static bool IsLogin(Microsoft.AspNetCore.Http.HttpRequest request) =>
        request.Path.Value!.EndsWith(LoginPath, StringComparison.Ordinal);

    private void FailRenewals(int times) => Server.Script = VaultScripts.Only(
        times, request => request.Path.Value!.EndsWith(RenewPath, StringComparison.Ordinal), VaultScripts.Answer(500));

    private static string Short(VaultRequest request) => request.Path.StartsWith("auth", StringComparison.Ordinal) ? request.Path : request.Path.Split('/')[0];
}
