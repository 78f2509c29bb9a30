using System.Collections.Concurrent;
using System.Net;
using System.Text.Json.Nodes;
using Azure.Data.Tables;
using MtlsFunctions.Shared;
using MtlsFunctions.Storage;

namespace MtlsFunctions.EndToEndTests.Mappings;

/// <summary>How many bytes an account may hold, and what of them its lists and searches read.</summary>
public sealed class QuotaTests(AzuriteFixture azurite) : IAsyncLifetime
{
    private const int Quota = 40_000;

    private readonly TableTap tap = new(azurite);

    private TestGateway gateway = null!;
    private long certificate;

    private GatewayClient Demo => gateway.As("demo");

    public async ValueTask InitializeAsync()
    {
        gateway = await TestGateway.StartAsync(azurite, new Dictionary<string, string?> { ["Storage:MaxBytesPerAccount"] = $"{Quota}" }, tap.Install);
        certificate = await Demo.UploadAsync(gateway.Pki.IssueClient(), "name");
    }

    [Fact]
    public async Task A_full_account_is_told_so_and_what_it_deletes_it_may_store_again()
    {
        var ids = await FillAsync();

        var refused = await CreateAsync("more");
        refused.IsProblem(HttpStatusCode.Conflict, "quota-exceeded");
        Assert.Contains("40,000", (string)refused.Json["detail"]!, StringComparison.Ordinal);
        Assert.Equal(ids.Count, (await Demo.GetAsync(Demo.MappingsPath)).Json.AsArray().Count);
        var activated = await Demo.PostAsync(
            $"{Demo.CertificatesPath}/activate/{certificate}", new JsonObject { ["serviceName"] = "IDP", ["url"] = "https://x.example/" + new string('x', 8_000) });
        activated.IsProblem(HttpStatusCode.Conflict, "quota-exceeded");

        for (var round = 0; round < 3; round++)
        {
            await Demo.SendAsync(HttpMethod.Delete, $"{Demo.MappingsPath}/{ids[^1]}");
            var again = await CreateAsync($"again {round}");
            Assert.Equal(HttpStatusCode.Created, again.Status);
            ids[^1] = (long)again.Json[0]!["id"]!;
        }

        (await CreateAsync("more")).IsProblem(HttpStatusCode.Conflict, "quota-exceeded");
    }

    [Fact]
    public async Task Certificates_that_come_and_go_leave_nothing_that_counts()
    {
        async Task<long> BytesAsync() =>
            (await gateway.Service<TableClient>().GetEntityAsync<RevisionRow>("demo", RowKeys.Revision, cancellationToken: TestContext.Current.CancellationToken)).Value.Bytes;
        var before = await BytesAsync();

        for (var round = 0; round < 3; round++)
        {
            var id = await Demo.UploadAsync(gateway.Pki.IssueClient());
            Assert.NotEqual(before, await BytesAsync());
            var deleted = await Demo.SendAsync(HttpMethod.Delete, $"{Demo.CertificatesPath}/{id}");
            Assert.Equal((HttpStatusCode.OK, true, "CN=client"), (deleted.Status, (bool)deleted.Json["deleted"]!, (string?)deleted.Json["subject"]));
        }

        Assert.Equal(before, await BytesAsync());
    }

    [Fact]
    public async Task A_change_counts_for_what_it_adds_and_takes()
    {
        var ids = await FillAsync();
        var smaller = Mapping("smaller");
        smaller["trustedCa"] = "";
        Assert.Equal(HttpStatusCode.OK, (await Demo.SendAsync(HttpMethod.Put, $"{Demo.MappingsPath}/{ids[0]}", JsonContent(smaller))).Status);

        Assert.Equal(HttpStatusCode.Created, (await CreateAsync("in its place")).Status);

        (await Demo.SendAsync(HttpMethod.Put, $"{Demo.MappingsPath}/{ids[0]}", JsonContent(Mapping("larger")))).IsProblem(HttpStatusCode.Conflict, "quota-exceeded");
    }

    [Fact]
    public async Task In_a_full_account_no_certificate_is_added_and_every_one_can_be_renewed_and_gone_back_to()
    {
        await FillAsync();
        for (var at = 0; ; at++)
        {
            var client = gateway.Pki.IssueClient();
            var answer = await Demo.UploadAsync(client.Pkcs12, $"certificate {at}", client.Password);
            if (answer.Status == HttpStatusCode.Created)
                continue;
            answer.IsProblem(HttpStatusCode.Conflict, "quota-exceeded");
            break;
        }

        Assert.Equal(HttpStatusCode.OK, (await Demo.UpdateAsync(certificate, gateway.Pki.IssueClient())).Status);
        Assert.Equal(HttpStatusCode.OK, (await Demo.PostAsync($"{Demo.CertificatesPath}/{certificate}/rollback/1", new JsonObject())).Status);
        // Another account has room of its own.
        await gateway.As("other").UploadAsync(gateway.Pki.IssueClient());
    }

    [Fact]
    public async Task Lists_and_searches_leave_out_what_they_do_not_show()
    {
        var id = (await FillAsync())[0];

        Assert.All((await Demo.GetAsync(Demo.MappingsPath)).Json.AsArray(), one => Assert.False(one!.AsObject().ContainsKey("trustedCa")));
        Assert.Contains("BEGIN CERTIFICATE", (string?)(await Demo.GetAsync($"{Demo.MappingsPath}/{id}")).Json["trustedCa"], StringComparison.Ordinal);
        // What was read from a list can be sent back, and keeps what the list left out.
        var listed = (await Demo.GetAsync(Demo.MappingsPath)).Json[0]!;
        Assert.Equal(HttpStatusCode.OK, (await Demo.SendAsync(HttpMethod.Put, Demo.MappingsPath, JsonContent(new JsonArray(listed.DeepClone())))).Status);
        Assert.Contains("BEGIN CERTIFICATE", (string?)(await Demo.GetAsync($"{Demo.MappingsPath}/{(long)listed["id"]!}")).Json["trustedCa"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Neither_a_list_nor_explain_nor_the_expiring_ones_read_a_trusted_ca_from_the_table()
    {
        await FillAsync();
        var queries = new ConcurrentQueue<string>();
        tap.Before = (method, uri) =>
        {
            if (method == "GET" && uri.Contains("$filter", StringComparison.Ordinal) && Uri.UnescapeDataString(uri).Contains("'mapping_", StringComparison.Ordinal))
                queries.Enqueue(Uri.UnescapeDataString(uri));
            return Task.CompletedTask;
        };

        await Demo.GetAsync(Demo.MappingsPath);
        await Demo.GetAsync($"{Demo.CertificatesPath}/expiring?days=3650");
        var explained = await Demo.PostAsync("/mtls/account/demo/explain", new JsonObject { ["serviceName"] = "WEBHOOKS", ["url"] = "https://x.example/" });
        await Demo.SendAsync(HttpMethod.Delete, $"{Demo.CertificatesPath}/{certificate}");

        Assert.NotEmpty(explained.Json["candidates"]!.AsArray());
        Assert.Equal(4, queries.Count);
        Assert.All(queries, query =>
        {
            Assert.Contains("$select=", query, StringComparison.Ordinal);
            Assert.DoesNotContain("TrustedCa", query, StringComparison.Ordinal);
        });
    }

    public ValueTask DisposeAsync() => gateway.DisposeAsync();

    private static StringContent JsonContent(JsonNode json) => new(json.ToJsonString(), System.Text.Encoding.UTF8, "application/json");

    private JsonObject Mapping(string name)
    {
        var mapping = GatewayClient.Mapping($"https://x.example/{Uri.EscapeDataString(name)}", certificate, name: name);
        mapping["trustedCa"] = string.Concat(Enumerable.Repeat(gateway.Pki.RootPem, 6));
        return mapping;
    }

    private Task<Answer> CreateAsync(string name) => Demo.PostAsync(Demo.MappingsPath, new JsonArray(Mapping(name)));

    private async Task<List<long>> FillAsync()
    {
        var ids = new List<long>();
        while (true)
        {
            var answer = await CreateAsync($"mapping {ids.Count}");
            if (answer.Status != HttpStatusCode.Created)
                return ids;
            ids.Add((long)answer.Json[0]!["id"]!);
        }
    }
}
