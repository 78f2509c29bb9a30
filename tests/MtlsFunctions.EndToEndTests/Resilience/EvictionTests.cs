using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using MtlsFunctions.Shared;

namespace MtlsFunctions.EndToEndTests.Resilience;

/// <summary>One caller, or nobody, floods a gateway with little room; then table and vault go away, and another account's warm forwards go on.</summary>
public sealed class EvictionTests : IAsyncLifetime
{
    private readonly AzuriteFixture azurite;
    private readonly TableTap tap;

    private TestGateway gateway = null!;
    private MtlsServer remote = null!;
    private TestClient presented = null!;
    private GatewayClient quiet = null!;
    private GatewayClient signed = null!;

    public EvictionTests(AzuriteFixture azurite) => (this.azurite, tap) = (azurite, new TableTap(azurite));

    private string VaultAway => gateway.VaultFolder + ".away";

    public async ValueTask InitializeAsync()
    {
        gateway = await TestGateway.StartAsync(azurite, new Dictionary<string, string?>
        {
            ["Runtime:MaxAccounts"] = "10",
            ["Runtime:MaxEntries"] = "40",
            ["Runtime:RefreshInterval"] = "00:00:00.2",
            ["Runtime:MaxLag"] = "00:00:00.5",
            ["Forwarding:MaxHandlers"] = "6",
            ["Authorization:TokenCacheSize"] = "20",
        }, builder =>
        {
            tap.Install(builder);
            Resilient.Quiet(builder);
        });
        remote = await MtlsServer.StartAsync(gateway.Pki);
        presented = gateway.Pki.IssueClient();
        quiet = gateway.As("quiet");
        await quiet.MapAsync(remote.Url, await quiet.UploadAsync(presented));
        signed = quiet.With(await quiet.CreateAppKeyAsync("MTLS_FORWARD"));
        await ForwardsAsync();
    }

    [Fact]
    public async Task Made_up_consumer_keys_evict_nothing_and_cost_a_read_each()
    {
        var before = tap.Calls;
        for (var at = 0; at < 100; at++)
            Assert.Equal(HttpStatusCode.Unauthorized, (await MadeUp($"nobody-{at}.1").ForwardAsync(HttpMethod.Get, remote.Url)).Status);
        // Ids that no key has, of an account that is there.
        for (var at = 1; at <= 100; at++)
            Assert.Equal(HttpStatusCode.Unauthorized, (await MadeUp($"quiet.{at}").ForwardAsync(HttpMethod.Get, remote.Url)).Status);
        Assert.InRange(tap.Calls - before, 200, 240);

        await WarmForwardsGoOnAsync();
    }

    [Fact]
    public async Task Checks_of_one_account_evict_its_own_look_ups()
    {
        var loud = gateway.As("loud");
        for (var call = 0; call < 4; call++)
        {
            var triplets = Enumerable.Range(0, 250).Select(at => new JsonObject { ["serviceName"] = "IDP", ["url"] = $"https://x.example/{call}/{at}" });
            await loud.PostAsync("/api/account/loud/checks/serviceUrlMappings", new JsonArray([.. triplets]));
        }

        await WarmForwardsGoOnAsync();
    }

    [Fact]
    public async Task Trusts_of_one_certificate_evict_its_own_handlers_and_load_its_key_once()
    {
        using var vault = gateway.Measure<double>("mtls.vault.duration");
        var loud = gateway.As("loud");
        var id = await loud.UploadAsync(gateway.Pki.IssueClient());
        var mappings = Enumerable.Range(1, 12).Select(at =>
        {
            var mapping = GatewayClient.Mapping($"{remote.Url}/{at}", id);
            mapping["trustedCa"] = string.Concat(Enumerable.Repeat(gateway.Pki.RootPem, at));
            return mapping;
        });
        Assert.Equal(HttpStatusCode.Created, (await loud.PostAsync(loud.MappingsPath, new JsonArray([.. mappings]))).Status);
        for (var at = 1; at <= 12; at++)
            Assert.Equal(HttpStatusCode.OK, (await loud.ForwardAsync(HttpMethod.Get, $"{remote.Url}/{at}")).Status);

        Assert.Single(vault.GetMeasurementSnapshot(), one => (string?)one.Tags["mtls.vault.operation"] == "load");
        await WarmForwardsGoOnAsync();
    }

    [Fact]
    public async Task Many_tokens_of_one_account_evict_its_own()
    {
        for (var at = 0; at < 100; at++)
            Assert.Equal(HttpStatusCode.OK, (await gateway.As("loud").GetAsync("/mtls/account/loud/certificates")).Status);
        using var tokens = gateway.Measure<long>("mtls.token.checks");

        await WarmForwardsGoOnAsync();

        Assert.NotEmpty(tokens.GetMeasurementSnapshot());
        Assert.All(tokens.GetMeasurementSnapshot(), one => Assert.Equal("hit", one.Tags["mtls.result"]));
    }

    public async ValueTask DisposeAsync()
    {
        if (Directory.Exists(VaultAway))
            Directory.Move(VaultAway, gateway.VaultFolder);
        await remote.DisposeAsync();
        await gateway.DisposeAsync();
    }

    private async Task WarmForwardsGoOnAsync()
    {
        tap.Closed = true;
        Directory.Move(gateway.VaultFolder, VaultAway);
        // Past the lag that is allowed, so that what is known of the account itself must still be there.
        var question = new JsonObject { ["serviceName"] = "WEBHOOKS", ["url"] = "https://never.seen.example/" };
        await Eventually.GetAsync(
            () => quiet.PostAsync("/mtls/account/quiet/explain", question.DeepClone()), answer => answer.Status == HttpStatusCode.ServiceUnavailable);
        for (var again = 0; again < 3; again++)
            await ForwardsAsync();
    }

    private async Task ForwardsAsync()
    {
        foreach (var caller in new[] { quiet, signed })
        {
            var answer = await caller.ForwardAsync(HttpMethod.Get, remote.Url);
            Assert.True(answer.Status == HttpStatusCode.OK, answer.Text);
            Assert.Equal(presented.Thumbprint, (string?)answer.Json["thumbprint"]);
        }
    }

    /// <summary>No credential at all is needed for such a header.</summary>
    private GatewayClient MadeUp(string consumerKey)
    {
        var now = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        return new GatewayClient(gateway.Url, "quiet", (_, _) =>
            $"OAuth oauth_consumer_key=\"{consumerKey}\", oauth_token=\"t\", oauth_signature_method=\"HMAC-SHA256\", oauth_timestamp=\"{now}\", "
            + $"oauth_nonce=\"{Guid.NewGuid():N}\", oauth_version=\"1.0\", oauth_signature=\"AAAA\"");
    }
}
