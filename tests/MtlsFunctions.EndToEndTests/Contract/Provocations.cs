using System.Globalization;
using System.Text.Json.Nodes;
using MtlsFunctions.Shared;

namespace MtlsFunctions.EndToEndTests.Contract;

/// <summary>For every documented problem: what to spoil in a good call, so that its answer is that problem.</summary>
public sealed class Provocations(ContractGateways gateways, RefusingListener nobody)
{
    private static readonly string[] Items = ["serviceName", "serviceId"];

    /// <summary>One of each kind of problem; BadPkcs12 has them all.</summary>
    private static readonly Dictionary<string, string> BadPkcs12Kinds = new()
    {
        ["p12-unreadable"] = "text",
        ["p12-wrong-password"] = "wrong password",
        ["p12-key-derivation-too-costly"] = "bomb in the MAC",
        ["p12-without-private-key"] = "without private key",
        ["p12-several-keys"] = "two keys",
        ["p12-key-mismatch"] = "key without certificate",
        ["p12-key-weak"] = "RSA 1024",
        ["p12-key-unsupported"] = "secp256k1",
        ["p12-expired"] = "expired",
        ["p12-not-yet-valid"] = "not yet valid",
        ["p12-too-large"] = "one byte too large",
    };

    /// <summary>What no request alone can provoke.</summary>
    public static readonly IReadOnlyDictionary<string, string> Unprovoked = new Dictionary<string, string>
    {
        ["quota-exceeded"] = "it takes an account that is full",
        ["conflict"] = "five tries long somebody else must be faster",
        ["busy"] = "it takes many requests at once",
        ["internal GetOpenApi"] = "it calls nothing that could fail",
        ["internal ListBaseUris"] = "it calls nothing that could fail",
        ["internal GetBaseUri"] = "it calls nothing that could fail",
        ["internal GetSigningKeys"] = "whatever fails there is answered as issuer-unavailable",
        ["internal GetConsole"] = "it calls nothing that could fail",
        ["internal GetConsoleAsset"] = "it calls nothing that could fail",
        ["internal GetConsoleSettings"] = "it calls nothing that could fail",
        ["internal GetHealth"] = "it calls nothing that could fail",
        ["internal GetReadiness"] = "whatever fails there is told as down",
    };

    public async Task<ApiCall> SpoilAsync(ApiCall call, string problem)
    {
        if (call.Operation.Id == "RollbackCertificate" && problem == "p12-expired")
            return call with { To = gateways.Later, Authorize = Token(expires: TimeProvider.System.GetUtcNow().AddYears(3)) };
        if (Pkcs12(problem) is { } bad)
            return call.WithPkcs12(bad);
        switch (problem)
        {
            case "unauthorized":
                return call with { Authorize = (_, _, _) => null };
            case "forbidden":
                return call with { Authorize = (gateway, _, _) => $"Bearer {gateway.Issuer.Token(ContractGateways.Account, "openid")}" };
            case "login-failed":
                return call.Operation.Id == "RefreshLogin" ? call with { To = gateways.Strict }
                    : call.Form is { } form ? call with { Form = form.SetItem("client_secret", "wrong") }
                    : call.Edit(item => item["password"] = "wrong");
            case "account-id-invalid":
                return call.With("accountId", "a.b");
            case "throttled":
                return call with { To = gateways.Throttled, Tries = 100 };
            case "storage-unavailable":
                return Signed(call) with { To = gateways.WithoutTable };
            case "issuer-unavailable":
                // The gateway is the issuer of its own tokens.
                return call.Operation.Id == "GetSigningKeys" ? call with { To = gateways.WithoutTable } : call with { To = gateways.WithoutIssuer, Authorize = Token() };
            case "vault-unavailable" or "vault-refused" or "vault-entry-disabled" or "vault-entry-missing" or "internal":
                gateways.Vault.Failure = Problems.All.FirstOrDefault(row => row.Value.Name == problem && problem != "internal") is { Value: not null } row ? row.Key : null;
                return Signed(call) with { To = gateways.WithoutVault };
            case "request-invalid":
                return RequestInvalid(call);
            case "request-too-large":
                return IsForward(call) ? call with { To = gateways.Strict, Raw = new byte[1001] } : call with { Raw = new byte[1024 * 1024 + 1] };
            case "too-many-items":
                return TooMany(call);
            case "not-found":
                return NotFound(call);
            case "name-invalid":
                return call.Edit(item => item["name"] = "");
            case "name-taken":
                return call.Edit(item => item["name"] = ContractGateways.TakenName);
            case "mapping-exists":
                return call.Edit(item => item["url"] = ContractGateways.TakenUrl) with { Query = "" };
            case "certificate-unknown":
                return call.Edit(item => item["certificationId"] = "1");
            case "certificate-in-use":
                await gateways.MapAsync($"https://remote.example/{Guid.NewGuid():N}", long.Parse(call.Values["certificateId"], CultureInfo.InvariantCulture));
                return call;
            case "revision-stale":
                return call.WithHeader("If-Match", "\"0\"");
            case "url-invalid":
                return ToUrl(call, "http://plain.example/");
            case "service-unknown":
                return IsForward(call) ? call.WithHeader("LP-service-name", "NOBODY") : call.Edit(item => item[Items.First(item.ContainsKey)] = "NOBODY");
            case "trusted-ca-invalid":
                return call.Operation.Id == "TestPkcs12"
                    ? ToUrl(call, nobody.Url) with { TrustedCa = "no PEM" }
                    : call.Edit(item => item["trustedCa"] = "no PEM");
            case "no-mapping":
                return ToUrl(call, "https://unmapped.example/");
            case "certificate-unusable":
                return ToUrl(call, ContractGateways.UnusableUrl);
            case "target-refused":
                return ToUrl(call, "https://10.0.0.1/").WithHeader("LP-stop-if-certificate-not-found", "false");
            case "remote-unreachable":
                return ToUrl(call, nobody.Url).WithHeader("LP-stop-if-certificate-not-found", "false");
            case "upgrade-refused":
                return call.WithHeader("Upgrade", "websocket");
            default:
                throw new InvalidOperationException($"The problem {problem} is new: say here how to provoke it.");
        }
    }

    private static Func<TestGateway, HttpMethod, string, string?> Token(string account = ContractGateways.Account, DateTimeOffset? expires = null) =>
        (gateway, _, _) => $"Bearer {gateway.Issuer.Token(new TokenRequest(account, "MTLS_WRITE_INTERNAL") { Expires = expires })}";

    private ApiCall Signed(ApiCall call) => call.Operation.IsOpen ? call : call with { Authorize = (_, method, url) => gateways.AppKey.Sign(method, url) };

    private static ApiCall RequestInvalid(ApiCall call) => call.Operation.Id switch
    {
        "ReadAudit" => call with { Query = "?from=yesterday" },
        "ListExpiringCertificates" => call with { Query = "?days=-1" },
        "DeleteMappings" => call.With("mappingId", "first"),
        _ when IsForward(call) => call with { Headers = call.Headers.Remove("LP-forward-url") },
        _ => call with { Raw = "{"u8.ToArray() },
    };

    private static ApiCall TooMany(ApiCall call)
    {
        if (call.Operation.Id == "CreateAppKey")
            return call.With("accountId", "full") with { Tries = 51, Authorize = Token(account: "full") };
        if (call.Operation.Id == "DeleteMappings")
            return call.With("mappingId", string.Join(',', Enumerable.Range(1, 34)));
        var most = (int)call.Operation.RequestSchema("application/json")!["maxItems"]!;
        return call with { Json = new JsonArray([.. Enumerable.Range(0, most + 1).Select(_ => call.Json![0]!.DeepClone())]) };
    }

    private ApiCall NotFound(ApiCall call) => call.Operation.Id switch
    {
        "GetBaseUri" => call.With("serviceName", "nobody"),
        "GetConsoleAsset" => call.With("asset", "nothing.js"),
        _ when call.Values.Count > 1 => call.With(call.Values.Keys.Last(parameter => parameter.EndsWith("Id", StringComparison.Ordinal) && parameter != "accountId"), 1),
        _ when call.Operation.Id.StartsWith("Update", StringComparison.Ordinal) => call.Edit(item => item["id"] = 1),
        _ => new ApiCall(call.Operation) { To = gateways.WithoutAccounts, Json = call.Json, Form = call.Form },
    };

    private static ApiCall ToUrl(ApiCall call, string url) => IsForward(call) || call.Operation.Id == "TestPkcs12"
        ? call.WithHeader("LP-forward-url", url)
        : call.Edit(item => item["url"] = url);

    private static bool IsForward(ApiCall call) => call.Operation.Id.StartsWith("Forward", StringComparison.Ordinal);

    /// <returns>Null for a problem that has nothing to do with p12 files.</returns>
    private TestClient? Pkcs12(string problem)
    {
        if (!BadPkcs12Kinds.TryGetValue(problem, out var kind))
            return null;
        var bad = BadPkcs12.Make(kind, gateways.Usual.Pki);
        return new TestClient(gateways.Usual.Pki.IssueClient().Certificate, [], bad.File, bad.Password);
    }
}
