using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Azure.Data.Tables;
using MtlsFunctions.Storage;
using static MtlsFunctions.EndToEndTests.Accounts.AppKeyCalls;

namespace MtlsFunctions.EndToEndTests.Accounts;

/// <summary>Making, listing and revoking app keys.</summary>
public sealed class AppKeyTests(AccountsFixture accounts) : IClassFixture<AccountsFixture>
{
    private const string Shown = """["id","name","consumerKey","token","permissions","created"]""";

    private static readonly string[] Forward = ["MTLS_FORWARD"];

    [Fact]
    public async Task A_key_is_created_with_the_documented_names_and_its_secrets_are_shown_this_once()
    {
        var account = accounts.NewAccount();

        var created = await CreateAsync(account, new JsonObject { ["name"] = "webhooks", ["permissions"] = new JsonArray("MTLS_FORWARD", "MTLS_READ_INTERNAL") });
        var listed = (await account.GetAsync(PathOf(account))).Json;
        var revoked = await account.SendAsync(HttpMethod.Delete, $"{PathOf(account)}/{(long)created.Json["id"]!}");

        Assert.Equal((HttpStatusCode.Created, "no-store"), (created.Status, created.Header("Cache-Control")));
        Assert.Equal(["id", "name", "consumerKey", "consumerSecret", "token", "tokenSecret", "permissions", "created"], Names(created.Json));
        Assert.Equal(("webhooks", """["MTLS_FORWARD","MTLS_READ_INTERNAL"]"""), ((string?)created.Json["name"], created.Json["permissions"]!.ToJsonString()));
        Assert.Equal(JsonValueKind.Number, created.Json["id"]!.GetValueKind());
        Assert.Equal([48, 48], new[] { "consumerSecret", "tokenSecret" }.Select(name => ((string)created.Json[name]!).Length));
        foreach (var later in new[] { Assert.Single(listed.AsArray())!, revoked.Json })
        {
            Assert.Equal(JsonNode.Parse(Shown)!.ToJsonString(), JsonSerializer.Serialize(Names(later)));
            Assert.All(Names(later), name => Assert.Equal(created.Json[name]!.ToJsonString(), later[name]!.ToJsonString()));
        }
    }

    [Fact]
    public async Task Its_secrets_rest_neither_in_the_table_nor_in_the_log()
    {
        var key = await accounts.NewAccount().CreateAppKeyAsync("MTLS_READ_INTERNAL");

        var rows = new StringBuilder();
        await foreach (var row in accounts.Gateway.Service<TableClient>().QueryAsync<TableEntity>(cancellationToken: TestContext.Current.CancellationToken))
            rows.AppendJoin(' ', row.Select(column => column.Value));
        Assert.Contains(key.Token, rows.ToString(), StringComparison.Ordinal);
        foreach (var secret in new[] { key.ConsumerSecret, key.TokenSecret })
        {
            Assert.DoesNotContain(secret, rows.ToString(), StringComparison.Ordinal);
            Authorization.Leaked.NotLogged(secret, accounts.Gateway.Log);
        }
    }

    [Fact]
    public async Task No_two_secrets_are_the_same()
    {
        var account = accounts.NewAccount();
        AppKey[] keys = [await account.CreateAppKeyAsync(Forward), await account.CreateAppKeyAsync(Forward), await accounts.NewAccount().CreateAppKeyAsync(Forward)];

        Assert.Distinct(keys.SelectMany(key => new[] { key.ConsumerSecret, key.TokenSecret, key.Token, key.ConsumerKey }));
    }

    [Fact]
    public async Task Two_keys_of_one_name_work_side_by_side_until_one_is_revoked()
    {
        var account = accounts.NewAccount();
        var body = new JsonObject { ["name"] = "webhooks", ["permissions"] = new JsonArray("MTLS_READ_INTERNAL") };
        var old = AppKey.Of((await CreateAsync(account, body)).Json);
        var next = AppKey.Of((await CreateAsync(account, body.DeepClone())).Json);
        await Task.WhenAll(LetInAsync(account, old), LetInAsync(account, next));

        Assert.Equal(HttpStatusCode.OK, (await account.SendAsync(HttpMethod.Delete, $"{PathOf(account)}/{old.Id}")).Status);

        (await GetAsync(account, old)).IsProblem(HttpStatusCode.Unauthorized, "unauthorized");
        await LetInAsync(account, next);
        (await account.SendAsync(HttpMethod.Delete, $"{PathOf(account)}/{old.Id}")).IsProblem(HttpStatusCode.NotFound, "not-found");
        Assert.Equal(next.Id, (long)Assert.Single((await account.GetAsync(PathOf(account))).Json.AsArray())!["id"]!);
    }

    [Fact]
    public async Task A_key_of_another_account_is_answered_like_a_missing_one_and_stays()
    {
        var (account, stranger) = (accounts.NewAccount(), accounts.NewAccount());
        var key = await account.CreateAppKeyAsync("MTLS_READ_INTERNAL");

        var foreign = await stranger.SendAsync(HttpMethod.Delete, $"{PathOf(stranger)}/{key.Id}");
        var missing = await stranger.SendAsync(HttpMethod.Delete, $"{PathOf(stranger)}/4711");

        foreign.IsProblem(HttpStatusCode.NotFound, "not-found");
        Assert.Equal((string?)missing.Json["detail"], ((string)foreign.Json["detail"]!).Replace($"{key.Id}", "4711", StringComparison.Ordinal));
        await LetInAsync(account, key);
    }

    [Theory]
    [InlineData("""{"name":"n"}""", "request-invalid")]
    [InlineData("""{"name":"n","permissions":[]}""", "request-invalid")]
    [InlineData("""{"name":"n","permissions":["MTLS_EVERYTHING"]}""", "request-invalid")]
    [InlineData("""{"name":"n","permissions":["MTLS_FORWARD","MTLS_EVERYTHING"]}""", "request-invalid")]
    [InlineData("""{"name":"n","permissions":["MTLS_FORWARD MTLS_WRITE_INTERNAL"]}""", "request-invalid")]
    [InlineData("""{"name":"n","permissions":[null]}""", "request-invalid")]
    [InlineData("""{"name":"n","permissions":"MTLS_FORWARD"}""", "request-invalid")]
    [InlineData("""{"name":"n","permissions":["MTLS_FORWARD"],"expires":"2001-01-01T00:00:00Z"}""", "request-invalid")]
    [InlineData("""{"name":"n","permissions":["MTLS_FORWARD"],"expires":"tomorrow"}""", "request-invalid")]
    [InlineData("""{"name":"n","permissions":["MTLS_FORWARD"],"expires":"23:59"}""", "request-invalid")]
    [InlineData("""{"name":"n","permissions":["MTLS_FORWARD"],"expires":""}""", "request-invalid")]
    [InlineData("""{"name":"n","permissions":["MTLS_FORWARD"],"expires":1800000000}""", "request-invalid")]
    [InlineData("""{"permissions":["MTLS_FORWARD"]}""", "name-invalid")]
    [InlineData("""{"name":"","permissions":["MTLS_FORWARD"]}""", "name-invalid")]
    [InlineData("""{"name":"  ","permissions":["MTLS_FORWARD"]}""", "name-invalid")]
    [InlineData("""{"name":"a\u0000b","permissions":["MTLS_FORWARD"]}""", "name-invalid")]
    [InlineData("""{"name":"a\nb","permissions":["MTLS_FORWARD"]}""", "name-invalid")]
    [InlineData("[]", "request-invalid")]
    public async Task A_key_that_makes_no_sense_is_refused(string body, string type)
    {
        var account = accounts.NewAccount();

        (await account.PostRawAsync(PathOf(account), body)).IsProblem(HttpStatusCode.BadRequest, type);

        Assert.Empty((await account.GetAsync(PathOf(account))).Json.AsArray());
    }

    [Fact]
    public async Task Names_are_1_to_256_printable_characters_and_repeated_permissions_count_once()
    {
        var account = accounts.NewAccount();
        string[] often = [.. Enumerable.Repeat("MTLS_FORWARD", 10_000)];
        JsonObject Body(string name) => new() { ["name"] = name, ["permissions"] = JsonSerializer.SerializeToNode(often) };

        (await CreateAsync(account, Body(new string('x', 257)))).IsProblem(HttpStatusCode.BadRequest, "name-invalid");
        var longest = await CreateAsync(account, Body("https://remote.example/ä☃?" + new string('x', 229) + "😀"));

        Assert.Equal((HttpStatusCode.Created, """["MTLS_FORWARD"]"""), (longest.Status, longest.Json["permissions"]?.ToJsonString()));
    }

    [Fact]
    public async Task The_51st_key_is_refused_until_one_is_revoked()
    {
        var account = accounts.NewAccount();
        var first = await account.CreateAppKeyAsync(Forward);
        var others = Enumerable.Range(1, 49).Select(id => new TableTransactionAction(TableTransactionActionType.Add, new AppKeyRow
        {
            PartitionKey = account.Account,
            RowKey = AppKeyRow.KeyOf(id),
            Id = id,
            Name = $"{id}",
            Token = "t",
            Permissions = "MTLS_FORWARD",
            Created = DateTimeOffset.UnixEpoch.AddYears(31),
        }));
        await accounts.Gateway.Service<TableClient>().SubmitTransactionAsync(others, TestContext.Current.CancellationToken);
        var body = new JsonObject { ["name"] = "one more", ["permissions"] = new JsonArray("MTLS_FORWARD") };

        (await CreateAsync(account, body)).IsProblem(HttpStatusCode.BadRequest, "too-many-items");
        await account.SendAsync(HttpMethod.Delete, $"{PathOf(account)}/{first.Id}");

        Assert.Equal(HttpStatusCode.Created, (await CreateAsync(account, body.DeepClone())).Status);
        (await CreateAsync(account, body.DeepClone())).IsProblem(HttpStatusCode.BadRequest, "too-many-items");
    }

    private static IEnumerable<string> Names(JsonNode node) => node.AsObject().Select(member => member.Key);
}
