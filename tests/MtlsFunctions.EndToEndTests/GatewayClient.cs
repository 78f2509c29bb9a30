using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using MtlsFunctions.Shared;

namespace MtlsFunctions.EndToEndTests;

/// <summary>Calls the gateway as one account, over HTTP, with nothing but what the documentation says.</summary>
public sealed class GatewayClient(string gateway, string account, Func<HttpMethod, string, string?> authorize)
{
    public GatewayClient(string gateway, string account, string? token)
        : this(gateway, account, (_, _) => token is null ? null : $"Bearer {token}")
    {
    }

    // One for all: the tests run side by side, and the requests carry everything that differs.
    private static readonly HttpClient Http = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false });

    public string Account => account;

    public string ForwardPath => $"/mtls/account/{account}";

    public string CertificatesPath => $"/mtls/account/{account}/certificates";

    public string MappingsPath => $"/api/account/{account}/configuration/ac-common/mtls";

    /// <summary>The same account with an app key, whose requests an independent library signs.</summary>
    public GatewayClient With(AppKey key) => new(gateway, account, key.Sign);

    /// <summary>The same account and credentials at another gateway.</summary>
    public GatewayClient At(TestGateway other) => new(other.Url, account, authorize);

    public async Task<Answer> SendAsync(HttpMethod method, string path, HttpContent? content = null, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, gateway + path) { Content = content };
        if (authorize(method, gateway + path) is { } authorization)
            request.Headers.TryAddWithoutValidation("Authorization", authorization);
        foreach (var (name, value) in headers)
            request.Headers.TryAddWithoutValidation(name, value);
        using var response = await Http.SendAsync(request, TestContext.Current.CancellationToken);
        return await Answer.OfAsync(response);
    }

    public Task<Answer> GetAsync(string path) => SendAsync(HttpMethod.Get, path);

    public Task<Answer> PostAsync(string path, JsonNode body) => SendAsync(HttpMethod.Post, path, JsonContent.Create(body));

    public Task<Answer> PostRawAsync(string path, string json) => SendAsync(HttpMethod.Post, path, new StringContent(json, Encoding.UTF8, "application/json"));

    public Task<Answer> TestAsync(byte[] pkcs12, string password) => SendAsync(
        HttpMethod.Post, $"/mtls/account/{account}/p12-test/multipart", TestForm(pkcs12, password));

    public static MultipartFormDataContent TestForm(byte[] pkcs12, string password) =>
        new() { { new ByteArrayContent(pkcs12), "file", "c.p12" }, { new StringContent(password), "password" } };

    public Task<Answer> UploadAsync(byte[] pkcs12, string name, string password) => SendAsync(
        HttpMethod.Post, CertificatesPath + "/by-file", UploadForm(pkcs12, new JsonObject { ["name"] = name, ["password"] = password }));

    public static MultipartFormDataContent UploadForm(byte[] pkcs12, JsonNode certificate) => new()
    {
        { new ByteArrayContent(pkcs12), "file", "client.p12" },
        { new StringContent(certificate.ToJsonString()), "certificate" },
    };

    /// <returns>The new certificate's id; fails the test when the upload doesn't succeed.</returns>
    public async Task<long> UploadAsync(TestClient client, string? name = null)
    {
        var answer = await UploadAsync(client.Pkcs12, name ?? $"certificate {Guid.NewGuid():N}", client.Password);
        Assert.Equal(HttpStatusCode.Created, answer.Status);
        return (long)answer.Json["successfulySavedCertificates"]![0]!["id"]!;
    }

    /// <summary>Replaces the p12 of a certificate, as JSON.</summary>
    /// <param name="password">Default: the one that opens it.</param>
    public Task<Answer> UpdateAsync(long id, TestClient client, string? password = null, string name = "name") => SendAsync(HttpMethod.Put, CertificatesPath, JsonContent.Create(new JsonArray(new JsonObject
    {
        ["id"] = id,
        ["name"] = name,
        ["p12"] = Convert.ToBase64String(client.Pkcs12),
        ["password"] = password ?? client.Password,
    })));

    /// <returns>Whether a forward of WEBHOOKS to that URL would present a certificate, as the check says.</returns>
    public async Task<bool> ExistsAsync(string url) => (bool)(await PostAsync(
        $"/api/account/{account}/checks/serviceUrlMappings", new JsonArray(new JsonObject { ["serviceName"] = "WEBHOOKS", ["url"] = url }))).Json[0]!["exist"]!;

    public static JsonObject Mapping(string url, long certificateId, string service = "2", string? name = null) => new()
    {
        ["name"] = name ?? $"mapping {Guid.NewGuid():N}",
        ["url"] = url,
        ["serviceId"] = service,
        ["enable"] = true,
        ["certificationId"] = certificateId.ToString(System.Globalization.CultureInfo.InvariantCulture),
    };

    /// <returns>The new mapping's id; fails the test when it isn't created.</returns>
    public async Task<long> MapAsync(string url, long certificateId, string service = "2")
    {
        var answer = await PostAsync(MappingsPath, new JsonArray(Mapping(url, certificateId, service)));
        Assert.Equal(HttpStatusCode.Created, answer.Status);
        return (long)answer.Json[0]!["id"]!;
    }

    /// <returns>A new app key; fails the test when it isn't created.</returns>
    public async Task<AppKey> CreateAppKeyAsync(params string[] permissions)
    {
        var answer = await PostAsync($"/mtls/account/{account}/app-keys", new JsonObject
        {
            ["name"] = $"key {Guid.NewGuid():N}",
            ["permissions"] = new JsonArray([.. permissions.Select(name => JsonValue.Create(name))]),
        });
        Assert.Equal(HttpStatusCode.Created, answer.Status);
        return AppKey.Of(answer.Json);
    }

    public Task<Answer> ForwardAsync(HttpMethod method, string url, string? service = "WEBHOOKS", HttpContent? content = null, params (string, string)[] headers) =>
        SendAsync(method, ForwardPath, content, [("LP-forward-url", url), .. service is null ? [] : new[] { ("LP-service-name", service) }, .. headers]);
}

/// <summary>What came back.</summary>
public sealed record Answer(HttpStatusCode Status, IReadOnlyDictionary<string, string> Headers, byte[] Body)
{
    private const string TypePrefix = "urn:mtlsfunctions:problem:";

    public static async Task<Answer> OfAsync(HttpResponseMessage response)
    {
        var all = response.Headers.Concat(response.Content.Headers)
            .ToDictionary(header => header.Key, header => string.Join(", ", header.Value), StringComparer.OrdinalIgnoreCase);
        return new Answer(response.StatusCode, all, await response.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken));
    }

    public string Text => Encoding.UTF8.GetString(Body);

    public JsonNode Json => JsonNode.Parse(Body)!;

    /// <summary>The type of a problem, without what all of them begin with; null for anything else.</summary>
    public string? ProblemType => ((string?)Json["type"])?.Replace(TypePrefix, "", StringComparison.Ordinal);

    public string? Header(string name) => Headers.GetValueOrDefault(name);

    /// <summary>Fails the test unless this is a whole problem answer of that type and status.</summary>
    public void IsProblem(HttpStatusCode status, string type)
    {
        Assert.Equal((status, "application/problem+json"), (Status, Header("Content-Type")));
        Assert.Equal(TypePrefix + type, (string?)Json["type"]);
        Assert.Equal((int)status, (int)Json["status"]!);
        Assert.All(["title", "detail", "traceId"], member => Assert.NotEmpty((string)Json[member]!));
    }
}
