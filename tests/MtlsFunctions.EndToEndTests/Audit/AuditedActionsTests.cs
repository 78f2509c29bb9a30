using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using MtlsFunctions.EndToEndTests.Accounts;
using MtlsFunctions.EndToEndTests.Authorization;
using MtlsFunctions.Shared;

namespace MtlsFunctions.EndToEndTests.Audit;

/// <summary>Every management action leaves exactly one entry, whatever came of it; who isn't let in leaves none with the account that was asked for.</summary>
public sealed class AuditedActionsTests(AzuriteFixture azurite, AccountsFixture accounts) : IClassFixture<AccountsFixture>
{
    /// <summary>Each function that manages something: its action, and what an account without anything is answered (bodies are left out).</summary>
    private static readonly Dictionary<string, (string Action, int Failed)> Actions = new()
    {
        ["CreateCertificateByFile POST"] = ("certificate.create", 400),
        ["CreateCertificateByFileOlderSpelling POST"] = ("certificate.create", 400),
        ["CreateCertificates POST"] = ("certificate.create", 400),
        ["UpdateCertificateByFile PUT"] = ("certificate.update", 400),
        ["UpdateCertificateByFileOlderSpelling PUT"] = ("certificate.update", 400),
        ["UpdateCertificates PUT"] = ("certificate.update", 400),
        ["DeleteCertificate DELETE"] = ("certificate.delete", 404),
        ["RollbackCertificate POST"] = ("certificate.rollback", 404),
        ["DisableCertificate POST"] = ("certificate.disable", 404),
        ["EnableCertificate POST"] = ("certificate.enable", 404),
        ["ActivateCertificate POST"] = ("certificate.activate", 400),
        ["CreateMappings POST"] = ("mapping.create", 400),
        ["UpdateMappings PUT"] = ("mapping.update", 400),
        ["UpdateMapping PUT"] = ("mapping.update", 400),
        ["DeleteMappings DELETE"] = ("mapping.delete", 404),
        ["CreateAppKey POST"] = ("app-key.create", 400),
        ["DeleteAppKey DELETE"] = ("app-key.delete", 404),
    };

    /// <summary>These change nothing that the account keeps.</summary>
    private static readonly string[] ManagesNothing = ["TestPkcs12", "CheckMappings", "CheckServiceUrlMappings", "Explain", "Forward", "RefreshLogin"];

    private const string Url = "https://remote.example/orders";

    public static TheoryData<string> Functions => [.. Actions.Keys];

    [Fact]
    public void Every_function_that_could_change_something_is_among_them() => Assert.Equal(
        EveryFunction.Guarded.Where(label => !label.EndsWith(" GET", StringComparison.Ordinal) && !ManagesNothing.Contains(label.Split(' ')[0])).Order(),
        Actions.Keys.Order());

    [Theory]
    [MemberData(nameof(Functions))]
    public async Task An_action_that_succeeds_leaves_one_entry_that_says_who_did_what_to_which_object(string function)
    {
        var account = accounts.NewAccount();
        var world = await World.MakeAsync(account, accounts.Gateway.Pki);
        var before = TimeProvider.System.GetUtcNow();
        var earlier = (await account.ReadTrailAsync()).Length;

        var (answer, touched) = await SucceedAsync(function, account, world);

        Assert.InRange((int)answer.Status, 200, 201);
        var entry = Assert.Single((await account.ReadTrailAsync())[earlier..]);
        Assert.Equal(($"client-of-{account.Account}", Actions[function].Action, touched(answer), (int)answer.Status, "127.0.0.1"), (entry.Who, entry.Action, entry.Objects, entry.Status, entry.From));
        Assert.InRange(entry.When, before, TimeProvider.System.GetUtcNow());
    }

    [Theory]
    [MemberData(nameof(Functions))]
    public async Task An_action_that_fails_leaves_one_entry_with_its_status(string function)
    {
        var account = accounts.NewAccount();
        var key = await account.CreateAppKeyAsync("MTLS_WRITE_INTERNAL");

        var answer = await EveryFunction.Find(function).SendAsync(account.With(key), account.Account, _ => 4711);

        var entry = (await account.ReadTrailAsync())[^1];
        Assert.Equal((Actions[function].Failed, 2), ((int)answer.Status, (await account.ReadTrailAsync()).Length));
        Assert.Equal(($"app key {key.Id}", Actions[function].Action, (int)answer.Status), (entry.Who, entry.Action, entry.Status));
    }

    [Theory]
    [MemberData(nameof(Functions))]
    public async Task Who_is_not_let_in_leaves_none(string function)
    {
        var account = accounts.NewAccount();
        var call = EveryFunction.Find(function);
        GatewayClient[] refused = [accounts.Gateway.WithToken(account.Account, null), accounts.Gateway.As(account.Account, "MTLS_READ_INTERNAL"), accounts.NewAccount()];

        foreach (var caller in refused)
        {
            Assert.InRange((int)(await call.SendAsync(caller, account.Account)).Status, 401, 403);
            // Its own account learns of it; that is written beside the answer.
            if (caller.Account != account.Account)
                Assert.Equal("account.refused", Assert.Single(await Eventually.GetAsync(() => caller.ReadTrailAsync(), entries => entries.Length > 0)).Action);
        }

        Assert.Empty(await account.ReadTrailAsync());
    }

    [Fact]
    public async Task A_conflict_is_recorded_with_what_it_was_about()
    {
        var account = accounts.NewAccount();
        var world = await World.MakeAsync(account, accounts.Gateway.Pki);
        var earlier = (await account.ReadTrailAsync()).Length;

        await account.SendAsync(HttpMethod.Delete, $"{account.CertificatesPath}/{world.Certificate}");
        await account.SendAsync(HttpMethod.Put, account.MappingsPath, JsonContent.Create(new JsonArray(Renamed(world))), ("If-Match", "1"));
        await account.SendAsync(HttpMethod.Delete, $"{account.MappingsPath}/{world.Mapping},4711");
        await account.SendAsync(HttpMethod.Put, account.CertificatesPath, JsonContent.Create(new JsonArray(Json(world.Client, "x", world.Certificate, password: "wrong"))));

        Assert.Equal(
            [
                ("certificate.delete", $"certificate/{world.Certificate}", 409),
                ("mapping.update", $"mapping/{world.Mapping}", 412),
                ("mapping.delete", $"mapping/{world.Mapping} mapping/4711", 404),
                ("certificate.update", $"certificate/{world.Certificate}", 400),
            ],
            (await account.ReadTrailAsync())[earlier..].Select(entry => (entry.Action, entry.Objects, entry.Status)));
    }

    [Fact]
    public async Task A_login_is_named_by_its_login_name()
    {
        await using var gateway = await TestGateway.StartAsync(azurite, Persons.Settings);
        var ann = await gateway.LoggedInAsync();

        await ann.CreateAppKeyAsync("MTLS_FORWARD");

        Assert.Equal(Persons.LoginName, Assert.Single(await ann.ReadTrailAsync(), entry => entry.Action == "app-key.create").Who);
    }

    [Fact]
    public async Task Neither_row_nor_log_line_holds_a_secret_or_a_name()
    {
        var account = accounts.NewAccount();
        var client = accounts.Gateway.Pki.IssueClient();
        var name = $"name {Guid.NewGuid():N}";
        await account.UploadAsync(client, name);
        await account.UploadAsync(client.Pkcs12, name, "guessed " + client.Password);
        var key = await account.CreateAppKeyAsync("MTLS_WRITE_INTERNAL");

        var trail = (await account.GetAsync(account.AuditPath())).Text;

        var lines = accounts.Gateway.Log.Lines.Where(line => line.Text.StartsWith($"Audit account={account.Account} ", StringComparison.Ordinal)).ToArray();
        Assert.Equal(3, lines.Length);
        Assert.All(new[] { client.Password, name, key.ConsumerSecret, key.TokenSecret, key.Token }, secret =>
        {
            Assert.DoesNotContain(secret, trail, StringComparison.Ordinal);
            Assert.DoesNotContain(lines, line => line.Text.Contains(secret, StringComparison.Ordinal));
        });
    }

    private static async Task<(Answer Answer, Func<Answer, string> Touched)> SucceedAsync(string function, GatewayClient account, World world)
    {
        var (certificate, mapping) = ($"certificate/{world.Certificate}", $"mapping/{world.Mapping}");
        string Saved(Answer answer) => $"certificate/{(long)answer.Json["successfulySavedCertificates"]![0]!["id"]!}";
        Task<Answer> SendAsync(string method, string path, HttpContent? content = null) => account.SendAsync(new HttpMethod(method), path, content);
        MultipartFormDataContent Form(long? id = null) => GatewayClient.UploadForm(world.Client.Pkcs12, Json(world.Client, "by file", id, withP12: false));
        JsonContent Array(JsonNode item) => JsonContent.Create(new JsonArray(item));
        return function switch
        {
            "CreateCertificateByFile POST" => (await SendAsync("POST", account.CertificatesPath + "/by-file", Form()), Saved),
            "CreateCertificateByFileOlderSpelling POST" => (await SendAsync("POST", account.CertificatesPath + "/byFile", Form()), Saved),
            "CreateCertificates POST" => (await SendAsync("POST", account.CertificatesPath, Array(Json(world.Client, "json"))), Saved),
            "UpdateCertificateByFile PUT" => (await SendAsync("PUT", account.CertificatesPath + "/by-file", Form(world.Certificate)), _ => certificate),
            "UpdateCertificateByFileOlderSpelling PUT" => (await SendAsync("PUT", account.CertificatesPath + "/byFile", Form(world.Certificate)), _ => certificate),
            "UpdateCertificates PUT" => (await SendAsync("PUT", account.CertificatesPath, Array(Json(world.Client, "json", world.Certificate))), _ => certificate),
            "DeleteCertificate DELETE" => (await SendAsync("DELETE", $"{account.CertificatesPath}/{world.Unmapped}"), _ => $"certificate/{world.Unmapped}"),
            "RollbackCertificate POST" => (await SendAsync("POST", $"{account.CertificatesPath}/{world.Certificate}/rollback/1"), _ => certificate),
            "DisableCertificate POST" => (await SendAsync("POST", $"{account.CertificatesPath}/{world.Certificate}/disable"), _ => certificate),
            "EnableCertificate POST" => (await SendAsync("POST", $"{account.CertificatesPath}/{world.Certificate}/enable"), _ => certificate),
            "ActivateCertificate POST" => (
                await account.PostAsync($"{account.CertificatesPath}/activate/{world.Unmapped}", new JsonObject { ["serviceName"] = "IDP", ["url"] = Url }),
                answer => $"certificate/{world.Unmapped} mapping/{(long)answer.Json["id"]!}"),
            "CreateMappings POST" => (
                await account.PostAsync(account.MappingsPath, new JsonArray(GatewayClient.Mapping(Url, world.Unmapped, "0"), GatewayClient.Mapping(Url, world.Unmapped, "1"))),
                answer => $"mapping/{(long)answer.Json[0]!["id"]!} mapping/{(long)answer.Json[1]!["id"]!}"),
            "UpdateMappings PUT" => (await SendAsync("PUT", account.MappingsPath, Array(Renamed(world))), _ => mapping),
            "UpdateMapping PUT" => (await SendAsync("PUT", $"{account.MappingsPath}/{world.Mapping}", JsonContent.Create(Renamed(world))), _ => mapping),
            "DeleteMappings DELETE" => (await SendAsync("DELETE", $"{account.MappingsPath}/{world.Mapping}"), _ => mapping),
            "CreateAppKey POST" => (
                await account.PostAsync($"/mtls/account/{account.Account}/app-keys", new JsonObject { ["name"] = "n", ["permissions"] = new JsonArray("MTLS_FORWARD") }),
                answer => $"app-key/{(long)answer.Json["id"]!}"),
            "DeleteAppKey DELETE" => (await SendAsync("DELETE", $"/mtls/account/{account.Account}/app-keys/{world.AppKey}"), _ => $"app-key/{world.AppKey}"),
            _ => throw new ArgumentException("Say here how it succeeds.", nameof(function)),
        };
    }

    private static JsonObject Json(TestClient client, string name, long? id = null, bool withP12 = true, string? password = null)
    {
        var json = new JsonObject { ["name"] = name, ["password"] = password ?? client.Password };
        if (withP12)
            json["p12"] = Convert.ToBase64String(client.Pkcs12);
        if (id is not null)
            json["id"] = id;
        return json;
    }

    private static JsonObject Renamed(World world)
    {
        var mapping = GatewayClient.Mapping(Url, world.Certificate);
        mapping["id"] = $"{world.Mapping}";
        return mapping;
    }

    /// <summary>A certificate with a mapping, one without, and an app key.</summary>
    private sealed record World(TestClient Client, long Certificate, long Unmapped, long Mapping, long AppKey)
    {
        public static async Task<World> MakeAsync(GatewayClient account, TestPki pki)
        {
            var client = pki.IssueClient();
            var (certificate, unmapped) = (await account.UploadAsync(client), await account.UploadAsync(client));
            return new World(client, certificate, unmapped, await account.MapAsync(Url, certificate), (await account.CreateAppKeyAsync("MTLS_FORWARD")).Id);
        }
    }
}
