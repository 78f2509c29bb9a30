using MtlsFunctions.Shared;
using MtlsFunctions.Shared.HashiCorp;

namespace MtlsFunctions.EndToEndTests.CertificateVaults;

/// <summary>A HashiCorp Vault with an engine, a policy and an AppRole for one gateway, and the settings that lead there.</summary>
public sealed class HashiCorpDeployment : IAsyncDisposable
{
    private const string Mount = "secret";

    private readonly TestPki pki;
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("mtlsfunctions-test-");

    private HashiCorpDeployment(TestPki pki, VaultServer server) =>
        (this.pki, Server, Operator) = (pki, server, new(TrustingClient.Of(pki), new Uri(server.Url), VaultServer.RootToken));

    public VaultServer Server { get; }

    public VaultOperator Operator { get; }

    public Dictionary<string, string?> Settings { get; private set; } = [];

    /// <param name="readLag">How far the vault's standbys are behind; null for none.</param>
    public static async Task<HashiCorpDeployment> StartAsync(VaultReadLag? readLag = null)
    {
        var pki = new TestPki();
        var started = new HashiCorpDeployment(pki, await VaultServer.StartAsync(pki.IssueServer(), new VaultServerOptions { ReadLag = readLag }));
        await started.Operator.MountAsync(Mount);
        await started.Operator.PolicyAsync("gateway", VaultOperator.LeastPolicy(Mount, "mtlsfunctions"));
        await started.Operator.EnableLoginAsync("approle", "approle");
        var (roleId, secretId) = await started.Operator.AppRoleAsync("approle", "gateway", "gateway");
        started.Settings = new Dictionary<string, string?>
        {
            ["Vault:Kind"] = "HashiCorp",
            ["HashiCorpVault:Address"] = started.Server.Url,
            ["HashiCorpVault:CaFile"] = pki.WriteRootPem(started.folder.FullName),
            ["HashiCorpVault:RoleId"] = roleId,
            ["HashiCorpVault:SecretId"] = secretId,
            ["HashiCorpVault:Timeout"] = "00:00:02",
        };
        return started;
    }

    public async ValueTask DisposeAsync()
    {
        await Server.DisposeAsync();
        folder.Delete(recursive: true);
    }
}
