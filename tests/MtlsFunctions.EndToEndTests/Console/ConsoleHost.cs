using Microsoft.Extensions.Configuration;
using MtlsFunctions.LocalHost;
using MtlsFunctions.Shared;

namespace MtlsFunctions.EndToEndTests.SelfService;

/// <summary>One LocalHost with its sandbox, one browser and one issuer that people can sign in with, for all tests of the console.</summary>
[CollectionDefinition(nameof(ConsoleHost))]
public sealed class ConsoleHost(AzuriteFixture azurite) : IAsyncLifetime, ICollectionFixture<ConsoleHost>
{
    private readonly Stack<IAsyncDisposable> started = new();

    public Session Session { get; private set; } = null!;

    public Chromium Chromium { get; private set; } = null!;

    public TokenIssuer Tokens { get; private set; } = null!;

    public PkceIssuer Issuer { get; private set; } = null!;

    public string Url => $"{Session.BaseUrl}/console";

    /// <summary>A client certificate that the sandbox accepts, with its password.</summary>
    public (string Path, string Password) Pkcs12 => (Session.Accounts["demo"].P12Path, Session.Accounts["demo"].P12Password);

    /// <summary>Another one.</summary>
    public (string Path, string Password) OtherPkcs12 => (Session.Accounts["other"].P12Path, Session.Accounts["other"].P12Password);

    public async ValueTask InitializeAsync()
    {
        Tokens = Started(await TokenIssuer.StartAsync());
        Issuer = Started(await PkceIssuer.StartAsync(Tokens));
        var settings = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Storage:ConnectionString"] = azurite.ConnectionString,
            ["Storage:TableName"] = $"t{Guid.NewGuid():N}",
            ["Authorization:Issuers:test:Issuer"] = Tokens.Issuer,
            ["Authorization:Issuers:test:DangerousAllowHttpMetadata"] = "true",
            ["Console:OidcAuthority"] = Issuer.Authority,
            ["Console:OidcClientId"] = PkceIssuer.ClientId,
        }).Build();
        var host = Started(await RunningLocalHost.StartAsync(Flags.Parse(["--ephemeral"]), settings, _ => { }, TestContext.Current.CancellationToken));
        Session = host.Session;
        Chromium = Started(await Chromium.StartAsync());
    }

    /// <summary>An account that nobody has used before, over the API.</summary>
    public GatewayClient NewAccount() => As($"a{Guid.NewGuid():N}"[..12]);

    public GatewayClient As(string account) => new(Session.BaseUrl, account, Tokens.Token(account, "MTLS_WRITE_INTERNAL"));

    /// <summary>Uploads the certificate of <see cref="Pkcs12"/>.</summary>
    public async Task<long> UploadAsync(GatewayClient account, string name)
    {
        var answer = await account.UploadAsync(await File.ReadAllBytesAsync(Pkcs12.Path, TestContext.Current.CancellationToken), name, Pkcs12.Password);
        return (long)answer.Json["successfulySavedCertificates"]![0]!["id"]!;
    }

    public async ValueTask DisposeAsync()
    {
        while (started.TryPop(out var part))
            await part.DisposeAsync();
    }

    private T Started<T>(T part)
        where T : IAsyncDisposable
    {
        started.Push(part);
        return part;
    }
}
