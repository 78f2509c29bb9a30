using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.Configuration;
using MtlsFunctions.LocalHost;
using MtlsFunctions.Shared;

namespace MtlsFunctions.EndToEndTests.SelfService;

/// <summary>One LocalHost with its sandbox, one browser and one issuer that people can sign in with, for all tests of the console.</summary>
[CollectionDefinition(nameof(ConsoleHost))]
public sealed class ConsoleHost(AzuriteFixture azurite) : IAsyncLifetime, ICollectionFixture<ConsoleHost>
{
    private readonly Stack<IAsyncDisposable> started = new();
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("mtlsfunctions-console-");

    public Session Session { get; private set; } = null!;

    public Chromium Chromium { get; private set; } = null!;

    public TokenIssuer Tokens { get; private set; } = null!;

    public PkceIssuer Issuer { get; private set; } = null!;

    /// <summary>An endpoint that the gateway trusts, beside the sandbox: what its answers are is in <see cref="OddAnswers"/>.</summary>
    public MtlsServer Odd { get; private set; } = null!;

    /// <summary>An endpoint that nobody trusts yet.</summary>
    public MtlsServer Private { get; private set; } = null!;

    /// <summary>SHA-256 of its certificate.</summary>
    public string PrivateThumbprint { get; private set; } = "";

    /// <summary>Of a login.</summary>
    public static TimeSpan SessionLifetime { get; } = TimeSpan.FromMinutes(30);

    public string Url => $"{Session.BaseUrl}/console";

    /// <summary>A client certificate that the sandbox accepts, with its password.</summary>
    public (string Path, string Password) Pkcs12 => (Session.Accounts["demo"].P12Path, Session.Accounts["demo"].P12Password);

    /// <summary>Another one.</summary>
    public (string Path, string Password) OtherPkcs12 => (Session.Accounts["other"].P12Path, Session.Accounts["other"].P12Password);

    public async ValueTask InitializeAsync()
    {
        Tokens = Started(await TokenIssuer.StartAsync());
        Issuer = Started(await PkceIssuer.StartAsync(Tokens));
        var pki = new TestPki();
        Odd = Started(await MtlsServer.StartAsync(pki, options =>
        {
            options.ClientCertificates = ClientCertificateMode.NoCertificate;
            options.Handler = OddAnswers.AnswerAsync;
        }));
        var unknown = new TestPki();
        var shown = unknown.IssueServer("localhost", "127.0.0.1");
        PrivateThumbprint = shown.GetCertHashString(System.Security.Cryptography.HashAlgorithmName.SHA256).ToLowerInvariant();
        Private = Started(await MtlsServer.StartAsync(unknown, options =>
        {
            options.Certificate = shown;
            options.ClientCertificates = ClientCertificateMode.NoCertificate;
            options.Handler = context => context.Response.WriteAsync("private", context.RequestAborted);
        }));
        var settings = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Storage:ConnectionString"] = azurite.ConnectionString,
            ["Storage:TableName"] = $"t{Guid.NewGuid():N}",
            ["Authorization:Issuers:test:Issuer"] = Tokens.Issuer,
            ["Authorization:Issuers:test:DangerousAllowHttpMetadata"] = "true",
            ["Authorization:Issuers:test:Accounts:0"] = "*",
            ["Accounts:SessionLifetime"] = $"{SessionLifetime}",
            ["Forwarding:TrustedRoots:0"] = pki.WriteRootPem(folder.FullName),
            ["Console:OidcAuthority"] = Issuer.Authority,
            ["Console:OidcClientId"] = PkceIssuer.ClientId,
        }).Build();
        var host = Started(await RunningLocalHost.StartAsync(Flags.Parse(["--ephemeral"]), settings, _ => { }, TestContext.Current.CancellationToken));
        Session = host.Session;
        Chromium = Started(await Chromium.StartAsync());
    }

    /// <summary>Where the local vault keeps that account's keys.</summary>
    public string VaultEntriesOf(GatewayClient account) => Path.Combine(Path.GetDirectoryName(Pkcs12.Path)!, "..", "vault", "entries", account.Account);

    /// <summary>An account that nobody has used before, over the API.</summary>
    public GatewayClient NewAccount() => As($"a{Guid.NewGuid():N}"[..12]);

    public GatewayClient As(string account) => new(Session.BaseUrl, account, Tokens.Token(account, "MTLS_WRITE_INTERNAL"));

    /// <summary>Uploads the certificate of <see cref="Pkcs12"/>.</summary>
    public Task<long> UploadAsync(GatewayClient account, string name) => UploadAsync(account, name, Pkcs12);

    public static async Task<long> UploadAsync(GatewayClient account, string name, (string Path, string Password) file)
    {
        var answer = await account.UploadAsync(await File.ReadAllBytesAsync(file.Path, TestContext.Current.CancellationToken), name, file.Password);
        return (long)answer.Json["successfulySavedCertificates"]![0]!["id"]!;
    }

    public async ValueTask DisposeAsync()
    {
        while (started.TryPop(out var part))
            await part.DisposeAsync();
        folder.Delete(recursive: true);
    }

    private T Started<T>(T part)
        where T : IAsyncDisposable
    {
        started.Push(part);
        return part;
    }
}
