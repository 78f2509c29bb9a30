using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using MtlsFunctions.CertificateVaults.KeyVault;
using MtlsFunctions.Shared;

namespace MtlsFunctions.EndToEndTests.CertificateVaults;

/// <summary>The whole gateway on Azure Key Vault: certificates and its own keys.</summary>
public sealed class KeyVaultTests(AzuriteFixture azurite)
{
    [Fact]
    public async Task A_certificate_goes_through_Key_Vault_to_the_remote_endpoint_with_its_chain()
    {
        await using var vault = await KeyVaultServer.StartAsync();
        await using var gateway = await StartAsync(vault);
        await using var remote = await MtlsServer.StartAsync(gateway.Pki);
        var client = gateway.Pki.IssueClient(configure: options => (options.Key, options.FromIntermediate) = (KeyKind.Rsa2048, true));
        // Signed with an app key, whose secrets come from a key in the vault.
        var demo = await gateway.WithAppKeyAsync("demo");
        await gateway.As("demo").MapAsync(remote.Url, await gateway.As("demo").UploadAsync(client));

        var answer = await demo.ForwardAsync(HttpMethod.Get, remote.Url);

        Assert.Equal((HttpStatusCode.OK, client.Thumbprint), (answer.Status, (string?)answer.Json["thumbprint"]));
        Assert.Empty(vault.Faults.Surprises);
    }

    [Fact]
    public async Task An_upload_without_the_vault_is_reported_and_repaired_when_it_is_back()
    {
        await using var vault = await KeyVaultServer.StartAsync();
        await using var gateway = await StartAsync(vault);
        await using var remote = await MtlsServer.StartAsync(gateway.Pki);
        var demo = gateway.As("demo");
        var client = gateway.Pki.IssueClient();
        await vault.StopAsync();

        var failed = await demo.UploadAsync(client.Pkcs12, "name", client.Password);

        Assert.Equal(HttpStatusCode.Created, failed.Status);
        var unsaved = failed.Json["failedSaveToVaultCertificates"]![0]!;
        Assert.Equal("UnAvailable", (string?)unsaved["status"]);
        await vault.ComeBackAsync();
        var id = (long)unsaved["id"]!;
        await demo.SendAsync(HttpMethod.Put, demo.CertificatesPath + "/by-file", GatewayClient.UploadForm(
            client.Pkcs12, new JsonObject { ["id"] = id, ["name"] = "name", ["password"] = client.Password }));
        await demo.MapAsync(remote.Url, id);
        Assert.Equal(client.Thumbprint, (string?)(await demo.ForwardAsync(HttpMethod.Get, remote.Url)).Json["thumbprint"]);
    }

    [Fact]
    public async Task A_key_that_Key_Vault_cannot_hold_is_refused_by_tester_and_upload_and_nothing_is_stored()
    {
        await using var vault = await KeyVaultServer.StartAsync();
        await using var gateway = await StartAsync(vault);
        var demo = gateway.As("demo");
        var pkcs12 = OddKey();

        (await demo.TestAsync(pkcs12, "")).IsProblem(HttpStatusCode.BadRequest, "p12-key-unsupported");
        (await demo.UploadAsync(pkcs12, "name", "")).IsProblem(HttpStatusCode.BadRequest, "p12-key-unsupported");

        Assert.Equal("[]", (await demo.GetAsync(demo.CertificatesPath)).Text);
        Assert.Equal(0, vault.Faults.Requests);
    }

    private Task<TestGateway> StartAsync(KeyVaultServer vault) => TestGateway.StartAsync(
        azurite,
        new Dictionary<string, string?>
        {
            ["Vault:Kind"] = "KeyVault",
            ["KeyVault:Uri"] = vault.Uri.AbsoluteUri,
            ["KeyVault:RetryDelay"] = "00:00:00.010",
        },
        builder => builder.Services.AddSingleton(services => new KeyVaultClients(
            services.GetRequiredService<IOptions<KeyVaultOptions>>().Value, vault.Identity, vault.CreateTransport())));

    private static byte[] OddKey()
    {
        using var key = RSA.Create(2560);
        var now = TimeProvider.System.GetUtcNow();
        using var certificate = new CertificateRequest("CN=odd", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)
            .CreateSelfSigned(now.AddDays(-1), now.AddYears(1));
        return certificate.ExportPkcs12(Pkcs12ExportPbeParameters.Pbes2Aes256Sha256, "");
    }
}
