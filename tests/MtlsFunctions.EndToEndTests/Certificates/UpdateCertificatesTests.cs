using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Moq;
using MtlsFunctions.CertificateVaults;
using MtlsFunctions.Shared;

namespace MtlsFunctions.EndToEndTests.Certificates;

/// <summary>Update by file and as JSON, create as JSON.</summary>
public sealed class UpdateCertificatesTests(AzuriteFixture azurite)
{
    [Theory]
    [InlineData("by-file", "certificate")]
    [InlineData("byFile", "body")]
    public async Task An_update_keeps_the_id_and_mappings_follow_it(string spelling, string part)
    {
        await using var gateway = await TestGateway.StartAsync(azurite);
        await using var remote = await MtlsServer.StartAsync(gateway.Pki);
        var demo = gateway.As("demo");
        var (before, after) = (gateway.Pki.IssueClient("before"), gateway.Pki.IssueClient("after"));
        var id = await demo.UploadAsync(before, "name");
        await demo.MapAsync(remote.Url, id);
        Assert.Equal(before.Thumbprint, (string?)(await demo.ForwardAsync(HttpMethod.Get, remote.Url)).Json["thumbprint"]);

        var updated = await demo.SendAsync(HttpMethod.Put, $"{demo.CertificatesPath}/{spelling}", new MultipartFormDataContent
        {
            { new ByteArrayContent(after.Pkcs12), "file", "after.p12" },
            { new StringContent(new JsonObject { ["id"] = id, ["name"] = "renamed", ["password"] = after.Password }.ToJsonString()), part },
        });

        Assert.Equal(HttpStatusCode.OK, updated.Status);
        var saved = updated.Json["successfulySavedCertificates"]![0]!;
        Assert.Equal((id, "renamed", 2, after.Thumbprint), ((long)saved["id"]!, (string?)saved["name"], (int)saved["version"]!, (string?)saved["thumbprint"]));
        Assert.Equal(after.Thumbprint, (string?)(await demo.ForwardAsync(HttpMethod.Get, remote.Url)).Json["thumbprint"]);
        // The old name is free again.
        await demo.UploadAsync(before, "name");
    }

    [Fact]
    public async Task A_refused_update_leaves_the_old_certificate_in_use()
    {
        await using var gateway = await TestGateway.StartAsync(azurite);
        var demo = gateway.As("demo");
        var client = gateway.Pki.IssueClient();
        var id = await demo.UploadAsync(client, "name");
        await demo.UploadAsync(gateway.Pki.IssueClient(), "taken");
        var untouched = (await demo.GetAsync($"{demo.CertificatesPath}/{id}")).Text;

        (await UpdateAsync(demo, Item(id, "name", client.Pkcs12, "wrong"))).IsProblem(HttpStatusCode.BadRequest, "p12-wrong-password");
        (await UpdateAsync(demo, Item(id, "taken", client.Pkcs12, client.Password))).IsProblem(HttpStatusCode.Conflict, "name-taken");
        (await UpdateAsync(demo, Item(1, "other", client.Pkcs12, client.Password))).IsProblem(HttpStatusCode.NotFound, "not-found");
        (await UpdateAsync(demo, Item(null, "other", client.Pkcs12, client.Password))).IsProblem(HttpStatusCode.BadRequest, "request-invalid");
        (await UpdateAsync(gateway.As("other"), Item(id, "other", client.Pkcs12, client.Password))).IsProblem(HttpStatusCode.NotFound, "not-found");
        Assert.Equal(untouched, (await demo.GetAsync($"{demo.CertificatesPath}/{id}")).Text);
    }

    [Fact]
    public async Task When_the_vault_fails_the_stored_version_stays_available_and_in_use()
    {
        var vault = new Mock<ICertificateVault>();
        vault.Setup(one => one.StoreAsync(It.IsAny<VaultEntry>(), It.IsAny<ReadOnlyMemory<byte>>(), It.IsAny<CancellationToken>())).ReturnsAsync("1");
        await using var gateway = await TestGateway.StartAsync(azurite, configure: builder => builder.Services.AddSingleton(vault.Object));
        var demo = gateway.As("demo");
        var client = gateway.Pki.IssueClient();
        var id = await demo.UploadAsync(client, "name");
        vault.Setup(one => one.StoreAsync(It.IsAny<VaultEntry>(), It.IsAny<ReadOnlyMemory<byte>>(), It.IsAny<CancellationToken>()))
            .ReturnsAsync(new Failure(FailureKind.VaultUnavailable, "down"));

        var other = gateway.Pki.IssueClient();
        var updated = await UpdateAsync(demo, Item(id, "name", other.Pkcs12, other.Password));

        Assert.Equal(HttpStatusCode.OK, updated.Status);
        Assert.Empty(updated.Json["successfulySavedCertificates"]!.AsArray());
        Assert.Equal(id, (long)updated.Json["failedSaveToVaultCertificates"]![0]!["id"]!);
        var stored = (await demo.GetAsync($"{demo.CertificatesPath}/{id}")).Json;
        Assert.Equal(("Available", 1, client.Thumbprint), ((string?)stored["status"], (int)stored["version"]!, (string?)stored["thumbprint"]));
    }

    public static TheoryData<string, Func<TestClient, JsonNode>> Encodings => new()
    {
        { "signed", client => new JsonArray([.. client.SignedBytes.Select(number => JsonValue.Create(number))]) },
        { "unsigned", client => new JsonArray([.. client.Pkcs12.Select(number => JsonValue.Create((int)number))]) },
        { "base64", client => JsonValue.Create(Convert.ToBase64String(client.Pkcs12))! },
    };

    [Theory]
    [MemberData(nameof(Encodings), DisableDiscoveryEnumeration = true)]
    public async Task A_p12_comes_as_JSON_in_three_encodings(string name, Func<TestClient, JsonNode> encode)
    {
        await using var gateway = await TestGateway.StartAsync(azurite);
        var demo = gateway.As("demo");
        var client = gateway.Pki.IssueClient();
        var created = await demo.PostAsync(demo.CertificatesPath, new JsonArray(new JsonObject { ["name"] = name, ["p12"] = encode(client), ["password"] = client.Password }));
        Assert.Equal(HttpStatusCode.Created, created.Status);
        Assert.Equal(client.Thumbprint, (string?)created.Json["successfulySavedCertificates"]![0]!["thumbprint"]);
    }

    [Theory]
    [InlineData("""[]""", "request-invalid")]
    [InlineData("""[null]""", "request-invalid")]
    [InlineData("""[{"name":"n","password":"p"}]""", "request-invalid")]
    [InlineData("""[{"name":"n","p12":[256],"password":"p"}]""", "request-invalid")]
    [InlineData("""[{"name":"n","p12":[-129],"password":"p"}]""", "request-invalid")]
    [InlineData("""[{"name":"n","p12":"not base64!","password":"p"}]""", "request-invalid")]
    [InlineData("""[{"name":"n","p12":[1.5],"password":"p"}]""", "request-invalid")]
    [InlineData("""[{"name":"n","p12":{},"password":"p"}]""", "request-invalid")]
    [InlineData("""[{"name":"n","p12":[1,2,3],"password":"p"}]""", "p12-unreadable")]
    [InlineData("""[{"name":"n","p12":[],"password":"p"}]""", "p12-unreadable")]
    [InlineData("""[{},{},{},{},{},{},{},{},{},{},{}]""", "too-many-items")]
    public async Task Broken_JSON_uploads_are_refused(string body, string type)
    {
        await using var gateway = await TestGateway.StartAsync(azurite);
        var demo = gateway.As("demo");
        (await demo.PostRawAsync(demo.CertificatesPath, body)).IsProblem(HttpStatusCode.BadRequest, type);
        Assert.Empty((await demo.GetAsync(demo.CertificatesPath)).Json.AsArray());
    }

    [Fact]
    public async Task One_bad_p12_stops_the_whole_request_and_is_named_by_its_index()
    {
        await using var gateway = await TestGateway.StartAsync(azurite);
        var demo = gateway.As("demo");
        var client = gateway.Pki.IssueClient();
        var answer = await demo.PostAsync(demo.CertificatesPath, new JsonArray(
            Item(null, "good", client.Pkcs12, client.Password), Item(null, "bad", client.Pkcs12, "wrong")));
        answer.IsProblem(HttpStatusCode.BadRequest, "p12-wrong-password");
        Assert.Equal(1, (int)answer.Json["index"]!);
        (await demo.PostAsync(demo.CertificatesPath, new JsonArray(
            Item(null, "same", client.Pkcs12, client.Password), Item(null, "same", client.Pkcs12, client.Password)))).IsProblem(HttpStatusCode.Conflict, "name-taken");
        Assert.Empty((await demo.GetAsync(demo.CertificatesPath)).Json.AsArray());
    }

    private static JsonObject Item(long? id, string name, byte[] pkcs12, string password)
    {
        var item = new JsonObject { ["name"] = name, ["p12"] = Convert.ToBase64String(pkcs12), ["password"] = password };
        if (id is not null)
            item["id"] = id;
        return item;
    }

    private static Task<Answer> UpdateAsync(GatewayClient client, JsonObject item) =>
        client.SendAsync(HttpMethod.Put, client.CertificatesPath, JsonContent.Create(new JsonArray(item)));
}
