using System.Collections.Concurrent;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using MtlsFunctions.CertificateVaults;
using MtlsFunctions.CertificateVaults.HashiCorp;
using MtlsFunctions.Shared;
using MtlsFunctions.Shared.HashiCorp;
using Polly.Retry;
using Polly.Telemetry;

namespace MtlsFunctions.Tests.CertificateVaults.HashiCorp;

/// <summary>The line to the vault: whom it trusts, what it repeats, what it says of itself, and what it never shows.</summary>
public sealed class VaultLineTests(VaultSamples samples) : VaultTest(samples)
{
    private HashiCorpVaultUnderTest HashiCorp => (HashiCorpVaultUnderTest)Subject;

    private VaultServer Server => HashiCorp.Server;

    protected override async Task<IVaultUnderTest> StartAsync() =>
        await HashiCorpVaultUnderTest.StartAsync(Samples.Pki, new VaultUnderTestOptions(VaultDialect.OpenBao26) { Namespace = "team1" });

    [Fact]
    public async Task A_server_of_another_authority_gets_nothing()
    {
        await using var stranger = await VaultServer.StartAsync(new TestPki().IssueServer());
        await using var led = HashiCorp.AnotherInstance(("HashiCorpVault:Address", stranger.Url));

        await FailsAsync(FailureKind.VaultUnavailable, led.Vault.ListVersionsAsync(await Samples.EntryAsync(), Cancellation));
        Assert.Equal(0, stranger.Faults.Requests);
    }

    [Fact]
    public async Task A_server_with_the_name_of_another_gets_nothing()
    {
        await using var stranger = await VaultServer.StartAsync(Samples.Pki.IssueServerOfAnotherHost());
        await using var led = HashiCorp.AnotherInstance(("HashiCorpVault:Address", stranger.Url));

        await FailsAsync(FailureKind.VaultUnavailable, led.Vault.ListVersionsAsync(await Samples.EntryAsync(), Cancellation));
        Assert.Equal(0, stranger.Faults.Requests);
    }

    [Theory]
    [InlineData(301)]
    [InlineData(302)]
    [InlineData(307)]
    [InlineData(308)]
    public async Task A_redirect_is_not_followed_so_that_the_token_stays_where_it_belongs(int status)
    {
        await using var elsewhere = await VaultServer.StartAsync(Samples.Pki.IssueServer());
        await ListsAsync(await Samples.EntryAsync());
        Server.Script = (context, _) =>
        {
            context.Response.StatusCode = status;
            context.Response.Headers.Location = $"{elsewhere.Url}{context.Request.Path}";
            return Task.CompletedTask;
        };

        await FailsAsync(FailureKind.VaultUnavailable, Vault.ListVersionsAsync(await Samples.EntryAsync(), Cancellation));
        Assert.Equal(0, elsewhere.Faults.Requests);
    }

    [Theory]
    [InlineData(412, 4)]
    [InlineData(429, 4)]
    [InlineData(500, 1)]
    [InlineData(501, 1)]
    [InlineData(502, 4)]
    [InlineData(503, 4)]
    [InlineData(504, 4)]
    public async Task What_may_pass_is_repeated_three_times_and_what_will_not_is_not(int status, int requests)
    {
        await ListsAsync(await Samples.EntryAsync());
        Server.Script = VaultScripts.Only(int.MaxValue, _ => true, VaultScripts.Answer(status));
        var before = Server.Faults.Requests;

        await FailsAsync(FailureKind.VaultUnavailable, Vault.ListVersionsAsync(await Samples.EntryAsync(), Cancellation));

        Assert.Equal(requests, Server.Faults.Requests - before);
    }

    [Fact]
    public async Task Instances_that_failed_together_do_not_come_back_together()
    {
        var waits = new Waits();
        await using var instance = HashiCorp.AnotherInstance(services => services.Configure<TelemetryOptions>(options => options.TelemetryListeners.Add(waits)));
        Server.Script = VaultScripts.Only(int.MaxValue, _ => true, VaultScripts.Answer(503));
        var entry = await Samples.EntryAsync();

        for (var call = 0; call < 3; call++)
            await FailsAsync(FailureKind.VaultUnavailable, instance.Vault.ListVersionsAsync(entry, Cancellation));

        // Three waits for each login: without jitter, the same three every time.
        Assert.Equal(9, waits.Seen.Count);
        Assert.Equal(9, waits.Seen.Distinct().Count());
        Assert.All(waits.Seen, wait => Assert.InRange(wait, TimeSpan.Zero, VaultHttpClient.LongestDelay));
    }

    [Fact]
    public async Task An_answer_without_end_is_cut_off()
    {
        await ListsAsync(await Samples.EntryAsync());
        var room = new byte[64 * 1024];
        Server.Script = async (context, _) =>
        {
            while (!context.RequestAborted.IsCancellationRequested)
                await context.Response.Body.WriteAsync(room, context.RequestAborted);
        };

        await FailsAsync(FailureKind.VaultUnavailable, Vault.ListVersionsAsync(await Samples.EntryAsync(), Cancellation));
    }

    [Fact]
    public async Task The_whole_call_has_a_bound_of_its_own()
    {
        var clock = new FakeTimeProvider();
        await using var hasty = HashiCorp.AnotherInstance(clock, ("HashiCorpVault:AttemptTimeout", "00:01:00"));
        Server.Faults.Suffer(new VaultFault(VaultFaultKind.Silent));
        var call = hasty.Vault.ListVersionsAsync(await Samples.EntryAsync(), Cancellation);
        await Server.Faults.Suffered.WaitAsync(Cancellation);

        clock.Advance(TimeSpan.FromSeconds(30));

        await FailsAsync(FailureKind.VaultUnavailable, call);
    }

    [Fact]
    public async Task A_sealed_vault_is_not_reachable()
    {
        Server.IsSealed = true;

        Assert.False(await IsReachableAsync());
        await FailsAsync(FailureKind.VaultUnavailable, Vault.ListVersionsAsync(await Samples.EntryAsync(), Cancellation));
    }

    [Fact]
    public async Task A_standby_is_reachable_because_it_passes_requests_on()
    {
        Server.IsStandby = true;

        Assert.True(await IsReachableAsync());
    }

    [Fact]
    public async Task A_standby_without_an_active_node_is_not_reachable()
    {
        Server.IsStandby = true;
        Server.Script = VaultScripts.Only(
            int.MaxValue, request => !request.Path.Value!.Contains("sys/health", StringComparison.Ordinal),
            VaultScripts.Answer(500, "local node not active but active cluster node not found"));

        Assert.False(await IsReachableAsync());
    }

    [Fact]
    public async Task A_vault_that_was_never_initialised_is_not_reachable()
    {
        await using var empty = await VaultServer.StartAsync(Samples.Pki.IssueServer(), new VaultServerOptions { Raft = true });
        await using var led = HashiCorp.AnotherInstance(("HashiCorpVault:Address", empty.Url));

        Assert.False(await led.Vault.IsReachableAsync(Cancellation));
    }

    [Fact]
    public async Task Health_is_asked_without_token_and_namespace_and_everything_else_with_both()
    {
        await GoesThroughItsLifeAsync();
        Assert.True(await IsReachableAsync());

        var ours = Server.Received.Where(request => request.Token != VaultServer.RootToken).ToArray();
        Assert.Equal((null, null), ours.Where(request => request.Path == "sys/health").Select(request => (request.Token, request.Namespace)).Distinct().Single());
        var others = ours.Where(request => request.Path != "sys/health").ToArray();
        Assert.All(others, request => Assert.Equal("team1", request.Namespace));
        Assert.All(others.Where(request => !request.Path.EndsWith("/login", StringComparison.Ordinal)), request => Assert.NotNull(request.Token));
    }

    [Fact]
    public async Task Nothing_secret_is_ever_logged()
    {
        await GoesThroughItsLifeAsync();
        foreach (var status in new[] { 400, 403, 404, 429, 500, 503 })
        {
            Server.Script = VaultScripts.Only(int.MaxValue, _ => true, EchoAs(status));
            await Vault.StoreAsync(await Samples.EntryAsync(), Samples.Pkcs12(), Cancellation);
        }

        var secrets = Server.Received.Where(request => request.Token != VaultServer.RootToken)
            .SelectMany(request => new[] { request.Token, Text(request, "secret_id"), Text(request, "role_id") })
            .OfType<string>().Where(secret => secret.Length > 0).Distinct().ToArray();
        Assert.True(secrets.Length >= 3);
        var log = string.Join('\n', HashiCorp.Log.Lines.Select(line => line.Text));
        Assert.Contains("The vault answered", log, StringComparison.Ordinal);
        Assert.All(secrets, secret => Assert.DoesNotContain(secret, log, StringComparison.Ordinal));
        Assert.DoesNotContain("MII", log, StringComparison.Ordinal);
    }

    /// <summary>What the client's retries say of themselves.</summary>
    private sealed class Waits : TelemetryListener
    {
        public ConcurrentQueue<TimeSpan> Seen { get; } = new();

        public override void Write<TResult, TArgs>(in TelemetryEventArguments<TResult, TArgs> args)
        {
            if (args.Arguments is OnRetryArguments<TResult> retry)
                Seen.Enqueue(retry.RetryDelay);
        }
    }

    private static string? Text(VaultRequest request, string name) => (string?)request.Body?[name];

    // A server that shows what it was sent, as some do in their errors.
    private static VaultScript EchoAs(int status) => async (context, _) =>
    {
        using var reader = new StreamReader(context.Request.Body);
        var body = await reader.ReadToEndAsync(context.RequestAborted);
        await VaultScripts.Answer(status, $"{context.Request.Headers["X-Vault-Token"]} {body}")(context, () => Task.CompletedTask);
    };

    private async Task GoesThroughItsLifeAsync()
    {
        var entry = await Samples.EntryAsync();
        await LoadsAsync(entry, await StoresAsync(entry, Samples.Pkcs12()));
        await DeletesAsync(entry);
    }
}
