using System.Diagnostics.Metrics;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.Metrics.Testing;
using Microsoft.Extensions.Logging;
using MtlsFunctions.LocalHost;
using MtlsFunctions.Shared;

namespace MtlsFunctions.EndToEndTests;

/// <summary>The product's functions under Kestrel with a real table, a vault and an issuer of their own; trusts one PKI.</summary>
public sealed class TestGateway : IAsyncDisposable
{
    private readonly GatewayServer server;
    private readonly DirectoryInfo folder;

    private TestGateway(GatewayServer server, IConfiguration settings, TokenIssuer issuer, TestPki pki, DirectoryInfo folder, CapturedLog log) =>
        (this.server, Settings, Issuer, Pki, this.folder, Log) = (server, settings, issuer, pki, folder, log);

    /// <summary>For a second instance on the same stores.</summary>
    public IConfiguration Settings { get; }

    public TokenIssuer Issuer { get; }

    public TestPki Pki { get; }

    public CapturedLog Log { get; }

    public string Url => server.Url;

    public IServiceProvider Services => server.Services;

    public string VaultFolder => Path.Combine(folder.FullName, "vault");

    public static async Task<TestGateway> StartAsync(
        AzuriteFixture azurite, IReadOnlyDictionary<string, string?>? settings = null, Action<WebApplicationBuilder>? configure = null)
    {
        var folder = Directory.CreateTempSubdirectory("mtlsfunctions-test-");
        var pki = new TestPki();
        var issuer = await TokenIssuer.StartAsync();
        var log = new CapturedLog();
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(new Dictionary<string, string?>
            {
                ["Storage:ConnectionString"] = azurite.ConnectionString,
                ["Storage:TableName"] = $"t{Guid.NewGuid():N}",
                ["LocalVault:Folder"] = Path.Combine(folder.FullName, "vault"),
                ["Forwarding:AllowedNetworks:0"] = "127.0.0.1/32",
                ["Forwarding:AllowedNetworks:1"] = "::1/128",
                ["Forwarding:TrustedRoots:0"] = pki.WriteRootPem(folder.FullName),
                ["Forwarding:AllowedNetworksForMappedOnly"] = "false",
                ["Limits:ConcurrentRequestsPerAccount"] = "1000000",
                ["Throttle:RequestsPerSecondPerAddress"] = "1000000",
                ["Throttle:RequestsPerSecondPerAccount"] = "1000000",
                ["Accounts:Enabled"] = "true",
                ["Health:OperatorAccounts:0"] = "demo",
                ["OAuth:Hosts:0"] = "*",
                ["Health:CacheTime"] = "00:00:00",
                ["Authorization:Issuers:test:Issuer"] = issuer.Issuer,
                ["Authorization:Issuers:test:DangerousAllowHttpMetadata"] = "true",
                ["Authorization:Issuers:test:Accounts:0"] = "*",
            })
            .AddInMemoryCollection(settings ?? new Dictionary<string, string?>())
            .Build();
        var server = await GatewayServer.StartAsync(configuration, "http://127.0.0.1:0", TestContext.Current.CancellationToken, builder =>
        {
            builder.Logging.ClearProviders().SetMinimumLevel(LogLevel.Trace).AddProvider(log);
            configure?.Invoke(builder);
        });
        return new TestGateway(server, configuration, issuer, pki, folder, log);
    }

    /// <summary>What this gateway alone measures with one instrument.</summary>
    public MetricCollector<T> Measure<T>(string instrument)
        where T : struct => new(Service<IMeterFactory>(), Telemetry.Name, instrument);

    /// <param name="permissions">Default: write.</param>
    public GatewayClient As(string account, params string[] permissions) =>
        new(Url, account, Issuer.Token(account, permissions is [] ? ["MTLS_WRITE_INTERNAL"] : permissions));

    /// <summary>With a new app key of the account, and requests signed by an independent library.</summary>
    public async Task<GatewayClient> WithAppKeyAsync(string account, params string[] permissions)
    {
        var key = await As(account).CreateAppKeyAsync(permissions is [] ? ["MTLS_WRITE_INTERNAL"] : permissions);
        return new GatewayClient(Url, account, key.Sign);
    }

    /// <summary>With whatever stands in the header, or without one.</summary>
    public GatewayClient WithToken(string account, string? token) => new(Url, account, token);

    public T Service<T>()
        where T : notnull => Services.GetRequiredService<T>();

    public async ValueTask DisposeAsync()
    {
        await server.DisposeAsync();
        await Issuer.DisposeAsync();
        folder.Delete(recursive: true);
    }
}
