using System.Collections.Immutable;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using MtlsFunctions.Shared;

namespace MtlsFunctions.EndToEndTests.Contract;

/// <summary>One request to a method of the document, in parts that can be spoilt one by one.</summary>
public sealed record ApiCall(ApiOperation Operation)
{
    /// <summary>Values of the path's parameters.</summary>
    public ImmutableDictionary<string, string> Values { get; init; } = ImmutableDictionary<string, string>.Empty.Add("accountId", ContractGateways.Account);

    /// <summary>With its question mark.</summary>
    public string Query { get; init; } = "";

    public ImmutableDictionary<string, string> Headers { get; init; } = ImmutableDictionary<string, string>.Empty;

    public JsonNode? Json { get; init; }

    public ImmutableDictionary<string, string>? Form { get; init; }

    /// <summary>Parts <c>file</c> and, unless there is a <see cref="Description"/>, <c>password</c>.</summary>
    public TestClient? Pkcs12 { get; init; }

    /// <summary>The part <c>certificate</c>.</summary>
    public JsonNode? Description { get; init; }

    /// <summary>The tester's part of that name.</summary>
    public string? TrustedCa { get; init; }

    /// <summary>In the place of the description.</summary>
    public byte[]? RawDescription { get; init; }

    /// <summary>In the place of any other body.</summary>
    public byte[]? Raw { get; init; }

    /// <summary>Default: the gateway where everything works.</summary>
    public TestGateway? To { get; init; }

    /// <summary>The Authorization header. Default: a token that may do everything; none where none is needed.</summary>
    public Func<TestGateway, HttpMethod, string, string?> Authorize { get; init; } =
        Operation.IsOpen ? (_, _, _) => null : (gateway, _, _) => $"Bearer {gateway.Issuer.Token(ContractGateways.Account, "MTLS_WRITE_INTERNAL")}";

    /// <summary>How often it is sent, until the answer is the expected one.</summary>
    public int Tries { get; init; } = 1;

    public string Path => Values.Aggregate(Operation.Path, (path, value) => path.Replace($"{{{value.Key}}}", value.Value, StringComparison.Ordinal)) + Query;

    public ApiCall With(string parameter, object value) => this with { Values = Values.SetItem(parameter, $"{value}") };

    public ApiCall WithHeader(string name, string value) => this with { Headers = Headers.SetItem(name, value) };

    /// <summary>Changes the object, the first item of the array, or the description of the file.</summary>
    public ApiCall Edit(Action<JsonObject> change)
    {
        var (json, description) = (Json?.DeepClone(), Description?.DeepClone());
        change((json is JsonArray array ? array[0]! : json ?? description)!.AsObject());
        return this with { Json = json, Description = description };
    }

    /// <summary>Puts this p12 with its password wherever this call has one.</summary>
    public ApiCall WithPkcs12(TestClient client) => Json is null
        ? (Description is null ? this : Edit(item => item["password"] = client.Password)) with { Pkcs12 = client }
        : Edit(item => (item["p12"], item["password"]) = (Convert.ToBase64String(client.Pkcs12), client.Password));

    public async Task<Answer> SendAsync(TestGateway usual, Func<Answer, bool> isExpected)
    {
        var gateway = To ?? usual;
        var client = new GatewayClient(gateway.Url, ContractGateways.Account, (method, url) => Authorize(gateway, method, url));
        for (var attempt = 1; ; attempt++)
        {
            var answer = await client.SendAsync(new HttpMethod(Operation.Method), Path, Content(), [.. Headers.Select(header => (header.Key, header.Value))]);
            if (attempt >= Tries || isExpected(answer))
                return answer;
        }
    }

    private HttpContent? Content()
    {
        var content = Json is not null ? JsonContent.Create(Json)
            : Form is not null ? new FormUrlEncodedContent(Form)
            : Pkcs12 is not null ? Multipart(Pkcs12)
            : (HttpContent?)null;
        return Raw is null ? content : new ByteArrayContent(Raw) { Headers = { ContentType = content?.Headers.ContentType ?? new MediaTypeHeaderValue("text/plain") } };
    }

    private MultipartFormDataContent Multipart(TestClient client) => TrustedCa is not null
        ? new() { { new ByteArrayContent(client.Pkcs12), "file", "client.p12" }, { new StringContent(client.Password), "password" }, { new StringContent(TrustedCa), "trustedCa" } }
        : Description is null
        ? new() { { new ByteArrayContent(client.Pkcs12), "file", "client.p12" }, { new StringContent(client.Password), "password" } }
        : RawDescription is null ? GatewayClient.UploadForm(client.Pkcs12, Description)
        : new() { { new ByteArrayContent(client.Pkcs12), "file", "client.p12" }, { new ByteArrayContent(RawDescription), "certificate" } };
}
