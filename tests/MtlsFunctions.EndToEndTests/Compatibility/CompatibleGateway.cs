using MtlsFunctions.Accounts;
using MtlsFunctions.Shared;

namespace MtlsFunctions.EndToEndTests.Compatibility;

/// <summary>A gateway with a login and a client, as an operator sets them up, and a remote endpoint whose answer the test decides.</summary>
public sealed class CompatibleGateway(AzuriteFixture azurite) : IAsyncLifetime
{
    public const string Account = "le1606809";
    public const string Username = "admin@example.com";
    public const string ClientId = "orders-function";

    private TestGateway? gateway;
    private MtlsServer? remote;

    public string Secret { get; } = $"{Guid.NewGuid():N} & 100%+";

    public TestGateway Gateway => gateway!;

    public MtlsServer Remote => remote!;

    /// <summary>The account's administrator.</summary>
    public GatewayClient Administrator => Gateway.As(Account);

    public DocumentedClient Client => new(new Uri(Gateway.Url).Authority, Account);

    public async ValueTask InitializeAsync()
    {
        gateway = await TestGateway.StartAsync(azurite, new Dictionary<string, string?>
        {
            ["Accounts:Administrators:first:Account"] = Account,
            ["Accounts:Administrators:first:LoginName"] = Username,
            ["Accounts:Administrators:first:PasswordHash"] = Secrets.Hash(Secret),
            ["Accounts:Clients:first:Account"] = Account,
            ["Accounts:Clients:first:ClientId"] = ClientId,
            ["Accounts:Clients:first:SecretHash"] = Secrets.Hash(Secret),
        });
        remote = await MtlsServer.StartAsync(gateway.Pki);
    }

    /// <returns>The client certificate that is mapped now.</returns>
    public async Task<TestClient> MapAsync(string url, string service)
    {
        var certificate = Gateway.Pki.IssueClient();
        await Administrator.MapAsync(url, await Administrator.UploadAsync(certificate), service);
        return certificate;
    }

    public async ValueTask DisposeAsync()
    {
        if (remote is not null)
            await remote.DisposeAsync();
        if (gateway is not null)
            await gateway.DisposeAsync();
    }
}

/// <summary>One for all of these tests, which therefore run one after another.</summary>
[CollectionDefinition(nameof(CompatibleGateway))]
public sealed class CompatibleGatewayCollection : ICollectionFixture<CompatibleGateway>;
