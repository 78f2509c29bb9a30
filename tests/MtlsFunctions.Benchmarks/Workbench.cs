using Azure.Data.Tables;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using MtlsFunctions.Authorization;
using MtlsFunctions.Certificates;
using MtlsFunctions.CertificateVaults;
using MtlsFunctions.LocalHost;
using MtlsFunctions.Mappings;
using MtlsFunctions.Shared;
using MtlsFunctions.Storage;

namespace MtlsFunctions.Benchmarks;

/// <summary>The whole product under Kestrel with a real issuer, vault and remote endpoint; only the table is memory.</summary>
public sealed class Workbench : IAsyncDisposable
{
    public const string Service = "WEBHOOKS";

    private readonly DirectoryInfo folder;
    private readonly TokenIssuer issuer;
    private readonly MtlsServer remote;
    private readonly GatewayServer gateway;

    private Workbench(DirectoryInfo folder, TokenIssuer issuer, MtlsServer remote, GatewayServer gateway) =>
        (this.folder, this.issuer, this.remote, this.gateway) = (folder, issuer, remote, gateway);

    public static AccountId Account { get; } = AccountId.FromCredential("demo")!;

    public CertificateRow Certificate { get; private init; } = null!;

    public string ForwardUrl => $"{gateway.Url}/mtls/account/{Account}";

    public string Token => issuer.Token(Account.Value, "MTLS_FORWARD");

    /// <summary>The URL of mapping 0, 1, …: all of the remote endpoint.</summary>
    public string TargetOf(int mapping) => $"{remote.Url}/{mapping}";

    public T Get<T>()
        where T : notnull => gateway.Services.GetRequiredService<T>();

    /// <param name="mappings">How many of them the account has.</param>
    public static async Task<Workbench> StartAsync(int mappings = 1)
    {
        var folder = Directory.CreateTempSubdirectory("mtlsfunctions-benchmark-");
        var (pki, issuer) = (new TestPki(), await TokenIssuer.StartAsync());
        var answer = new byte[1024];
        MtlsServer? remote = null;
        remote = await MtlsServer.StartAsync(pki, options => options.Handler = context =>
        {
            // Millions of them would be kept.
            remote!.Received.Clear();
            return context.Response.Body.WriteAsync(answer, context.RequestAborted).AsTask();
        });
        var client = pki.IssueClient();
        var certificate = new CertificateRow
        {
            PartitionKey = Account.Value,
            RowKey = CertificateRow.KeyOf(1),
            Id = 1,
            VaultName = VaultEntry.NewName(),
            Thumbprint = client.Thumbprint,
            NotAfter = client.Certificate.NotAfter,
        };
        var rows = Enumerable.Range(0, mappings).SelectMany(number => Rows(number, $"{remote.Url}/{number}")).Append(certificate);
        var gateway = await GatewayServer.StartAsync(Settings(folder, pki, issuer), "http://127.0.0.1:0", CancellationToken.None, builder =>
        {
            builder.Logging.ClearProviders();
            builder.Services.AddSingleton<TableClient>(new TableInMemory(rows));
        });
        using var owned = new ClientCertificate(client.Certificate, []);
        var stored = await gateway.Services.GetRequiredService<ICertificateVault>()
            .StoreAsync(new VaultEntry(Account, certificate.VaultName, certificate.Id), owned.ToPkcs12(), CancellationToken.None);
        certificate.VaultVersion = stored.OrThrow();
        return new Workbench(folder, issuer, remote, gateway) { Certificate = certificate };
    }

    public async ValueTask DisposeAsync()
    {
        await gateway.DisposeAsync();
        await remote.DisposeAsync();
        await issuer.DisposeAsync();
        folder.Delete(recursive: true);
    }

    private static IEnumerable<Row> Rows(int number, string url)
    {
        var mapping = new MappingRow
        {
            PartitionKey = Account.Value,
            RowKey = MappingRow.KeyOf(number),
            Id = number,
            Name = url,
            Url = url,
            ServiceId = "2",
            CertificateId = 1,
            Enabled = true,
        };
        return [mapping, new OwnerRow { PartitionKey = Account.Value, RowKey = MappingKey.Of(mapping), Id = number }];
    }

    private static IConfiguration Settings(DirectoryInfo folder, TestPki pki, TokenIssuer issuer) => new ConfigurationBuilder()
        .AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Storage:ConnectionString"] = "UseDevelopmentStorage=true",
            ["LocalVault:Folder"] = Path.Combine(folder.FullName, "vault"),
            ["Forwarding:AllowedNetworks:0"] = "127.0.0.1/32",
            ["Forwarding:AllowedNetworksForMappedOnly"] = "false",
            ["Limits:ConcurrentRequestsPerAccount"] = "1000000",
            ["Forwarding:TrustedRoots:0"] = pki.WriteRootPem(folder.FullName),
            ["Throttle:RequestsPerSecondPerAddress"] = "10000000",
            ["Throttle:RequestsPerSecondPerAccount"] = "10000000",
            ["OAuth:Hosts:0"] = "*",
            ["OAuth:SharedNonces"] = "false",
            ["OAuth:MaxNonces"] = "10000000",
            ["Authorization:Issuers:test:Issuer"] = issuer.Issuer,
            ["Authorization:Issuers:test:DangerousAllowHttpMetadata"] = "true",
        })
        .Build();
}
