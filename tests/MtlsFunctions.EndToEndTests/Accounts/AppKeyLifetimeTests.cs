using System.Net;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using static MtlsFunctions.EndToEndTests.Accounts.AppKeyCalls;

namespace MtlsFunctions.EndToEndTests.Accounts;

/// <summary>How long an app key works, on which instance, and what an outage does to it.</summary>
public sealed class AppKeyLifetimeTests(AzuriteFixture azurite) : IDisposable
{
    private readonly DirectoryInfo vault = Directory.CreateTempSubdirectory("mtlsfunctions-test-");

    [Fact]
    public async Task A_key_that_expires_works_until_then()
    {
        var clock = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        await using var gateway = await TestGateway.StartAsync(azurite, configure: GoingBy(clock));
        var demo = gateway.As("demo");
        var expires = clock.GetUtcNow().AddMinutes(2);
        var created = await CreateAsync(demo, new JsonObject { ["name"] = "n", ["permissions"] = new JsonArray("MTLS_READ_INTERNAL"), ["expires"] = expires.ToString("O") });
        var key = AppKey.Of(created.Json);

        Assert.Equal(expires.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'"), (string?)created.Json["expires"]);
        await LetInAsync(demo, key);
        clock.Advance(TimeSpan.FromSeconds(119));
        await LetInAsync(demo, key);
        clock.Advance(TimeSpan.FromSeconds(1));
        (await GetAsync(demo, key)).IsProblem(HttpStatusCode.Unauthorized, "unauthorized");
        // Still listed, so that somebody sees why it stopped.
        Assert.Single((await demo.GetAsync(PathOf(demo))).Json.AsArray());
    }

    [Theory]
    [InlineData(null)]
    [InlineData(60)]
    [InlineData(1)]
    public async Task A_key_that_a_key_made_ends_with_it_at_the_latest(int? minutes)
    {
        var clock = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        await using var gateway = await TestGateway.StartAsync(azurite, configure: GoingBy(clock));
        var demo = gateway.As("demo");
        var maker = AppKey.Of((await CreateAsync(demo, Named("MTLS_WRITE_INTERNAL", clock.GetUtcNow().AddMinutes(2)))).Json);

        var made = await CreateAsync(demo.With(maker), Named("MTLS_READ_INTERNAL", minutes is { } after ? clock.GetUtcNow().AddMinutes(after) : null));

        Assert.Equal((HttpStatusCode.Created, maker.Id), (made.Status, (long)made.Json["madeBy"]!));
        clock.Advance(TimeSpan.FromMinutes(Math.Min(minutes ?? 2, 2)) - TimeSpan.FromSeconds(1));
        await LetInAsync(demo, AppKey.Of(made.Json));
        clock.Advance(TimeSpan.FromSeconds(1));
        (await GetAsync(demo, AppKey.Of(made.Json))).IsProblem(HttpStatusCode.Unauthorized, "unauthorized");
    }

    [Fact]
    public async Task With_a_key_the_keys_that_it_made_are_revoked_and_no_others()
    {
        await using var gateway = await TestGateway.StartAsync(azurite);
        var demo = gateway.As("demo");
        var (maker, other) = (await demo.CreateAppKeyAsync("MTLS_WRITE_INTERNAL"), await demo.CreateAppKeyAsync("MTLS_READ_INTERNAL"));
        var made = AppKey.Of((await CreateAsync(demo.With(maker), Named("MTLS_WRITE_INTERNAL"))).Json);
        var ofMade = AppKey.Of((await CreateAsync(demo.With(made), Named("MTLS_READ_INTERNAL"))).Json);

        var revoked = await demo.SendAsync(HttpMethod.Delete, $"{PathOf(demo)}/{maker.Id}");

        Assert.Equal((HttpStatusCode.OK, maker.Id), (revoked.Status, (long)revoked.Json["id"]!));
        foreach (var gone in new[] { maker, made, ofMade })
            (await GetAsync(demo, gone)).IsProblem(HttpStatusCode.Unauthorized, "unauthorized");
        await LetInAsync(demo, other);
        Assert.Equal(other.Id, (long)Assert.Single((await demo.GetAsync(PathOf(demo))).Json.AsArray())!["id"]!);
        Assert.Equal(
            new[] { maker, made, ofMade }.Select(key => $"app-key/{key.Id}"),
            (await demo.GetAsync("/mtls/account/demo/audit")).Json["entries"]!.AsArray()[^1]!["objects"]!.AsArray().Select(touched => (string?)touched));
    }

    [Fact]
    public async Task A_key_that_another_instance_has_revoked_makes_no_more_keys()
    {
        var clock = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        var shared = new Dictionary<string, string?> { ["Storage:TableName"] = $"t{Guid.NewGuid():N}", ["LocalVault:Folder"] = vault.FullName };
        await using var revoking = await TestGateway.StartAsync(azurite, shared, GoingBy(clock));
        await using var beside = await TestGateway.StartAsync(azurite, shared, GoingBy(clock));
        var demo = revoking.As("demo");
        var maker = await demo.CreateAppKeyAsync("MTLS_WRITE_INTERNAL");
        await LetInAsync(demo.At(beside), maker);
        await demo.SendAsync(HttpMethod.Delete, $"{PathOf(demo)}/{maker.Id}");

        // That instance hasn't looked since: it still lets the key in.
        (await CreateAsync(demo.At(beside).With(maker), Named("MTLS_READ_INTERNAL"))).IsProblem(HttpStatusCode.Unauthorized, "unauthorized");

        Assert.Empty((await demo.GetAsync(PathOf(demo))).Json.AsArray());
    }

    [Fact]
    public async Task Another_instance_knows_a_new_key_at_once_and_a_revocation_within_the_lag()
    {
        var clock = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        var shared = new Dictionary<string, string?> { ["Storage:TableName"] = $"t{Guid.NewGuid():N}", ["LocalVault:Folder"] = vault.FullName };
        await using var making = await TestGateway.StartAsync(azurite, shared, GoingBy(clock));
        await using var beside = await TestGateway.StartAsync(azurite, shared, GoingBy(clock));
        var demo = making.As("demo");
        var first = await demo.CreateAppKeyAsync("MTLS_READ_INTERNAL");
        await LetInAsync(demo.At(beside), first);

        // The account is known there from before this one.
        var key = await demo.CreateAppKeyAsync("MTLS_READ_INTERNAL");
        await LetInAsync(demo.At(beside), key);
        await demo.SendAsync(HttpMethod.Delete, $"{PathOf(demo)}/{key.Id}");

        (await GetAsync(demo, key)).IsProblem(HttpStatusCode.Unauthorized, "unauthorized");
        clock.Advance(TimeSpan.FromSeconds(31));
        (await GetAsync(demo.At(beside), key)).IsProblem(HttpStatusCode.Unauthorized, "unauthorized");
        await LetInAsync(demo.At(beside), first);
    }

    [Fact]
    public async Task While_the_table_is_down_a_known_key_goes_on_and_an_unknown_one_is_not_called_wrong()
    {
        var tap = new TableTap(azurite);
        await using var gateway = await TestGateway.StartAsync(azurite, configure: tap.Install);
        var demo = gateway.As("demo");
        var key = await demo.CreateAppKeyAsync("MTLS_READ_INTERNAL");
        await LetInAsync(demo, key);
        var missing = key with { ConsumerKey = "demo.4711" };
        (await GetAsync(demo, missing)).IsProblem(HttpStatusCode.Unauthorized, "unauthorized");
        // From here on what was looked up before would have to be looked up again.
        await demo.CreateAppKeyAsync("MTLS_READ_INTERNAL");

        tap.Closed = true;

        // Let in: what is down is the table, which the details tell.
        Assert.Equal("down", (string?)(await HealthAsync(demo, key)).Json["status"]);
        (await HealthAsync(demo, missing)).IsProblem(HttpStatusCode.ServiceUnavailable, "storage-unavailable");
        (await CreateAsync(demo, new JsonObject { ["name"] = "n", ["permissions"] = new JsonArray("MTLS_FORWARD") })).IsProblem(HttpStatusCode.ServiceUnavailable, "storage-unavailable");
    }

    [Fact]
    public async Task Without_its_vault_no_key_is_made()
    {
        await using var gateway = await TestGateway.StartAsync(azurite);
        Directory.Move(gateway.VaultFolder, gateway.VaultFolder + "-gone");
        var demo = gateway.As("demo");

        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await CreateAsync(demo, new JsonObject { ["name"] = "n", ["permissions"] = new JsonArray("MTLS_FORWARD") })).Status);

        Assert.Empty((await demo.GetAsync(PathOf(demo))).Json.AsArray());
    }

    public void Dispose() => vault.Delete(recursive: true);

    private static JsonObject Named(string permission, DateTimeOffset? expires = null)
    {
        var body = new JsonObject { ["name"] = "n", ["permissions"] = new JsonArray(permission) };
        if (expires is { } end)
            body["expires"] = end.ToString("O");
        return body;
    }

    private static Action<WebApplicationBuilder> GoingBy(TimeProvider clock) => builder => builder.Services.AddSingleton(clock);
}
