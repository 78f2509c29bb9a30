using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using MtlsFunctions.CertificateVaults.KeyVault;
using MtlsFunctions.EndToEndTests.CertificateVaults;
using MtlsFunctions.LocalHost;
using MtlsFunctions.LocalHost.CopyVault;
using MtlsFunctions.Shared;
using MtlsFunctions.Shared.HashiCorp;

namespace MtlsFunctions.EndToEndTests.LocalHost;

/// <summary>Moving between vaults: a gateway on the copy does everything that the one on the original did.</summary>
public sealed class CopyVaultTests(AzuriteFixture azurite) : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("mtlsfunctions-copy-");
    private readonly ConcurrentQueue<string> said = new();
    private readonly string source = $"t{Guid.NewGuid():N}";
    private readonly string target = $"t{Guid.NewGuid():N}";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private Dictionary<string, string?> Local => new() { ["LocalVault:Folder"] = Path.Combine(folder.FullName, "vault") };

    public void Dispose() => folder.Delete(recursive: true);

    [Fact]
    public async Task From_files_to_HashiCorp_Vault_everything_works_as_before()
    {
        await using var vault = await HashiCorpDeployment.StartAsync();
        await using var original = await TestGateway.StartAsync(azurite, On(source, Local));
        await using var content = await FillAsync(original);

        string[] files = [await FileAsync("from.json", On(source, Local)), await FileAsync("to.json", On(target, vault.Settings))];
        Assert.Equal(0, await CopyVaultVerb.RunAsync(files, said.Enqueue, Cancellation));

        await using var moved = await TestGateway.StartAsync(azurite, Moved(vault.Settings, content));
        await IsAllThereAsync(content, moved);
        Assert.Contains("versions: 5 copied, 0 there already, 0 failed.", said.Last(line => line.Contains("versions", StringComparison.Ordinal)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task From_HashiCorp_Vault_to_Key_Vault_everything_works_as_before()
    {
        await using var vault = await HashiCorpDeployment.StartAsync();
        await using var keyVault = await KeyVaultServer.StartAsync();
        await using var original = await TestGateway.StartAsync(azurite, On(source, vault.Settings));
        await using var content = await FillAsync(original);
        var settings = new Dictionary<string, string?> { ["Vault:Kind"] = "KeyVault", ["KeyVault:Uri"] = keyVault.Uri.AbsoluteUri };
        Action<IServiceCollection> imitated = services => services.AddSingleton(provider => new KeyVaultClients(
            provider.GetRequiredService<IOptions<KeyVaultOptions>>().Value, keyVault.Identity, keyVault.CreateTransport()));

        await using (VaultSide from = Side(source, vault.Settings), to = Side(target, settings, imitated))
            Assert.Equal(0, await CopyVaultVerb.RunAsync(from, to, said.Enqueue, Cancellation));

        await using var moved = await TestGateway.StartAsync(azurite, Moved(settings, content), builder => imitated(builder.Services));
        await IsAllThereAsync(content, moved);
    }

    [Fact]
    public async Task What_failed_in_the_middle_goes_on_where_it_stopped_and_a_third_run_only_verifies()
    {
        await using var vault = await HashiCorpDeployment.StartAsync();
        await using var original = await TestGateway.StartAsync(azurite, On(source, Local));
        await using var content = await FillAsync(original);
        await using VaultSide from = Side(source, Local), to = Side(target, vault.Settings);
        var writes = 0;
        vault.Server.Script = (context, next) =>
            context.Request.Method == "POST" && context.Request.Path.Value!.Contains("/data/", StringComparison.Ordinal) && Interlocked.Increment(ref writes) > 2
                ? VaultScripts.Answer(500)(context, next)
                : next();

        Assert.Equal(1, await CopyVaultVerb.RunAsync(from, to, said.Enqueue, Cancellation));
        Assert.Contains(said, line => line.Contains("versions: 2 copied, 0 there already, 3 failed.", StringComparison.Ordinal));
        Assert.Equal(3, said.Count(line => line.StartsWith("Not copied: ", StringComparison.Ordinal) && line.Contains("vault-unavailable", StringComparison.Ordinal)));

        vault.Server.Script = null;
        Assert.Equal(0, await CopyVaultVerb.RunAsync(from, to, said.Enqueue, Cancellation));
        Assert.Contains(said, line => line.Contains("versions: 3 copied, 2 there already, 0 failed.", StringComparison.Ordinal));

        var before = vault.Server.Count("POST", "secret/data");
        Assert.Equal(0, await CopyVaultVerb.RunAsync(from, to, said.Enqueue, Cancellation));
        Assert.Contains(said, line => line.Contains("versions: 0 copied, 5 there already, 0 failed.", StringComparison.Ordinal));
        Assert.Equal(before, vault.Server.Count("POST", "secret/data"));

        await using var moved = await TestGateway.StartAsync(azurite, Moved(vault.Settings, content));
        await IsAllThereAsync(content, moved);
        // And nothing has happened to the original.
        await IsAllThereAsync(content, original);
    }

    [Fact]
    public async Task A_version_that_the_target_gives_back_differently_is_found()
    {
        await using var vault = await HashiCorpDeployment.StartAsync();
        await using var original = await TestGateway.StartAsync(azurite, On(source, Local));
        await original.As("demo").UploadAsync(original.Pki.IssueClient());
        var foreign = Convert.ToBase64String(original.Pki.IssueClient().Certificate.ExportPkcs12(Pkcs12ExportPbeParameters.Pbes2Aes256Sha256, ""));
        vault.Server.Script = async (context, next) =>
        {
            var isRead = context.Request.Method == "GET" && context.Request.Path.Value!.Contains("/data/", StringComparison.Ordinal);
            var body = context.Response.Body;
            using var held = new MemoryStream();
            context.Response.Body = isRead ? held : body;
            await next();
            if (!isRead)
                return;
            var answer = JsonNode.Parse(held.ToArray())!;
            if (answer["data"]?["data"] is JsonObject secret)
                secret["pkcs12"] = foreign;
            await body.WriteAsync(Encoding.UTF8.GetBytes(answer.ToJsonString()));
        };

        await using VaultSide from = Side(source, Local), to = Side(target, vault.Settings);
        Assert.Equal(1, await CopyVaultVerb.RunAsync(from, to, said.Enqueue, Cancellation));

        Assert.Contains(said, line => line.Contains("is not what the source holds", StringComparison.Ordinal));
        Assert.Contains(said, line => line.StartsWith("Not complete.", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_version_that_is_damaged_at_the_source_is_named_and_the_others_are_copied()
    {
        await using var vault = await HashiCorpDeployment.StartAsync();
        await using var original = await TestGateway.StartAsync(azurite, On(source, Local));
        var (damaged, whole) = (await original.As("demo").UploadAsync(original.Pki.IssueClient(), "damaged"), await original.As("other").UploadAsync(original.Pki.IssueClient(), "whole"));
        var file = Directory.EnumerateFiles(Path.Combine(folder.FullName, "vault", "entries", "demo"), "1", SearchOption.AllDirectories).Single();
        await File.WriteAllBytesAsync(file, [1, 2, 3], Cancellation);

        await using VaultSide from = Side(source, Local), to = Side(target, vault.Settings);
        Assert.Equal(1, await CopyVaultVerb.RunAsync(from, to, said.Enqueue, Cancellation));

        Assert.Contains(said, line => line.Contains($"{damaged}", StringComparison.Ordinal) && line.Contains("account demo: vault-entry-missing", StringComparison.Ordinal));
        await using var moved = await TestGateway.StartAsync(azurite, On(target, vault.Settings));
        Assert.Equal(HttpStatusCode.OK, (await moved.As("other").GetAsync($"/mtls/account/other/certificates/{whole}/download")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await moved.As("demo").GetAsync($"/mtls/account/demo/certificates/{damaged}")).Status);
    }

    [Fact]
    public async Task A_target_with_rows_of_its_own_is_not_called_complete()
    {
        await using var vault = await HashiCorpDeployment.StartAsync();
        await using var original = await TestGateway.StartAsync(azurite, On(source, Local));
        await original.As("demo").UploadAsync(original.Pki.IssueClient());
        await using var other = await TestGateway.StartAsync(azurite, On(target, vault.Settings));
        await other.As("other").UploadAsync(other.Pki.IssueClient());

        await using VaultSide from = Side(source, Local), to = Side(target, vault.Settings);
        Assert.Equal(1, await CopyVaultVerb.RunAsync(from, to, said.Enqueue, Cancellation));

        Assert.Contains(said, line => line.Contains("in the target only", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("two settings files")]
    [InlineData("two settings files", "from.json")]
    [InlineData("to.json doesn't exist", "from.json", "to.json")]
    public async Task Files_that_are_not_named_or_not_there_are_asked_for(string said, params string[] files)
    {
        await FileAsync("from.json", On(source, Local));

        var refused = await Assert.ThrowsAsync<LocalHostException>(() => CopyVaultVerb.RunAsync(
            [.. files.Select(file => Path.Combine(folder.FullName, file))], this.said.Enqueue, Cancellation));

        Assert.Contains(said, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_table_on_both_sides_is_refused_before_anything_is_written()
    {
        await using VaultSide from = Side(source, Local), to = Side(source, Local);

        var refused = await Assert.ThrowsAsync<LocalHostException>(() => CopyVaultVerb.RunAsync(from, to, said.Enqueue, Cancellation));

        Assert.Contains("Storage__TableName", refused.Message, StringComparison.Ordinal);
    }

    private async Task<string> FileAsync(string name, Dictionary<string, string?> settings)
    {
        var values = new Dictionary<string, string?>(settings) { ["Storage:ConnectionString"] = azurite.ConnectionString }
            .ToDictionary(setting => setting.Key.Replace(":", "__", StringComparison.Ordinal), setting => setting.Value);
        var path = Path.Combine(folder.FullName, name);
        await File.WriteAllTextAsync(path, JsonSerializer.Serialize(new { Values = values }), Cancellation);
        return path;
    }

    private VaultSide Side(string table, Dictionary<string, string?> vault, Action<IServiceCollection>? add = null) => VaultSide.Open(
        new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>(On(table, vault)) { ["Storage:ConnectionString"] = azurite.ConnectionString }).Build(), add);

    private static Dictionary<string, string?> On(string table, Dictionary<string, string?> vault) => new(vault) { ["Storage:TableName"] = table };

    // Its remote endpoint is of the original's PKI.
    private Dictionary<string, string?> Moved(Dictionary<string, string?> vault, Content content) =>
        new(On(target, vault)) { ["Forwarding:TrustedRoots:0"] = content.Pki.WriteRootPem(folder.FullName) };

    /// <summary>Two accounts, three certificates with four versions, and an app key, whose secrets come from a key of the gateway's own.</summary>
    private static async Task<Content> FillAsync(TestGateway gateway)
    {
        var (first, second) = (gateway.Pki.IssueClient(), gateway.Pki.IssueClient(configure: options => options.FromIntermediate = true));
        var (demo, other) = (gateway.As("demo"), gateway.As("other"));
        var remote = await MtlsServer.StartAsync(gateway.Pki);
        var id = await demo.UploadAsync(first, "name");
        await demo.MapAsync(remote.Url, id);
        await demo.UpdateAsync(id, second);
        await other.UploadAsync(first, "name");
        await other.UploadAsync(second, "another");
        return new Content(id, first, second, await demo.CreateAppKeyAsync("MTLS_WRITE_INTERNAL"), gateway.Pki, remote);
    }

    /// <summary>The app key from before signs every request, so the gateway's own key is there too.</summary>
    private async Task IsAllThereAsync(Content content, TestGateway gateway)
    {
        var demo = new GatewayClient(gateway.Url, "demo", content.Key.Sign);
        Assert.Equal(content.Second.Thumbprint, await SeenAsync());

        var back = await demo.PostAsync($"{demo.CertificatesPath}/{content.Id}/rollback/1", new JsonObject());

        Assert.Equal((HttpStatusCode.OK, content.First.Thumbprint), (back.Status, (string?)back.Json["thumbprint"]));
        Assert.Equal(content.First.Thumbprint, await SeenAsync());
        var others = (await gateway.As("other").GetAsync("/mtls/account/other/certificates")).Json.AsArray();
        Assert.Equal(["Available", "Available"], others.Select(one => (string?)one!["status"]));
        Assert.All(said, line => Assert.DoesNotContain("MII", line, StringComparison.Ordinal));

        async Task<string?> SeenAsync() => (string?)(await demo.ForwardAsync(HttpMethod.Get, content.Remote.Url)).Json["thumbprint"];
    }

    private sealed record Content(long Id, TestClient First, TestClient Second, AppKey Key, TestPki Pki, MtlsServer Remote) : IAsyncDisposable
    {
        public ValueTask DisposeAsync() => Remote.DisposeAsync();
    }
}
