using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Logging;
using MtlsFunctions.Shared;

namespace MtlsFunctions.EndToEndTests.Resilience;

/// <summary>Two instances of one deployment: the same table, the same vault, soon aware of each other's changes.</summary>
public sealed class Resilient : IAsyncDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("mtlsfunctions-test-");
    private readonly string table = $"t{Guid.NewGuid():N}";

    private string Vault => Path.Combine(folder.FullName, "vault");

    private string Link => Path.Combine(folder.FullName, "link");

    public Dictionary<string, string?> First => Settings(Vault);

    public Dictionary<string, string?> Second(TestPki pki) => new(Settings(Vault)) { ["Forwarding:TrustedRoots:0"] = pki.WriteRootPem(folder.FullName) };

    /// <summary>Reaches the vault by a way of its own, which can be cut.</summary>
    public Dictionary<string, string?> SecondByLink(TestPki pki) => new(Second(pki)) { ["LocalVault:Folder"] = Link };

    /// <summary>Thousands of forwards would fill the captured log.</summary>
    public static void Quiet(WebApplicationBuilder builder) => builder.Logging.SetMinimumLevel(LogLevel.Warning);

    public void CutLink() => Directory.Delete(Link);

    public void MendLink() => Directory.CreateSymbolicLink(Link, Vault);

    public ValueTask DisposeAsync()
    {
        folder.Delete(recursive: true);
        return ValueTask.CompletedTask;
    }

    private Dictionary<string, string?> Settings(string vault) => new()
    {
        ["Storage:TableName"] = table,
        ["LocalVault:Folder"] = vault,
        ["Runtime:RefreshInterval"] = "00:00:00.2",
    };
}
