using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.DependencyInjection;
using MtlsFunctions.CertificateVaults;
using MtlsFunctions.Shared;
using MtlsFunctions.Shared.HashiCorp;

namespace MtlsFunctions.Tests.CertificateVaults.HashiCorp;

/// <summary>
/// A real server, with an engine and a login of this test's own, which are removed again. VAULT_TOKEN must be allowed to mount both;
/// VAULT_NAMESPACE and VAULT_CACERT mean what they mean to the command line.
/// </summary>
public sealed class RealVaultUnderTest : IVaultUnderTest
{
    private readonly string name = $"mtlsfunctions-test-{Guid.NewGuid():N}";
    private readonly HttpClient http = Client();
    private readonly Breaker breaker = new();
    private readonly VaultOperator setUp;
    private ServiceProvider? services;

    private RealVaultUnderTest() =>
        setUp = new VaultOperator(http, new Uri(Variable("VAULT_ADDR")!), Variable("VAULT_TOKEN")!) { Namespace = Variable("VAULT_NAMESPACE") };

    public static bool IsNamed => Variable("VAULT_ADDR") is not null && Variable("VAULT_TOKEN") is not null;

    public ICertificateVault Vault => services!.GetRequiredService<ICertificateVault>();

    public static async Task<RealVaultUnderTest> StartAsync()
    {
        var vault = new RealVaultUnderTest();
        await vault.SetUpAsync();
        return vault;
    }

    public Task CutOffAsync()
    {
        breaker.IsOpen = true;
        return Task.CompletedTask;
    }

    public Task ReconnectAsync()
    {
        breaker.IsOpen = false;
        return Task.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        await services!.DisposeAsync();
        await setUp.UnmountAsync(name);
        await setUp.DisableLoginAsync(name);
        http.Dispose();
    }

    private async Task SetUpAsync()
    {
        await setUp.MountAsync(name);
        await setUp.PolicyAsync(name, VaultOperator.LeastPolicy(name, "mtlsfunctions"));
        await setUp.EnableLoginAsync(name, "approle");
        var (roleId, secretId) = await setUp.AppRoleAsync(name, "gateway", name);
        services = HashiCorpVaultUnderTest.Compose(
            new Dictionary<string, string?>
            {
                ["Vault:Kind"] = "HashiCorp",
                ["HashiCorpVault:Address"] = Variable("VAULT_ADDR"),
                ["HashiCorpVault:DangerousAllowHttp"] = "true",
                ["HashiCorpVault:Namespace"] = Variable("VAULT_NAMESPACE"),
                ["HashiCorpVault:CaFile"] = Variable("VAULT_CACERT"),
                ["HashiCorpVault:Mount"] = name,
                ["HashiCorpVault:AppRoleMount"] = name,
                ["HashiCorpVault:RoleId"] = roleId,
                ["HashiCorpVault:SecretId"] = secretId,
                ["HashiCorpVault:Timeout"] = "00:00:30",
            },
            new VaultUnderTestOptions(VaultDialect.OpenBao26),
            new CapturedLog(),
            services => services.AddHttpClient("HashiCorpVault").AddHttpMessageHandler(() => breaker));
    }

    private static HttpClient Client()
    {
        if (Variable("VAULT_CACERT") is not { } path)
            return new HttpClient();
        X509Certificate2Collection roots = [];
        roots.ImportFromPemFile(path);
        return TrustingClient.Of(roots);
    }

    private static string? Variable(string name) => Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : null;

    /// <summary>A cut in the line to a server that can't be told to misbehave.</summary>
    private sealed class Breaker : DelegatingHandler
    {
        public bool IsOpen { get; set; }

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            IsOpen ? throw new HttpRequestException("The test has cut the line.") : base.SendAsync(request, cancellationToken);
    }
}
