using System.Globalization;
using Microsoft.Extensions.Time.Testing;
using MtlsFunctions.Shared;
using MtlsFunctions.Shared.HashiCorp;

namespace MtlsFunctions.Tests.CertificateVaults.HashiCorp;

/// <summary>The imitation answers as the real servers did, so that what is green against it holds for them.</summary>
public sealed class RecordingTests
{
    private static readonly TestPki Pki = new();

    private readonly FakeTimeProvider clock = new(DateTimeOffset.Parse("2026-11-23T21:00:00Z", CultureInfo.InvariantCulture));

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public Task Vault_on_a_development_server() => ReplayAsync(VaultDialect.Vault18, raft: false, prepare: null, "vault18");

    /// <summary>Version numbers that start over, and an engine of version 1. The part about certificates of Vault's own authority isn't imitated.</summary>
    [Fact]
    public Task Vault_counts_anew_and_keeps_no_versions_on_an_old_engine() => ReplayAsync(VaultDialect.Vault18, raft: false, prepare: null, "vault18-versions");

    [Fact]
    public Task Vault_on_raft_from_initialisation_to_sealing() => ReplayAsync(VaultDialect.Vault18, raft: true, prepare: null, "vault18-raft");

    [Fact]
    public Task Vault_at_the_end_of_a_tokens_life() => ReplayAsync(VaultDialect.Vault18, raft: false, LogInAsync, "vault18-ttl");

    // The second was recorded on the server of the first.
    [Fact]
    public Task OpenBao_on_a_development_server() => ReplayAsync(VaultDialect.OpenBao26, raft: false, prepare: null, "openbao262", "openbao262-extra");

    [Fact]
    public Task OpenBao_at_the_end_of_a_tokens_life() => ReplayAsync(VaultDialect.OpenBao26, raft: false, LogInAsync, "openbao262-ttl");

    private async Task ReplayAsync(VaultDialect dialect, bool raft, Func<VaultOperator, Replay, Task>? prepare, params string[] names)
    {
        await using var server = await VaultServer.StartAsync(
            Pki.IssueServer(), new VaultServerOptions { Dialect = dialect, Clock = clock, Raft = raft });
        using var http = TrustingClient.Of(Pki);
        var replay = new Replay(server, http, clock);
        clock.SetUtcNow(Recording.Load(names[0]).First().At);
        if (prepare is not null)
            await prepare(new VaultOperator(http, new Uri(server.Url), VaultServer.RootToken), replay);
        foreach (var name in names)
            await replay.RunAsync(name, Cancellation);
    }

    // These recordings begin with the role and go on with a token of it.
    private static async Task LogInAsync(VaultOperator setUp, Replay replay)
    {
        await setUp.EnableLoginAsync("approle", "approle");
        var (roleId, secretId) = await setUp.AppRoleAsync("approle", "short", "app-certs", ttl: "2s", maxTtl: "4s");
        replay.Bind("TOKEN-1", await setUp.LogInAsync("approle", roleId, secretId));
    }
}
