using System.Text.Json.Nodes;
using MtlsFunctions.Accounts;

namespace MtlsFunctions.EndToEndTests.Accounts;

/// <summary>An administrator and two clients of the account <c>demo</c>, as configuration, and how they get their tokens.</summary>
public static class Persons
{
    public const string LoginName = "ann@example.com";
    public const string Password = "correct horse battery staple";
    public const string ClientSecret = "client+secret&of=faas";

    private static readonly string PasswordHash = Secrets.Hash(Password);
    private static readonly string SecretHash = Secrets.Hash(ClientSecret);

    public static Dictionary<string, string?> Settings => new()
    {
        ["Accounts:Administrators:ann:Account"] = "demo",
        ["Accounts:Administrators:ann:LoginName"] = LoginName,
        ["Accounts:Administrators:ann:PasswordHash"] = PasswordHash,
        ["Accounts:Clients:faas:Account"] = "demo",
        ["Accounts:Clients:faas:ClientId"] = "faas",
        ["Accounts:Clients:faas:SecretHash"] = SecretHash,
        ["Accounts:Clients:reader:Account"] = "demo",
        ["Accounts:Clients:reader:ClientId"] = "reader",
        ["Accounts:Clients:reader:SecretHash"] = SecretHash,
        ["Accounts:Clients:reader:Scopes:0"] = "MTLS_READ_INTERNAL",
        ["Accounts:AttemptsPerMinute"] = "1000",
    };

    /// <summary>The header of a gateway's front end, in tests that have one.</summary>
    public const string AddressHeader = "X-Test-Client";

    /// <param name="from">The calling address in <see cref="AddressHeader"/>.</param>
    public static Task<Answer> LogInAsync(
        this TestGateway gateway, string? name = LoginName, string? password = Password, string account = "demo", string from = "192.0.2.1") =>
        gateway.WithToken(account, null).SendAsync(HttpMethod.Post, $"/api/account/{account}/login?v=1.3", System.Net.Http.Json.JsonContent.Create(
            new JsonObject { ["username"] = name, ["password"] = password }), (AddressHeader, from));

    /// <summary>With the token of a login, which fails the test unless it succeeds.</summary>
    public static async Task<GatewayClient> LoggedInAsync(this TestGateway gateway) =>
        gateway.WithToken("demo", (string)(await gateway.LogInAsync()).Json["bearer"]!);

    public static Task<Answer> TokenAsync(
        this TestGateway gateway, string client = "faas", string secret = ClientSecret, string account = "demo", string grant = "client_credentials", string version = "v2/",
        string from = "192.0.2.1") =>
        gateway.WithToken(account, null).SendAsync(HttpMethod.Post, $"/sentinel/api/{version}account/{account}/app/token", new FormUrlEncodedContent(
            new Dictionary<string, string> { ["client_id"] = client, ["client_secret"] = secret, ["grant_type"] = grant }), (AddressHeader, from));

    public static Task<Answer> SigningKeysAsync(this TestGateway gateway) => gateway.WithToken("demo", null).GetAsync("/sentinel/well-known/jwks");

    /// <summary>Key ids that are published now.</summary>
    public static async Task<string[]> KeyIdsAsync(this TestGateway gateway) =>
        [.. (await gateway.SigningKeysAsync()).Json["keys"]!.AsArray().Select(key => (string)key!["kid"]!)];
}

/// <summary>One gateway with these persons, for a class of tests.</summary>
public sealed class PersonsGateway(AzuriteFixture azurite) : IAsyncLifetime
{
    private TestGateway? gateway;

    public TestGateway Gateway => gateway!;

    public async ValueTask InitializeAsync() => gateway = await TestGateway.StartAsync(azurite, Persons.Settings);

    public ValueTask DisposeAsync() => gateway?.DisposeAsync() ?? ValueTask.CompletedTask;
}
