using System.Net;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using MtlsFunctions.EndToEndTests.Authorization;
using MtlsFunctions.Shared;

namespace MtlsFunctions.EndToEndTests.Certificates;

/// <summary>From upload to deletion: what is listed, downloaded and refused on the way.</summary>
public sealed class CertificateLifecycleTests(SharedGateway shared, AzuriteFixture azurite) : IClassFixture<SharedGateway>
{
    private readonly GatewayClient demo = shared.Gateway.As($"life{Guid.NewGuid():N}");

    [Fact]
    public async Task An_upload_answers_with_what_is_listed_and_got()
    {
        var client = shared.Gateway.Pki.IssueClient("orders", options => options.NotAfter = new DateTimeOffset(2099, 1, 2, 3, 4, 5, TimeSpan.Zero));

        var created = await demo.SendAsync(HttpMethod.Post, demo.CertificatesPath + "/by-file", GatewayClient.UploadForm(
            client.Pkcs12, new JsonObject { ["name"] = "orders", ["displayName"] = "Orders", ["password"] = client.Password }));

        Assert.Equal(HttpStatusCode.Created, created.Status);
        Assert.Empty(created.Json["failedSaveToVaultCertificates"]!.AsArray());
        var saved = Assert.Single(created.Json["successfulySavedCertificates"]!.AsArray())!;
        Assert.Equal(("orders", "Orders", demo.Account, "Available"), ((string?)saved["name"], (string?)saved["displayName"], (string?)saved["siteId"], (string?)saved["status"]));
        Assert.Equal(("2099-01-02T03:04:05Z", client.Thumbprint), ((string?)saved["expirationDate"], (string?)saved["thumbprint"]));
        Assert.Equal(("CN=orders", "ECDSA P-256", 1, false), ((string?)saved["subject"], (string?)saved["keyAlgorithm"], (int)saved["version"]!, (bool)saved["deleted"]!));
        Assert.True(JsonNode.DeepEquals(saved, Assert.Single((await demo.GetAsync(demo.CertificatesPath)).Json.AsArray())));
        Assert.True(JsonNode.DeepEquals(saved, (await demo.GetAsync($"{demo.CertificatesPath}/{saved["id"]}")).Json));
    }

    [Fact]
    public async Task The_download_is_the_chain_without_the_key()
    {
        var client = shared.Gateway.Pki.IssueClient(configure: options => options.FromIntermediate = true);
        var id = await demo.UploadAsync(client);

        var downloaded = await demo.GetAsync($"{demo.CertificatesPath}/{id}/download");

        Assert.Equal((HttpStatusCode.OK, "application/pem-certificate-chain"), (downloaded.Status, downloaded.Header("Content-Type")));
        X509Certificate2Collection chain = [];
        chain.ImportFromPem(downloaded.Text);
        Assert.Equal([client.Certificate, shared.Gateway.Pki.Intermediate], chain);
        Assert.DoesNotContain("PRIVATE", downloaded.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_name_is_taken_once_in_an_account_and_free_in_others_and_after_deletion()
    {
        var client = shared.Gateway.Pki.IssueClient();
        var id = await demo.UploadAsync(client, "orders");

        (await demo.UploadAsync(client.Pkcs12, "orders", client.Password)).IsProblem(HttpStatusCode.Conflict, "name-taken");
        await shared.Gateway.As($"life{Guid.NewGuid():N}").UploadAsync(client, "orders");
        Assert.Equal(HttpStatusCode.OK, (await demo.SendAsync(HttpMethod.Delete, $"{demo.CertificatesPath}/{id}")).Status);
        await demo.UploadAsync(client, "orders");
    }

    [Fact]
    public async Task A_certificate_in_use_is_not_deleted_until_its_mappings_are()
    {
        var id = await demo.UploadAsync(shared.Gateway.Pki.IssueClient());
        var mapping = await demo.MapAsync("https://used.example/", id);
        var path = $"{demo.CertificatesPath}/{id}";

        var refused = await demo.SendAsync(HttpMethod.Delete, path);

        refused.IsProblem(HttpStatusCode.Conflict, "certificate-in-use");
        Assert.Contains($"({mapping})", (string)refused.Json["detail"]!, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await demo.SendAsync(HttpMethod.Delete, $"{demo.MappingsPath}/{mapping}")).Status);
        var deleted = await demo.SendAsync(HttpMethod.Delete, path);
        Assert.Equal((HttpStatusCode.OK, true), (deleted.Status, (bool)deleted.Json["deleted"]!));
        (await demo.GetAsync(path)).IsProblem(HttpStatusCode.NotFound, "not-found");
        (await demo.GetAsync(path + "/download")).IsProblem(HttpStatusCode.NotFound, "not-found");
        (await demo.SendAsync(HttpMethod.Delete, path)).IsProblem(HttpStatusCode.NotFound, "not-found");
        Assert.Equal("[]", (await demo.GetAsync(demo.CertificatesPath)).Text);
    }

    [Fact]
    public async Task Another_accounts_certificate_does_not_exist()
    {
        var id = await demo.UploadAsync(shared.Gateway.Pki.IssueClient());
        var other = shared.Gateway.As($"life{Guid.NewGuid():N}");
        var path = $"{other.CertificatesPath}/{id}";

        (await other.GetAsync(path)).IsProblem(HttpStatusCode.NotFound, "not-found");
        (await other.GetAsync(path + "/download")).IsProblem(HttpStatusCode.NotFound, "not-found");
        (await other.SendAsync(HttpMethod.Delete, path)).IsProblem(HttpStatusCode.NotFound, "not-found");
        (await other.PostAsync(other.MappingsPath, new JsonArray(GatewayClient.Mapping("https://a.example/", id)))).IsProblem(HttpStatusCode.BadRequest, "certificate-unknown");
        Assert.Equal(HttpStatusCode.OK, (await demo.GetAsync($"{demo.CertificatesPath}/{id}")).Status);
    }

    [Fact]
    public async Task With_its_last_second_it_is_Expired()
    {
        var clock = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        await using var gateway = await TestGateway.StartAsync(azurite, configure: builder => builder.Services.AddSingleton<TimeProvider>(clock));
        var id = await gateway.As("demo").UploadAsync(gateway.Pki.IssueClient(configure: options => options.NotAfter = clock.GetUtcNow().AddMinutes(1)));
        var path = $"{gateway.As("demo").CertificatesPath}/{id}";
        Assert.Equal("Available", (string?)(await gateway.As("demo").GetAsync(path)).Json["status"]);

        clock.Advance(TimeSpan.FromMinutes(1));

        Assert.Equal("Expired", (string?)(await gateway.As("demo").GetAsync(path)).Json["status"]);
    }

    [Theory]
    [InlineData(1066, "1601-01-01T00:00:00Z")]
    [InlineData(1999, "1999-01-01T00:00:00Z")]
    public async Task A_validity_from_before_the_tables_time_and_a_subject_that_fills_the_p12_can_be_stored(int year, string notBefore)
    {
        var name = new string('n', 12_000);
        var client = shared.Gateway.Pki.IssueClient(name, options => options.NotBefore = new DateTimeOffset(year, 1, 1, 0, 0, 0, TimeSpan.Zero));

        var id = await demo.UploadAsync(client);

        var stored = (await demo.GetAsync($"{demo.CertificatesPath}/{id}")).Json;
        Assert.Equal(($"CN={name}", notBefore), ((string?)stored["subject"], (string?)stored["notBefore"]));
    }
}
