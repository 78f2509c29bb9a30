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
    private readonly RealVault server;
    private readonly HttpClient http;
    private readonly Breaker breaker = new();
    private readonly VaultOperator setUp;
    private ServiceProvider? services;

    private RealVaultUnderTest(RealVault server)
    {
        (this.server, http) = (server, Client(server.CaFile));
        setUp = new VaultOperator(http, server.Address, server.Token) { Namespace = server.Namespace };
    }

    public ICertificateVault Vault => services!.GetRequiredService<ICertificateVault>();

    /// <summary>Of the engine, the login and the policy that are this test's own.</summary>
    public string Name => name;

    public static async Task<RealVaultUnderTest> StartAsync(RealVault server)
    {
        var vault = new RealVaultUnderTest(server);
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
        await setUp.DeleteAsync($"sys/policies/acl/{name}");
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
                ["HashiCorpVault:Address"] = server.Address.AbsoluteUri,
                ["HashiCorpVault:DangerousAllowHttp"] = "true",
                ["HashiCorpVault:Namespace"] = server.Namespace,
                ["HashiCorpVault:CaFile"] = server.CaFile,
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

    private static HttpClient Client(string? caFile)
    {
        if (caFile is not { } path)
            return new HttpClient();
        X509Certificate2Collection roots = [];
        roots.ImportFromPemFile(path);
        return TrustingClient.Of(roots);
    }

    /// <summary>A cut in the line to a server that can't be told to misbehave.</summary>
    private sealed class Breaker : DelegatingHandler
    {
        public bool IsOpen { get; set; }

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            IsOpen ? throw new HttpRequestException("The test has cut the line.") : base.SendAsync(request, cancellationToken);
    }
}

/// <summary>A server as the command line's variables name it.</summary>
public sealed record RealVault(Uri Address, string Token, string? Namespace, string? CaFile)
{
    /// <summary>Null when the environment names none.</summary>
    public static RealVault? Named { get; } = Variable("VAULT_ADDR") is { } address && Variable("VAULT_TOKEN") is { } token
        ? new RealVault(new Uri(address), token, Variable("VAULT_NAMESPACE"), Variable("VAULT_CACERT"))
        : null;

    private static string? Variable(string name) => Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : null;
}
