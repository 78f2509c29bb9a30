using System.Net;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using MtlsFunctions.Accounts;
using MtlsFunctions.CertificateVaults;
using MtlsFunctions.Shared;

namespace MtlsFunctions.EndToEndTests.Contract;

/// <summary>A gateway where everything works, and one for each thing that can be wrong around it. All serve the same account.</summary>
public sealed class ContractGateways(AzuriteFixture azurite) : IAsyncLifetime
{
    public const string Account = "demo";
    public const string LoginName = "admin";
    public const string ClientId = "client";

    /// <summary>Name of a certificate and of a mapping that are there already.</summary>
    public const string TakenName = "taken";

    /// <summary>Mapped already, for WEBHOOKS.</summary>
    public const string TakenUrl = "https://taken.example/";

    /// <summary>Mapped to a certificate that the vault doesn't hold.</summary>
    public const string UnusableUrl = "https://unusable.example/";

    // Nobody listens on port 1.
    private const string NoTable = "DefaultEndpointsProtocol=http;AccountName=devstoreaccount1;AccountKey=bm8ga2V5;TableEndpoint=http://127.0.0.1:1/devstoreaccount1;";

    private readonly List<IAsyncDisposable> started = [];
    private string passwordHash = "";

    public string Password { get; } = Guid.NewGuid().ToString("N");

    public TestGateway Usual { get; private set; } = null!;

    /// <summary>Lets one request a second through.</summary>
    public TestGateway Throttled { get; private set; } = null!;

    /// <summary>Its table can't be reached.</summary>
    public TestGateway WithoutTable { get; private set; } = null!;

    /// <summary>Shares the table, and its vault does what <see cref="Vault"/> says.</summary>
    public TestGateway WithoutVault { get; private set; } = null!;

    /// <summary>Never could fetch the keys of its issuer.</summary>
    public TestGateway WithoutIssuer { get; private set; } = null!;

    /// <summary>Issues no tokens.</summary>
    public TestGateway WithoutAccounts { get; private set; } = null!;

    /// <summary>Shares table and vault; takes bodies of 1,000 bytes, and lets the administrator in no more.</summary>
    public TestGateway Strict { get; private set; } = null!;

    /// <summary>Shares table and vault, two years from now.</summary>
    public TestGateway Later { get; private set; } = null!;

    /// <summary>Calls that succeed.</summary>
    public GoodCalls Good { get; private set; } = null!;

    public BrokenVault Vault { get; } = new();

    public MtlsServer Remote { get; private set; } = null!;

    /// <summary>May do everything.</summary>
    public GatewayClient Demo => Usual.As(Account);

    /// <summary>An app key that may do everything.</summary>
    public AppKey AppKey { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Good = new GoodCalls(await ApiDocument.ServedAsync(), this);
        passwordHash = Secrets.Hash(Password);
        var table = $"t{Guid.NewGuid():N}";
        Usual = await StartAsync(new() { ["Storage:TableName"] = table });
        Throttled = await StartAsync(new() { ["Throttle:RequestsPerSecondPerAddress"] = "1" });
        WithoutTable = await StartAsync(new() { ["Storage:ConnectionString"] = NoTable });
        WithoutVault = await StartAsync(new() { ["Storage:TableName"] = table }, Vault);
        WithoutIssuer = await StartAsync([]);
        WithoutIssuer.Issuer.Down = true;
        WithoutAccounts = await StartAsync(new() { ["Accounts:Enabled"] = "false" });
        Later = await StartAsync(
            new() { ["Storage:TableName"] = table, ["LocalVault:Folder"] = Usual.VaultFolder }, clock: new FakeTimeProvider(TimeProvider.System.GetUtcNow().AddYears(2)));
        Strict = await StartAsync(new()
        {
            ["Storage:TableName"] = table,
            ["LocalVault:Folder"] = Usual.VaultFolder,
            ["Forwarding:TrustedRoots:0"] = Usual.Pki.WriteRootPem(Usual.VaultFolder),
            ["Limits:MaxRequestBodyBytes"] = "1000",
            ["Accounts:Administrators:first:LoginName"] = "somebody else",
        });
        started.Add(Remote = await MtlsServer.StartAsync(Usual.Pki));

        AppKey = await Demo.CreateAppKeyAsync("MTLS_WRITE_INTERNAL");
        await LogInAsync();
        await MapAsync(TakenUrl, await Demo.UploadAsync(Usual.Pki.IssueClient(), TakenName), TakenName);
        var client = Usual.Pki.IssueClient();
        var lost = await WithoutVault.As(Account).UploadAsync(client.Pkcs12, "lost", client.Password);
        await MapAsync(UnusableUrl, (long)lost.Json["failedSaveToVaultCertificates"]![0]!["id"]!, "unusable");
    }

    /// <returns>The id of a new mapping for WEBHOOKS.</returns>
    public async Task<long> MapAsync(string url, long certificate, string? name = null)
    {
        var answer = await Demo.PostAsync(Demo.MappingsPath, new JsonArray(GatewayClient.Mapping(url, certificate, name: name)));
        Assert.Equal(HttpStatusCode.Created, answer.Status);
        return (long)answer.Json[0]!["id"]!;
    }

    /// <returns>A login's token.</returns>
    public async Task<string> LogInAsync()
    {
        var answer = await Demo.PostAsync($"/api/account/{Account}/login", new JsonObject { ["username"] = LoginName, ["password"] = Password });
        Assert.Equal(HttpStatusCode.OK, answer.Status);
        return (string)answer.Json["bearer"]!;
    }

    public async ValueTask DisposeAsync()
    {
        // What uses another one's folder or table was started later.
        started.Reverse();
        foreach (var one in started)
            await one.DisposeAsync();
    }

    private async Task<TestGateway> StartAsync(Dictionary<string, string?> settings, ICertificateVault? vault = null, TimeProvider? clock = null)
    {
        foreach (var (name, value) in new Dictionary<string, string?>
        {
            ["Accounts:Administrators:first:Account"] = Account,
            ["Accounts:Administrators:first:LoginName"] = LoginName,
            ["Accounts:Administrators:first:PasswordHash"] = passwordHash,
            ["Accounts:Clients:first:Account"] = Account,
            ["Accounts:Clients:first:ClientId"] = ClientId,
            ["Accounts:Clients:first:SecretHash"] = passwordHash,
            ["Accounts:AttemptsPerMinute"] = "10000",
        })
            settings.TryAdd(name, value);
        var gateway = await TestGateway.StartAsync(azurite, settings, builder =>
        {
            if (vault is not null)
                builder.Services.AddSingleton(vault);
            if (clock is not null)
                builder.Services.AddSingleton(clock);
        });
        started.Add(gateway);
        return gateway;
    }
}

/// <summary>One for all of these tests, which therefore run one after another.</summary>
[CollectionDefinition(nameof(ContractGateways))]
public sealed class ContractGatewaysCollection : ICollectionFixture<ContractGateways>;
