using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
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

    [Fact]
    public Task Vault_on_raft_from_initialisation_to_sealing() => ReplayAsync(VaultDialect.Vault18, raft: true, prepare: null, "vault18-raft");

    [Fact]
    public Task Vault_at_the_end_of_a_tokens_life() => ReplayAsync(VaultDialect.Vault18, raft: false, LogInAsync, "vault18-ttl");

    // The second was recorded on the server of the first.
    [Fact]
    public Task OpenBao_on_a_development_server() => ReplayAsync(VaultDialect.OpenBao26, raft: false, prepare: null, "openbao262", "openbao262-extra");

    [Fact]
    public Task OpenBao_at_the_end_of_a_tokens_life() => ReplayAsync(VaultDialect.OpenBao26, raft: false, LogInAsync, "openbao262-ttl");

    private async Task ReplayAsync(VaultDialect dialect, bool raft, Func<HttpClient, string, Replay, Task>? prepare, params string[] names)
    {
        await using var server = await VaultServer.StartAsync(
            Pki.IssueServer(), new VaultServerOptions { Dialect = dialect, Clock = clock, Raft = raft });
        using var handler = new SocketsHttpHandler { AllowAutoRedirect = false };
        handler.SslOptions.CertificateChainPolicy = new()
        {
            TrustMode = System.Security.Cryptography.X509Certificates.X509ChainTrustMode.CustomRootTrust,
            CustomTrustStore = { Pki.Root },
            RevocationMode = System.Security.Cryptography.X509Certificates.X509RevocationMode.NoCheck,
        };
        using var http = new HttpClient(handler);
        var replay = new Replay(server, http, clock);
        clock.SetUtcNow(Recording.Load(names[0]).First().At);
        if (prepare is not null)
            await prepare(http, server.Url, replay);
        foreach (var name in names)
            await replay.RunAsync(name, Cancellation);
    }

    // These recordings begin with the role and go on with a token of it.
    private async Task LogInAsync(HttpClient http, string url, Replay replay)
    {
                http.DefaultRequestHeaders.Add("X-Vault-Token", VaultServer.RootToken);
        await PostAsync("sys/auth/approle", new { type = "approle" });
        await PostAsync("auth/approle/role/short", new { token_policies = new[] { "app-certs" }, token_ttl = "2s", token_max_ttl = "4s" });
        var role = await http.GetFromJsonAsync<JsonObject>($"{url}/v1/auth/approle/role/short/role-id", Cancellation);
        var secret = await PostAsync("auth/approle/role/short/secret-id", new { });
        var login = await PostAsync("auth/approle/login", new { role_id = role!["data"]!["role_id"], secret_id = secret!["data"]!["secret_id"] });
        replay.Bind("TOKEN-1", login!["auth"]!["client_token"]!.GetValue<string>());
        http.DefaultRequestHeaders.Clear();

        async Task<JsonObject?> PostAsync(string path, object body)
        {
            using var answer = await http.PostAsJsonAsync($"{url}/v1/{path}", body, Cancellation);
            answer.EnsureSuccessStatusCode();
            return answer.Content.Headers.ContentLength is 0 or null && answer.StatusCode == System.Net.HttpStatusCode.NoContent
                ? null : await answer.Content.ReadFromJsonAsync<JsonObject>(Cancellation);
        }
    }
}
