using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Text.Json.Nodes;
using MtlsFunctions.SelfService;
using MtlsFunctions.Shared;

namespace MtlsFunctions.EndToEndTests.Contract;

/// <summary>For every documented answer that isn't a problem: calls that get it, with all that they need prepared.</summary>
public sealed class GoodCalls(ApiDocument document, ContractGateways gateways)
{
    private readonly ConcurrentDictionary<string, Task<ApiCall>> spoilt = new();

    /// <param name="answer">As <see cref="ApiOperation.Answers"/> names it.</param>
    public async Task<IReadOnlyList<ApiCall>> ForAsync(string answer)
    {
        var (operation, status) = (document.Operation(answer.Split(' ')[0]), answer.Split(' ')[1]);
        var call = new ApiCall(operation);
        return status == "304" ? [(await OnlyAsync(call)).WithHeader("If-None-Match", "*")] : operation.Id.StartsWith("Forward", StringComparison.Ordinal) ? [await ForwardAsync(call)] : (operation.Id, status) switch
        {
            ("CheckMappings", _) => [CheckWithAccount(call), CheckWithAccount(call) with { Query = "?v=2" }],
            ("GetHealthDetails" or "GetReadiness", "503") => [call with { To = gateways.WithoutTable }],
            ("TestPkcs12", "default") => [(call with { Pkcs12 = Issue() }).WithHeader("LP-forward-url", gateways.Remote.Url)],
            _ => [await OnlyAsync(call)],
        };
    }

    /// <summary>One that would succeed, to be spoilt: as often as wanted, since what is spoilt changes nothing.</summary>
    public Task<ApiCall> ToSpoilAsync(ApiOperation operation) => spoilt.GetOrAdd(operation.Id, async _ => (await ForAsync(operation.Answers.First()))[0]);

    private async Task<ApiCall> OnlyAsync(ApiCall call)
    {
        switch (call.Operation.Id)
        {
            case "GetOpenApi" or "ListBaseUris" or "GetHealth" or "GetHealthDetails" or "GetReadiness" or "GetConsole" or "GetConsoleSettings" or "ReadAudit" or "GetSigningKeys" or "ListAppKeys"
                or "ListCertificates" or "ListExpiringCertificates" or "ListMappings":
                return call;
            case "GetConsoleAsset":
                return call.With("version", gateways.Usual.Service<ConsoleAssets>().Version).With("asset", "main.js");
            case "GetBaseUri":
                return call.With("serviceName", "mtlsGateway");
            case "Login":
                return call with { Json = new JsonObject { ["username"] = ContractGateways.LoginName, ["password"] = gateways.Password } };
            case "RefreshLogin":
                var token = await gateways.LogInAsync();
                return call with { Authorize = (_, _, _) => $"Bearer {token}" };
            case "IssueToken" or "IssueTokenOlderPath":
                return call with { Form = Credentials };
            case "CreateAppKey":
                return call with { Json = new JsonObject { ["name"] = Name(), ["permissions"] = new JsonArray("MTLS_FORWARD"), ["expires"] = "2199-01-31T00:00:00Z" } };
            case "DeleteAppKey":
                return call.With("appKeyId", (await gateways.Demo.CreateAppKeyAsync("MTLS_FORWARD")).Id);
            case "TestPkcs12":
                return call with { Pkcs12 = Issue() };
            case "CreateCertificateByFile" or "CreateCertificateByFileOlderSpelling":
                return (call with { Description = new JsonObject { ["name"] = Name() } }).WithPkcs12(Issue());
            case "UpdateCertificateByFile" or "UpdateCertificateByFileOlderSpelling":
                return (call with { Description = new JsonObject { ["id"] = await UploadAsync(), ["name"] = Name() } }).WithPkcs12(Issue());
            case "CreateCertificates":
                return (call with { Json = new JsonArray(new JsonObject { ["name"] = Name() }) }).WithPkcs12(Issue());
            case "UpdateCertificates":
                return (call with { Json = new JsonArray(new JsonObject { ["id"] = await UploadAsync(), ["name"] = Name() }) }).WithPkcs12(Issue());
            case "RollbackCertificate":
                return call.With("certificateId", await UploadAsync()).With("version", 1);
            case "GetCertificate" or "DeleteCertificate" or "DownloadCertificate" or "ListCertificateVersions" or "DisableCertificate" or "EnableCertificate":
                return call.With("certificateId", await UploadAsync());
            case "ActivateCertificate":
                return call.With("certificateId", await UploadAsync()) with { Query = "?isValidateUrlEnabled=true", Json = ServiceUrl(gateways.Remote.Url + Path()) };
            case "CreateMappings":
                var trusting = GatewayClient.Mapping(Url(), await UploadAsync());
                trusting["trustedCa"] = gateways.Usual.Pki.RootPem;
                return call with { Json = new JsonArray(GatewayClient.Mapping(Url(), await UploadAsync()), trusting) };
            case "UpdateMappings":
                return call with { Json = new JsonArray(await MappingAsync()) };
            case "UpdateMapping":
                var mapping = await MappingAsync();
                call = call.With("mappingId", mapping["id"]!) with { Json = mapping };
                return call.Edit(item => item.Remove("id"));
            case "GetMapping" or "DeleteMappings":
                return call.With("mappingId", (await MappingAsync())["id"]!);
            case "Explain":
                return call with { Json = ServiceUrl(ContractGateways.TakenUrl) };
            case "CheckServiceUrlMappings":
                return call with { Json = new JsonArray(ServiceUrl(Url())) };
            default:
                throw new InvalidOperationException($"{call.Operation} is new: say here how to call it.");
        }
    }

    private async Task<ApiCall> ForwardAsync(ApiCall call)
    {
        var url = gateways.Remote.Url + Path();
        await gateways.MapAsync(url, await UploadAsync());
        return call.WithHeader("LP-forward-url", url).WithHeader("LP-service-name", "WEBHOOKS").WithHeader("LP-stop-if-certificate-not-found", "true");
    }

    private static ApiCall CheckWithAccount(ApiCall call)
    {
        var triplet = ServiceUrl(Url());
        triplet["accountId"] = ContractGateways.Account;
        return call with { Json = new JsonArray(triplet) };
    }

    private async Task<JsonObject> MappingAsync()
    {
        var certificate = await UploadAsync();
        var mapping = GatewayClient.Mapping(Url(), certificate);
        mapping["id"] = await gateways.MapAsync((string)mapping["url"]!, certificate, (string)mapping["name"]!);
        return mapping;
    }

    private Task<long> UploadAsync() => gateways.Demo.UploadAsync(Issue());

    private TestClient Issue() => gateways.Usual.Pki.IssueClient();

    private ImmutableDictionary<string, string> Credentials => ImmutableDictionary<string, string>.Empty
        .Add("client_id", ContractGateways.ClientId).Add("client_secret", gateways.Password).Add("grant_type", "client_credentials");

    private static JsonObject ServiceUrl(string url) => new() { ["serviceName"] = "WEBHOOKS", ["url"] = url };

    private static string Name() => $"name {Guid.NewGuid():N}";

    private static string Path() => $"/{Guid.NewGuid():N}";

    private static string Url() => "https://remote.example" + Path();
}
