using System.Net;
using System.Text.Json.Nodes;

namespace MtlsFunctions.EndToEndTests.Compatibility;

/// <summary>The documentation's onboarding page, step by step: log in, test, upload, map, check; and its older spellings.</summary>
[Collection(nameof(CompatibleGateway))]
public sealed class OnboardingByLoginTests(CompatibleGateway compatible)
{
    private const string Account = CompatibleGateway.Account;

    [Theory]
    [InlineData("by-file", "certificate")]
    [InlineData("byFile", "body")]
    public async Task A_person_logs_in_and_onboards_a_certificate(string spelling, string updatePart)
    {
        var (bearer, hosts) = await compatible.Client.LogInAsync(CompatibleGateway.Username, compatible.Secret);
        var (gateway, configuration) = (hosts["mtlsGateway"], hosts["accountConfigReadWrite"]);
        var (first, second) = (compatible.Gateway.Pki.IssueClient("first"), compatible.Gateway.Pki.IssueClient("second"));
        var (name, url) = ($"Cert {Guid.NewGuid():N}", $"{compatible.Remote.Url}/{Guid.NewGuid():N}?customer=42");
        Task<Answer> As(HttpMethod method, string host, string path, HttpContent? content, params (string, string)[] headers) =>
            DocumentedClient.SendAsync(method, host, path, content, [("Authorization", $"Bearer {bearer}"), .. headers]);

        var tested = await As(HttpMethod.Post, gateway, $"/mtls/account/{Account}/p12-test/multipart", new MultipartFormDataContent
        {
            { new ByteArrayContent(first.Pkcs12), "file", "client.p12" },
            { new StringContent(first.Password), "password" },
        });
        Assert.Equal(HttpStatusCode.OK, tested.Status);

        var uploaded = await As(HttpMethod.Post, gateway, $"/mtls/account/{Account}/certificates/{spelling}",
            GatewayClient.UploadForm(first.Pkcs12, new JsonObject { ["name"] = name, ["password"] = first.Password }));
        Assert.Equal(HttpStatusCode.Created, uploaded.Status);
        var certificate = Assert.Single(uploaded.Json["successfulySavedCertificates"]!.AsArray())!;
        Assert.Equal((name, Account, "Available", false), ((string?)certificate["name"], (string?)certificate["siteId"], (string?)certificate["status"], (bool)certificate["deleted"]!));

        var mapped = await As(HttpMethod.Post, configuration, $"/api/account/{Account}/configuration/ac-common/mtls?v=3.0", Json(new JsonArray(new JsonObject
        {
            ["name"] = name,
            ["url"] = url,
            ["enable"] = true,
            ["serviceId"] = "1",
            ["siteId"] = Account,
            ["certificationId"] = certificate["id"]!.ToString(),
        })));
        Assert.Equal(HttpStatusCode.Created, mapped.Status);
        Assert.Equal(certificate["id"]!.ToString(), mapped.Json[0]!["certificationId"]!.GetValue<string>());

        // The onboarding page calls the account siteId and the service by its id.
        var check = await As(HttpMethod.Post, gateway, "/mtls/mapping", Json(new JsonArray(
            new JsonObject { ["serviceName"] = "IDP", ["accountId"] = Account, ["url"] = url }, new JsonObject { ["serviceName"] = "1", ["siteId"] = Account, ["url"] = url + "3" })));
        Assert.Equal(
            [
                ($"CertificateMappingParamters{{serviceName='IDP', accountId='{Account}', url='{url}'}}", true),
                ($"CertificateMappingParamters{{serviceName='IDP', accountId='{Account}', url='{url}3'}}", false),
            ],
            check.Json.AsObject().Select(answer => (answer.Key, (bool)answer.Value!)));

        Assert.Equal(first.Thumbprint, await SeenAsync());
        var updated = await As(HttpMethod.Put, gateway, $"/mtls/account/{Account}/certificates/{spelling}", new MultipartFormDataContent
        {
            { new ByteArrayContent(second.Pkcs12), "file", "client.p12" },
            { new StringContent(new JsonObject { ["id"] = certificate["id"]!.DeepClone(), ["name"] = name, ["password"] = second.Password }.ToJsonString()), updatePart },
        });
        Assert.Equal(HttpStatusCode.OK, updated.Status);
        Assert.Equal(second.Thumbprint, await SeenAsync());

        async Task<string?> SeenAsync()
        {
            var answer = await As(HttpMethod.Get, gateway, $"/mtls/account/{Account}", null, ("LP-forward-url", url), ("LP-service-name", "IDP"));
            return (string?)answer.Json["thumbprint"];
        }
    }

    private static StringContent Json(JsonNode body) => new(body.ToJsonString(), null, "application/json");
}
