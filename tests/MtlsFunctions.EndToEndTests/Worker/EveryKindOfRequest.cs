using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using MtlsFunctions.Shared;

namespace MtlsFunctions.EndToEndTests.Worker;

/// <summary>Each documented method, each kind of failure and each kind of answer, asked in the same order wherever it is asked.</summary>
public static class EveryKindOfRequest
{
    public static async Task RunAsync(Transcript ask, TestClient client, TestClient next)
    {
        var certificate = await CertificatesAsync(ask, client, next);
        await MappingsAsync(ask, certificate);
        await ForwardsAsync(ask);
        await RefusalsAsync(ask);
        await RestAsync(ask, certificate);
    }

    private static async Task<long> CertificatesAsync(Transcript ask, TestClient client, TestClient next)
    {
        var all = ask.Mtls + "/certificates";
        await ask.SendAsync("test a p12", HttpMethod.Post, ask.Mtls + "/p12-test/multipart", new MultipartFormDataContent("b")
            { { new ByteArrayContent(client.Pkcs12), "file", "c.p12" }, { new StringContent(client.Password), "password" } });
        await ask.SendAsync("test a p12 with a wrong password", HttpMethod.Post, ask.Mtls + "/p12-test/multipart", new MultipartFormDataContent("b")
            { { new ByteArrayContent(client.Pkcs12), "file", "c.p12" }, { new StringContent("wrong"), "password" } });
        var saved = await ask.SendAsync("upload", HttpMethod.Post, all + "/by-file", Form(client, "one"));
        var id = (long)saved!["successfulySavedCertificates"]![0]!["id"]!;
        // While there is one: several would stand in the order of their ids, which are random.
        await ask.GetAsync("list certificates", all);
        await ask.GetAsync("expiring", all + "/expiring");
        await ask.SendAsync("upload, older spelling", HttpMethod.Post, all + "/byFile", Form(client, "two"));
        await ask.SendAsync("upload the same name", HttpMethod.Post, all + "/by-file", Form(client, "one"));
        await ask.PostAsync("upload as JSON", all, new JsonArray(new JsonObject { ["name"] = "three", ["p12"] = Convert.ToBase64String(client.Pkcs12), ["password"] = client.Password }));
        await ask.SendAsync("upload what is no JSON", HttpMethod.Post, all, new StringContent("{", Encoding.UTF8, "application/json"));
        await ask.SendAsync("replace", HttpMethod.Put, all, JsonContent.Create(new JsonArray(new JsonObject
        { ["id"] = id, ["name"] = "one", ["p12"] = Convert.ToBase64String(next.Pkcs12), ["password"] = next.Password })));
        await ask.GetAsync("read one", $"{all}/{id}");
        await ask.GetAsync("read a missing one", all + "/7");
        await ask.GetAsync("versions", $"{all}/{id}/versions");
        await ask.SendAsync("roll back", HttpMethod.Post, $"{all}/{id}/rollback/1");
        await ask.SendAsync("roll back to what isn't there", HttpMethod.Post, $"{all}/{id}/rollback/99");
        await ask.SendAsync("disable", HttpMethod.Post, $"{all}/{id}/disable");
        await ask.SendAsync("enable", HttpMethod.Post, $"{all}/{id}/enable");
        await ask.GetAsync("download", $"{all}/{id}/download");
        return id;
    }

    private static async Task MappingsAsync(Transcript ask, long certificate)
    {
        var made = await ask.PostAsync("map", ask.Mappings, new JsonArray(
            GatewayClient.Mapping(ask.Remote + "/", certificate, name: "m"), GatewayClient.Mapping(ask.Remote + "/other", certificate, name: "o")));
        await ask.PostAsync("map once more", ask.Mappings, new JsonArray(GatewayClient.Mapping(ask.Remote + "/", certificate, name: "n")));
        await ask.PostAsync("map what is no URL", ask.Mappings, new JsonArray(GatewayClient.Mapping("http://plain.example", certificate, name: "p")));
        var other = (long)made![1]!["id"]!;
        await ask.GetAsync("read a mapping", $"{ask.Mappings}/{other}");
        await ask.SendAsync("change a mapping that has changed", HttpMethod.Put, $"{ask.Mappings}/{other}",
            JsonContent.Create(GatewayClient.Mapping(ask.Remote + "/changed", certificate, name: "o")), ("If-Match", "\"999\""));
        await ask.SendAsync("delete a mapping without a precondition", HttpMethod.Delete, $"{ask.Mappings}/{other}");
        await ask.SendAsync("delete a mapping", HttpMethod.Delete, $"{ask.Mappings}/{other}", null, ("If-Match", "*"));
        // One is left: several would stand in the order of their ids, which are random.
        await ask.GetAsync("list mappings", ask.Mappings);
        var triplet = new JsonObject { ["serviceName"] = "WEBHOOKS", ["accountId"] = ask.Account, ["url"] = ask.Remote + "/" };
        await ask.PostAsync("check, first form", "/mtls/mapping?v=1", new JsonArray(triplet.DeepClone()));
        await ask.PostAsync("check, second form", "/mtls/mapping?v=2", new JsonArray(triplet.DeepClone()));
        await ask.PostAsync("check by account", $"/api/account/{ask.Account}/checks/serviceUrlMappings", new JsonArray(triplet.DeepClone()));
        await ask.PostAsync("explain", ask.Mtls + "/explain", new JsonObject { ["serviceName"] = "WEBHOOKS", ["url"] = ask.Remote + "/" });
    }

    private static async Task ForwardsAsync(Transcript ask)
    {
        foreach (var method in new[] { "GET", "DELETE", "HEAD", "OPTIONS" })
            await ask.ForwardAsync("forward " + method, new HttpMethod(method), $"/?a=%20b&c={method}", null, ("X-Some", "one"), ("Accept", "text/plain, */*;q=0.1"), ("Cookie", "a=1; b=2"));
        foreach (var method in new[] { "POST", "PUT", "PATCH" })
            await ask.ForwardAsync("forward " + method, new HttpMethod(method), "/", new ByteArrayContent([0, 1, 2, 255]), ("Content-Type", "application/x-own; a=\"b\""), ("LP-authorization-override", "Basic abc"));
        foreach (var path in new[] { "/cookies", "/204", "/304", "/redirect", "/reason", "/gzip", "/401", "/500", "/breaks", "/refuses" })
            await ask.ForwardAsync("answered " + path, HttpMethod.Get, path);
        await ask.ForwardAsync("HEAD of an error", HttpMethod.Head, "/500");
        await ask.ForwardAsync("a chunked body", HttpMethod.Post, "/", new StreamContent(new MemoryStream(new byte[70_000])), ("Transfer-Encoding", "chunked"));
    }

    private static async Task RefusalsAsync(Transcript ask)
    {
        await ask.ForwardAsync("no certificate, no forward", HttpMethod.Get, "/unmapped", null, ("LP-stop-if-certificate-not-found", "true"));
        await ask.SendAsync("no URL", HttpMethod.Get, ask.Mtls);
        await ask.SendAsync("a URL of nowhere", HttpMethod.Get, ask.Mtls, null, ("LP-forward-url", "https://127.0.0.1:1/"), ("LP-service-name", "WEBHOOKS"));
        await ask.SendAsync("a forbidden network", HttpMethod.Get, ask.Mtls, null, ("LP-forward-url", "https://169.254.169.254/"), ("LP-service-name", "WEBHOOKS"));
        await ask.SendAsync("no credentials", HttpMethod.Get, ask.Mtls + "/certificates", null, ("Authorization", ""));
        await ask.SendAsync("a bad token", HttpMethod.Get, ask.Mtls + "/certificates", null, ("Authorization", "Bearer a.b.c"));
        await ask.GetAsync("another account", "/mtls/account/nobody/certificates");
        await ask.GetAsync("a path that isn't there", "/nowhere");
    }

    private static async Task RestAsync(Transcript ask, long certificate)
    {
        var key = await ask.PostAsync("create an app key", ask.Mtls + "/app-keys", new JsonObject { ["name"] = "k", ["permissions"] = new JsonArray("MTLS_READ_INTERNAL") });
        await ask.GetAsync("list app keys", ask.Mtls + "/app-keys");
        await ask.SendAsync("revoke an app key", HttpMethod.Delete, $"{ask.Mtls}/app-keys/{(long)key!["id"]!}");
        await ask.GetAsync("base URIs", $"/api/account/{ask.Account}/service/baseURI.json?version=1.0");
        await ask.GetAsync("one base URI", $"/api/account/{ask.Account}/service/mtlsGateway/baseURI.json?version=1.0");
        await ask.PostAsync("login with a wrong password", $"/api/account/{ask.Account}/login", new JsonObject { ["username"] = "x", ["password"] = "y" });
        await ask.GetAsync("health", "/health");
        await ask.GetAsync("ready", "/health/ready");
        await ask.GetAsync("console", "/console");
        await ask.GetAsync("console settings", "/console/settings.json");
        await ask.GetAsync("the API's description", "/openapi.yaml");
        await ask.GetAsync("signing keys without a login", "/sentinel/well-known/jwks");
        await ask.SendAsync("delete a certificate in use", HttpMethod.Delete, $"{ask.Mtls}/certificates/{certificate}");
    }

    private static MultipartFormDataContent Form(TestClient client, string name) => new("b")
    {
        { new ByteArrayContent(client.Pkcs12), "file", "client.p12" },
        { new StringContent(new JsonObject { ["name"] = name, ["password"] = client.Password }.ToJsonString()), "certificate" },
    };
}
