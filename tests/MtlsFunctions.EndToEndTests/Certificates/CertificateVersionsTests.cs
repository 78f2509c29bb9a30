using System.Net;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using MtlsFunctions.Shared;

namespace MtlsFunctions.EndToEndTests.Certificates;

/// <summary>Versions, rollback, and the switch for emergencies.</summary>
public sealed class CertificateVersionsTests(AzuriteFixture azurite)
{
    [Fact]
    public async Task Each_update_adds_a_version_and_the_newest_stands_first()
    {
        await using var gateway = await TestGateway.StartAsync(azurite);
        var demo = gateway.As("demo");
        var (first, second) = (gateway.Pki.IssueClient(), gateway.Pki.IssueClient());
        var id = await demo.UploadAsync(first, "name");
        await UpdateAsync(demo, id, second);

        var versions = (await demo.GetAsync($"{demo.CertificatesPath}/{id}/versions")).Json.AsArray();

        Assert.Equal(["version", "thumbprint", "expirationDate", "created", "current"], versions[0]!.AsObject().Select(property => property.Key));
        Assert.Equal(
            [(2, second.Thumbprint, true), (1, first.Thumbprint, false)],
            versions.Select(one => ((int)one!["version"]!, (string?)one["thumbprint"], (bool)one["current"]!)));
    }

    [Fact]
    public async Task A_rollback_is_what_forwards_use_at_once_and_the_next_update_counts_on()
    {
        await using var gateway = await TestGateway.StartAsync(azurite);
        await using var remote = await MtlsServer.StartAsync(gateway.Pki);
        var demo = gateway.As("demo");
        var (first, second, third) = (gateway.Pki.IssueClient(), gateway.Pki.IssueClient(), gateway.Pki.IssueClient());
        var id = await demo.UploadAsync(first, "name");
        await demo.MapAsync(remote.Url, id);
        await UpdateAsync(demo, id, second);
        Assert.Equal(second.Thumbprint, await SeenAsync(demo, remote));

        var rolledBack = await RollBackAsync(demo, id, 1);

        Assert.Equal(HttpStatusCode.OK, rolledBack.Status);
        Assert.Equal((1, first.Thumbprint), ((int)rolledBack.Json["version"]!, (string?)rolledBack.Json["thumbprint"]));
        Assert.Equal(first.Thumbprint, await SeenAsync(demo, remote));
        await UpdateAsync(demo, id, third);
        Assert.Equal(third.Thumbprint, await SeenAsync(demo, remote));
        var versions = (await demo.GetAsync($"{demo.CertificatesPath}/{id}/versions")).Json.AsArray();
        Assert.Equal([(3, true), (2, false), (1, false)], versions.Select(one => ((int)one!["version"]!, (bool)one["current"]!)));
    }

    [Theory]
    [InlineData("0")]
    [InlineData("2")]
    [InlineData("4294967297")]
    public async Task An_unknown_version_is_not_found_and_changes_nothing(string version)
    {
        await using var gateway = await TestGateway.StartAsync(azurite);
        var demo = gateway.As("demo");
        var id = await demo.UploadAsync(gateway.Pki.IssueClient());
        var before = (await demo.GetAsync($"{demo.CertificatesPath}/{id}")).Text;

        (await demo.SendAsync(HttpMethod.Post, $"{demo.CertificatesPath}/{id}/rollback/{version}")).IsProblem(HttpStatusCode.NotFound, "not-found");
        (await RollBackAsync(gateway.As("other"), id, 1)).IsProblem(HttpStatusCode.NotFound, "not-found");
        Assert.Equal(before, (await demo.GetAsync($"{demo.CertificatesPath}/{id}")).Text);
    }

    [Fact]
    public async Task A_version_that_has_expired_or_that_the_vault_has_lost_does_not_replace_one_that_works()
    {
        var clock = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        await using var gateway = await TestGateway.StartAsync(azurite, configure: builder => builder.Services.AddSingleton<TimeProvider>(clock));
        var demo = gateway.As("demo");
        var lasting = gateway.Pki.IssueClient(configure: options => options.NotAfter = clock.GetUtcNow().AddYears(2));
        var id = await demo.UploadAsync(gateway.Pki.IssueClient(configure: options => options.NotAfter = clock.GetUtcNow().AddMinutes(5)));
        await UpdateAsync(demo, id, gateway.Pki.IssueClient(configure: options => options.NotAfter = clock.GetUtcNow().AddYears(2)));
        await UpdateAsync(demo, id, lasting);
        clock.Advance(TimeSpan.FromMinutes(6));
        var entry = Assert.Single(Directory.EnumerateDirectories(Path.Combine(gateway.VaultFolder, "entries", "demo")));
        File.Delete(Path.Combine(entry, "2"));

        (await RollBackAsync(demo, id, 1)).IsProblem(HttpStatusCode.BadRequest, "p12-expired");
        (await RollBackAsync(demo, id, 2)).IsProblem(HttpStatusCode.ServiceUnavailable, "vault-entry-missing");

        var stored = (await demo.GetAsync($"{demo.CertificatesPath}/{id}")).Json;
        Assert.Equal(("Available", lasting.Thumbprint), ((string?)stored["status"], (string?)stored["thumbprint"]));
    }

    [Fact]
    public async Task A_disabled_certificate_is_unavailable_and_no_forward_uses_it_until_it_is_enabled()
    {
        await using var gateway = await TestGateway.StartAsync(azurite);
        await using var remote = await MtlsServer.StartAsync(gateway.Pki);
        var demo = gateway.As("demo");
        var client = gateway.Pki.IssueClient();
        var id = await demo.UploadAsync(client);
        await demo.MapAsync(remote.Url, id);
        Assert.Equal(client.Thumbprint, await SeenAsync(demo, remote));

        var disabled = await demo.SendAsync(HttpMethod.Post, $"{demo.CertificatesPath}/{id}/disable");

        Assert.Equal((HttpStatusCode.OK, "UnAvailable"), (disabled.Status, (string?)disabled.Json["status"]));
        (await demo.ForwardAsync(HttpMethod.Get, remote.Url)).IsProblem(HttpStatusCode.ServiceUnavailable, "certificate-unusable");
        Assert.False(await demo.ExistsAsync(remote.Url));
        (await demo.PostAsync($"{demo.CertificatesPath}/activate/{id}?isValidateUrlEnabled=true", new JsonObject { ["serviceName"] = "IDP", ["url"] = remote.Url }))
            .IsProblem(HttpStatusCode.ServiceUnavailable, "certificate-unusable");
        // A new version doesn't switch it on: somebody had a reason.
        await UpdateAsync(demo, id, client);
        (await demo.ForwardAsync(HttpMethod.Get, remote.Url)).IsProblem(HttpStatusCode.ServiceUnavailable, "certificate-unusable");

        var enabled = await demo.SendAsync(HttpMethod.Post, $"{demo.CertificatesPath}/{id}/enable");

        Assert.Equal((HttpStatusCode.OK, "Available"), (enabled.Status, (string?)enabled.Json["status"]));
        Assert.Equal(client.Thumbprint, await SeenAsync(demo, remote));
        Assert.True(await demo.ExistsAsync(remote.Url));
    }

    [Fact]
    public async Task Fifty_versions_are_kept_and_all_of_them_go_with_the_certificate()
    {
        await using var gateway = await TestGateway.StartAsync(azurite);
        var demo = gateway.As("demo");
        var client = gateway.Pki.IssueClient();
        var id = await demo.UploadAsync(client);
        for (var update = 0; update < 51; update++)
            await UpdateAsync(demo, id, client);

        var versions = (await demo.GetAsync($"{demo.CertificatesPath}/{id}/versions")).Json.AsArray();
        Assert.Equal(Enumerable.Range(3, 50).Reverse(), versions.Select(one => (int)one!["version"]!));
        (await RollBackAsync(demo, id, 2)).IsProblem(HttpStatusCode.NotFound, "not-found");

        Assert.Equal(HttpStatusCode.OK, (await demo.SendAsync(HttpMethod.Delete, $"{demo.CertificatesPath}/{id}")).Status);
        (await demo.GetAsync($"{demo.CertificatesPath}/{id}/versions")).IsProblem(HttpStatusCode.NotFound, "not-found");
        Assert.Empty(Directory.EnumerateDirectories(Path.Combine(gateway.VaultFolder, "entries", "demo")));
    }

    [Fact]
    public async Task Each_step_of_an_emergency_is_audited()
    {
        await using var gateway = await TestGateway.StartAsync(azurite);
        var demo = gateway.As("demo");
        var id = await demo.UploadAsync(gateway.Pki.IssueClient());
        foreach (var action in (string[])["disable", "enable", "rollback/1"])
            await demo.SendAsync(HttpMethod.Post, $"{demo.CertificatesPath}/{id}/{action}");

        var entries = (await demo.GetAsync("/mtls/account/demo/audit")).Json["entries"]!.AsArray();

        Assert.Equal(
            ["certificate.create", "certificate.disable", "certificate.enable", "certificate.rollback"],
            entries.Select(entry => (string)entry!["action"]!));
        Assert.All(entries, entry => Assert.Equal($"certificate/{id}", (string?)entry!["objects"]![0]));
    }

    private static async Task<string?> SeenAsync(GatewayClient client, MtlsServer remote) =>
        (string?)(await client.ForwardAsync(HttpMethod.Get, remote.Url)).Json["thumbprint"];

    private static Task<Answer> RollBackAsync(GatewayClient client, long id, int version) =>
        client.SendAsync(HttpMethod.Post, $"{client.CertificatesPath}/{id}/rollback/{version}");

    private static async Task UpdateAsync(GatewayClient client, long id, TestClient certificate) =>
        Assert.Equal(HttpStatusCode.OK, (await client.UpdateAsync(id, certificate)).Status);
}
