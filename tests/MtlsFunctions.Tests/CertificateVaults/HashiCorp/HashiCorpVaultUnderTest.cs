using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using MtlsFunctions.CertificateVaults;
using MtlsFunctions.Shared;
using MtlsFunctions.Shared.HashiCorp;

namespace MtlsFunctions.Tests.CertificateVaults.HashiCorp;

/// <summary>The product's client of an imitation server, composed as the gateway composes it, with an AppRole login of least rights.</summary>
public sealed class HashiCorpVaultUnderTest : IFaultyVaultUnderTest
{
    public const string Mount = "secret";
    public const string Folder = "mtlsfunctions";
    public const string Policy = "mtlsfunctions";

    private readonly DirectoryInfo folder;
    private readonly HttpClient http;
    private readonly Dictionary<string, string?> settings;
    private readonly VaultUnderTestOptions options;
    private readonly ServiceProvider services;

    private HashiCorpVaultUnderTest(
        VaultServer server, HttpClient http, VaultOperator setUp, DirectoryInfo folder, Dictionary<string, string?> settings, VaultUnderTestOptions options)
    {
        (Server, this.http, Operator, this.folder, this.settings, this.options) = (server, http, setUp, folder, settings, options);
        services = Compose(settings, options, Log);
        Vault = services.GetRequiredService<ICertificateVault>();
    }

    public ICertificateVault Vault { get; }

    public VaultServer Server { get; }

    public VaultOperator Operator { get; }

    /// <summary>Everything that was logged, at every level, the framework's clients included.</summary>
    public CapturedLog Log { get; } = new();

    public VaultFaults Faults => Server.Faults;

    public TimeSpan LongestWait => TimeSpan.FromSeconds(2);

    public static async Task<HashiCorpVaultUnderTest> StartAsync(TestPki pki, VaultUnderTestOptions options)
    {
        var folder = Directory.CreateTempSubdirectory("mtlsfunctions-vault-");
        var server = await VaultServer.StartAsync(pki.IssueServer(), new VaultServerOptions
        {
            Dialect = options.Dialect,
            Clock = options.Clock,
            ReadLag = options.ReadLag,
        });
        var http = TrustingClient.Of(pki);
        var setUp = new VaultOperator(http, new Uri(server.Url), VaultServer.RootToken);
        if (options.Namespace is { } name)
        {
            await setUp.PostAsync($"sys/namespaces/{name}", new { });
            setUp = new VaultOperator(http, new Uri(server.Url), VaultServer.RootToken) { Namespace = name };
        }

        await setUp.MountAsync(Mount);
        await setUp.PolicyAsync(Policy, VaultOperator.LeastPolicy(Mount, Folder));
        await setUp.EnableLoginAsync("approle", "approle");
        var (roleId, secretId) = await setUp.AppRoleAsync("approle", "gateway", Policy, options.Ttl, options.MaxTtl);

        var settings = new Dictionary<string, string?>
        {
            ["Vault:Kind"] = "HashiCorp",
            ["HashiCorpVault:Address"] = server.Url,
            ["HashiCorpVault:CaFile"] = pki.WriteRootPem(folder.FullName),
            ["HashiCorpVault:Namespace"] = options.Namespace,
            ["HashiCorpVault:RoleId"] = roleId,
            ["HashiCorpVault:SecretId"] = secretId,
            ["HashiCorpVault:Timeout"] = "00:00:30",
        };
        if (options.Configure is { } configure)
            await configure(setUp, settings);
        return new HashiCorpVaultUnderTest(server, http, setUp, folder, settings, options);
    }

    /// <summary>The vault's client as the gateway registers it.</summary>
    public static ServiceProvider Compose(
        Dictionary<string, string?> settings, VaultUnderTestOptions options, CapturedLog log, Action<IServiceCollection>? add = null)
    {
        var services = new ServiceCollection()
            .AddSingleton(options.Clock)
            .AddSingleton(options.Identity)
            .AddLogging(logging => logging.SetMinimumLevel(LogLevel.Trace).AddProvider(log))
            .AddCertificateVault(new ConfigurationBuilder().AddInMemoryCollection(settings).Build());
        add?.Invoke(services);
        return services.BuildServiceProvider();
    }

    /// <summary>The same vault as another process sees it, with the same log.</summary>
    public VaultInstance AnotherInstance(params (string Setting, string? Value)[] changes) => AnotherInstance(options.Clock, changes);

    /// <summary>With something of the test's among its services.</summary>
    public VaultInstance AnotherInstance(Action<IServiceCollection> add) => new(Compose(settings, options, Log, add));

    public VaultInstance AnotherInstance(TimeProvider clock, params (string Setting, string? Value)[] changes)
    {
        var changed = new Dictionary<string, string?>(settings);
        foreach (var (setting, value) in changes)
            changed[setting] = value;
        return new VaultInstance(Compose(changed, options with { Clock = clock }, Log));
    }

    public Task CutOffAsync() => Server.StopAsync();

    public Task ReconnectAsync() => Server.ComeBackAsync();

    public async ValueTask DisposeAsync()
    {
        await services.DisposeAsync();
        http.Dispose();
        await Server.DisposeAsync();
        folder.Delete(recursive: true);
    }
}
