using System.Net;
using System.Net.Http;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using Azure.Core;
using MtlsFunctions.Shared;

namespace MtlsFunctions.Tests.CertificateVaults.KeyVault;

/// <summary>The imitation is held to what recordings of the service show (published with the SDK), so that it doesn't drift to our liking.</summary>
public sealed class KeyVaultServerTests : IAsyncLifetime
{
    private const string Version = "?api-version=7.4";
    private const string Certificate = "attributes cer id kid policy sid x5t";
    private const string Attributes = "created enabled exp nbf recoverableDays recoveryLevel updated";

    private KeyVaultServer? server;
    private HttpClient? http;

    public async ValueTask InitializeAsync()
    {
        server = await KeyVaultServer.StartAsync();
        http = new HttpClient(server.CreateHandler()) { BaseAddress = server.Uri };
        var token = server.Identity.GetToken(new TokenRequestContext(["https://vault.azure.net/.default"], tenantId: KeyVaultIdentity.Tenant), default);
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token.Token);
    }

    public async ValueTask DisposeAsync()
    {
        http?.Dispose();
        if (server is not null)
            await server.DisposeAsync();
    }

    [Fact]
    public async Task Without_a_token_there_is_a_challenge()
    {
        http!.DefaultRequestHeaders.Authorization = null;

        using var answer = await http.PostAsync("certificates/a/import" + Version, null, TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        var challenge = answer.Headers.WwwAuthenticate.Single();
        Assert.Equal("Bearer", challenge.Scheme);
        Assert.Matches("^authorization=\"https://login.windows.net/[0-9a-f-]{36}\", resource=\"https://vault.azure.net\"$", challenge.Parameter!);
        await HasErrorAsync(answer, "Unauthorized", inner: null);
    }

    [Fact]
    public async Task An_import_answers_with_the_whole_certificate()
    {
        var imported = await ImportAsync("a");

        Assert.Equal(Certificate, Names(imported));
        Assert.Equal(Attributes, Names(imported["attributes"]!));
        Assert.Equal("attributes id issuer key_props lifetime_actions secret_props x509_props", Names(imported["policy"]!));
        Assert.Equal("basic_constraints ekus key_usage subject validity_months", Names(imported["policy"]!["x509_props"]!));
        foreach (var (property, kind) in new[] { ("id", "certificates"), ("kid", "keys"), ("sid", "secrets") })
            Assert.Matches($"^{server!.Uri}{kind}/a/[0-9a-f]{{32}}$", (string)imported[property]!);
    }

    [Fact]
    public async Task A_secret_belongs_to_its_certificate()
    {
        var secret = await GetAsync(new Uri((string)(await ImportAsync("a"))["sid"]!).AbsolutePath);

        Assert.Equal("attributes contentType id kid managed value", Names(secret));
        Assert.Equal((true, "application/x-pkcs12"), ((bool)secret["managed"]!, (string)secret["contentType"]!));
    }

    [Fact]
    public async Task Lists_of_versions_are_empty_for_nobody_and_paged_for_many()
    {
        server!.PageSize = 1;
        Assert.Equal("""{"value":[],"nextLink":null}""", (await GetAsync("certificates/a/versions")).ToJsonString());
        await ImportAsync("a");
        await ImportAsync("a");

        var first = await GetAsync("certificates/a/versions");
        var second = JsonNode.Parse(await http!.GetStringAsync((string)first["nextLink"]!, TestContext.Current.CancellationToken))!;

        Assert.Equal("attributes id subject x5t", Names(first["value"]!.AsArray().Single()!));
        Assert.Null(second["nextLink"]);
        Assert.NotEqual((string)first["value"]![0]!["id"]!, (string)second["value"]![0]!["id"]!);
    }

    [Fact]
    public async Task A_deleted_name_is_reserved_until_it_is_recovered()
    {
        await ImportAsync("a");

        using var deleted = await http!.DeleteAsync("certificates/a" + Version, TestContext.Current.CancellationToken);
        Assert.Equal($"attributes cer deletedDate id kid policy recoveryId scheduledPurgeDate sid x5t", Names((await JsonAsync(deleted))!));
        using (var reserved = await SendImportAsync("A"))
            await HasErrorAsync(reserved, "Conflict", "ObjectIsDeletedButRecoverable", HttpStatusCode.Conflict);
        using (var gone = await http.GetAsync("secrets/a/" + Guid.NewGuid().ToString("N") + Version, TestContext.Current.CancellationToken))
            await HasErrorAsync(gone, "SecretNotFound", inner: null, HttpStatusCode.NotFound);
        using var recovered = await http.PostAsync("deletedcertificates/a/recover" + Version, null, TestContext.Current.CancellationToken);
        Assert.Equal(Certificate, Names((await JsonAsync(recovered))!));
        using (var busy = await SendImportAsync("a"))
            await HasErrorAsync(busy, "Conflict", "ObjectIsBeingRecovered", HttpStatusCode.Conflict);
        await ImportAsync("a");
    }

    [Theory]
    [InlineData(true, HttpStatusCode.Forbidden)]
    [InlineData(false, HttpStatusCode.NoContent)]
    public async Task Purge_protection_forbids_to_purge(bool isProtected, HttpStatusCode expected)
    {
        server!.Rights.Add("certificates/purge/action");
        server.PurgeProtection = isProtected;
        await ImportAsync("a");
        (await http!.DeleteAsync("certificates/a" + Version, TestContext.Current.CancellationToken)).Dispose();

        using var purged = await http.DeleteAsync("deletedcertificates/a" + Version, TestContext.Current.CancellationToken);

        Assert.Equal(expected, purged.StatusCode);
    }

    [Theory]
    [InlineData("certificates/a_b/versions", "BadParameter", HttpStatusCode.BadRequest)]
    [InlineData("secrets/a/b", "SecretNotFound", HttpStatusCode.NotFound)]
    public async Task Errors_are_worded_as_the_service_does(string path, string code, HttpStatusCode status)
    {
        using var answer = await http!.GetAsync(path + Version, TestContext.Current.CancellationToken);

        await HasErrorAsync(answer, code, inner: null, status);
    }

    [Fact]
    public async Task A_p12_under_AES_is_not_read()
    {
        using var answer = await SendImportAsync("a", Pkcs12ExportPbeParameters.Pbes2Aes256Sha256);

        await HasErrorAsync(answer, "BadParameter", inner: null, HttpStatusCode.BadRequest);
    }

    private async Task<JsonNode> ImportAsync(string name)
    {
        using var answer = await SendImportAsync(name);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return (await JsonAsync(answer))!;
    }

    private Task<HttpResponseMessage> SendImportAsync(
        string name, Pkcs12ExportPbeParameters encryption = Pkcs12ExportPbeParameters.Pkcs12TripleDesSha1) =>
        http!.PostAsJsonAsync($"certificates//{name}/import{Version}", new JsonObject
        {
            ["value"] = Convert.ToBase64String(new TestPki().IssueClient().Certificate.ExportPkcs12(encryption, "password")),
            ["pwd"] = "password",
        }, TestContext.Current.CancellationToken);

    private async Task<JsonNode> GetAsync(string path) => JsonNode.Parse(await http!.GetStringAsync(path + Version, TestContext.Current.CancellationToken))!;

    private static Task<JsonNode?> JsonAsync(HttpResponseMessage answer) => answer.Content.ReadFromJsonAsync<JsonNode>(TestContext.Current.CancellationToken);

    private static async Task HasErrorAsync(HttpResponseMessage answer, string code, string? inner, HttpStatusCode? status = null)
    {
        Assert.Equal(status ?? answer.StatusCode, answer.StatusCode);
        var error = (await JsonAsync(answer))!["error"]!;
        Assert.Equal(inner is null ? "code message" : "code innererror message", Names(error));
        Assert.Equal((code, inner), ((string)error["code"]!, (string?)error["innererror"]?["code"]));
    }

    private static string Names(JsonNode node) => string.Join(' ', node.AsObject().Select(property => property.Key).Order(StringComparer.Ordinal));
}
