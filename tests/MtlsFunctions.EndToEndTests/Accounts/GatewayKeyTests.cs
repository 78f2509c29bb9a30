using System.Net;
using System.Text.Json.Nodes;
using Azure;

namespace MtlsFunctions.EndToEndTests.Accounts;

/// <summary>The gateway's own keys, when table or vault lose or refuse something.</summary>
public sealed class GatewayKeyTests(AzuriteFixture azurite) : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("mtlsfunctions-test-");
    private readonly string table = $"t{Guid.NewGuid():N}";

    private string KeysFolder => Path.Combine(folder.FullName, "entries", "@gateway");

    [Fact]
    public async Task Keys_that_the_vault_has_lost_are_replaced()
    {
        await using (var before = await StartAsync())
        {
            await before.As("demo").CreateAppKeyAsync("MTLS_WRITE_INTERNAL");
            await before.LoggedInAsync();
        }

        Directory.Delete(KeysFolder, recursive: true);
        await using var gateway = await StartAsync();

        var key = await gateway.As("demo").CreateAppKeyAsync("MTLS_WRITE_INTERNAL");
        var signed = new GatewayClient(gateway.Url, "demo", (method, url) => key.Sign(method, url));
        Assert.Equal(HttpStatusCode.OK, (await signed.GetAsync(signed.CertificatesPath)).Status);
        var person = await gateway.LoggedInAsync();
        Assert.Equal(HttpStatusCode.OK, (await person.GetAsync(person.CertificatesPath)).Status);
        Assert.Single(await gateway.KeyIdsAsync());
    }

    [Fact]
    public async Task A_key_that_the_vault_holds_damaged_is_replaced()
    {
        await using (var before = await StartAsync())
            await before.LoggedInAsync();
        foreach (var file in Directory.EnumerateFiles(KeysFolder, "*", SearchOption.AllDirectories))
            await File.WriteAllTextAsync(file, "not a key", TestContext.Current.CancellationToken);
        await using var gateway = await StartAsync();

        var person = await gateway.LoggedInAsync();

        Assert.Equal(HttpStatusCode.OK, (await person.GetAsync(person.CertificatesPath)).Status);
    }

    [Fact]
    public async Task A_key_that_the_table_does_not_take_leaves_nothing_in_the_vault()
    {
        var tap = new TableTap(azurite);
        await using var gateway = await StartAsync(tap);
        var demo = gateway.As("demo");
        tap.Before = (_, uri) => uri.Contains("$batch", StringComparison.Ordinal) ? throw new RequestFailedException("No changes now.") : Task.CompletedTask;

        var refused = await demo.PostAsync("/mtls/account/demo/app-keys", new JsonObject
        {
            ["name"] = "key",
            ["permissions"] = new JsonArray("MTLS_READ_INTERNAL"),
        });

        refused.IsProblem(HttpStatusCode.ServiceUnavailable, "storage-unavailable");
        Assert.Empty(Directory.EnumerateFiles(KeysFolder, "*", SearchOption.AllDirectories));
        tap.Before = null;
        await demo.CreateAppKeyAsync("MTLS_READ_INTERNAL");
    }

    public void Dispose() => folder.Delete(recursive: true);

    private Task<TestGateway> StartAsync(TableTap? tap = null) => TestGateway.StartAsync(
        azurite,
        new Dictionary<string, string?>(Persons.Settings) { ["Storage:TableName"] = table, ["LocalVault:Folder"] = folder.FullName },
        tap is null ? null : tap.Install);
}
