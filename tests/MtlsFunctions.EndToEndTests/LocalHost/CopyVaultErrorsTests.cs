using System.Text.Json;
using MtlsFunctions.EndToEndTests.CertificateVaults;
using MtlsFunctions.Shared;
using MtlsFunctions.Shared.HashiCorp;

namespace MtlsFunctions.EndToEndTests.LocalHost;

/// <summary>What copy-vault says on standard error: why it didn't begin, and why the vault failed; progress is for standard output.</summary>
public sealed class CopyVaultErrorsTests(AzuriteFixture azurite) : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("mtlsfunctions-copy-");
    private readonly string source = $"t{Guid.NewGuid():N}";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private Dictionary<string, string?> From => new() { ["Storage:TableName"] = source, ["LocalVault:Folder"] = Path.Combine(folder.FullName, "vault") };

    public void Dispose() => folder.Delete(recursive: true);

    [Theory]
    [InlineData("needs two settings files")]
    [InlineData("needs two settings files", "from.json")]
    [InlineData("needs two settings files", "from.json", "from.json", "from.json")]
    [InlineData("to.json doesn't exist", "from.json", "to.json")]
    [InlineData("broken.json", "from.json", "broken.json")]
    [InlineData("HashiCorpVault:Address", "from.json", "wrong.json")]
    [InlineData("Storage__TableName", "from.json", "from.json")]
    public async Task What_can_not_begin_is_told_in_words_and_on_standard_error_alone(string said, params string[] files)
    {
        await WriteAsync("from.json", From);
        await WriteAsync("wrong.json", new() { ["Vault:Kind"] = "HashiCorp", ["HashiCorpVault:Token"] = "s.secret" });
        await File.WriteAllTextAsync(PathOf("broken.json"), "{", Cancellation);

        await using var host = LocalHostProcess.Ask(["copy-vault", .. files.Select(PathOf)], "");

        Assert.Equal(1, await host.ExitAsync());
        Assert.Contains(said, string.Join('\n', host.Errors), StringComparison.Ordinal);
        Assert.Equal(host.Errors, host.Output);
        Assert.DoesNotContain("   at ", host.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("s.secret", host.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Why_the_vault_failed_stands_beside_the_progress_and_tells_no_secret()
    {
        await using var vault = await HashiCorpDeployment.StartAsync();
        await using var original = await TestGateway.StartAsync(azurite, From);
        var id = await original.As("demo").UploadAsync(original.Pki.IssueClient());
        vault.Server.Script = VaultScripts.Only(
            int.MaxValue, request => request.Method == "POST" && request.Path.Value!.Contains("/data/", StringComparison.Ordinal), VaultScripts.Answer(500));
        await WriteAsync("from.json", From);
        await WriteAsync("to.json", new(vault.Settings) { ["Storage:TableName"] = $"t{Guid.NewGuid():N}" });

        await using var host = LocalHostProcess.Ask(["copy-vault", PathOf("from.json"), PathOf("to.json")], "");

        Assert.Equal(1, await host.ExitAsync());
        Assert.Contains(host.Errors, line => line.Contains("The vault answered POST secret/data/mtlsfunctions/demo/", StringComparison.Ordinal) && line.EndsWith("with 500", StringComparison.Ordinal));
        var told = host.Output.Except(host.Errors).ToArray();
        Assert.Contains(told, line => line.Contains($"{id}", StringComparison.Ordinal) && line.Contains("vault-unavailable", StringComparison.Ordinal));
        Assert.StartsWith("Not complete.", told[^1], StringComparison.Ordinal);
        string?[] secrets = [vault.Settings["HashiCorpVault:SecretId"], vault.Settings["HashiCorpVault:RoleId"], "MII"];
        Assert.All(secrets, secret => Assert.DoesNotContain(secret!, host.Text, StringComparison.Ordinal));
    }

    private string PathOf(string file) => Path.Combine(folder.FullName, file);

    private Task WriteAsync(string name, Dictionary<string, string?> settings)
    {
        var values = new Dictionary<string, string?>(settings) { ["Storage:ConnectionString"] = azurite.ConnectionString }
            .ToDictionary(setting => setting.Key.Replace(":", "__", StringComparison.Ordinal), setting => setting.Value);
        return File.WriteAllTextAsync(PathOf(name), JsonSerializer.Serialize(new { Values = values }), Cancellation);
    }
}
