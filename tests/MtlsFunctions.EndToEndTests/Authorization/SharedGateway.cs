using MtlsFunctions.Shared;

namespace MtlsFunctions.EndToEndTests.Authorization;

/// <summary>
/// One gateway for a class of tests that only ask. It trusts a second issuer too, whose tokens are shaped otherwise:
/// audience <c>mtls</c>, the account in <c>tenant</c>, the permissions in the array <c>roles</c>.
/// </summary>
public sealed class SharedGateway(AzuriteFixture azurite) : IAsyncLifetime
{
    public const string Audience = "mtls";

    private TestGateway? gateway;
    private TokenIssuer? second;

    public TestGateway Gateway => gateway!;

    public TokenIssuer Second => second!;

    public async ValueTask InitializeAsync()
    {
        second = await TokenIssuer.StartAsync();
        gateway = await TestGateway.StartAsync(azurite, new Dictionary<string, string?>
        {
            ["Authorization:Issuers:second:Issuer"] = second.Issuer,
            ["Authorization:Issuers:second:DangerousAllowHttpMetadata"] = "true",
            ["Authorization:Issuers:second:Audiences:0"] = Audience,
            ["Authorization:Issuers:second:Accounts:0"] = "demo",
            ["Authorization:Issuers:second:AccountClaim"] = "tenant",
            ["Authorization:Issuers:second:PermissionClaim"] = "roles",
        });
    }

    public async ValueTask DisposeAsync()
    {
        if (gateway is not null)
            await gateway.DisposeAsync();
        if (second is not null)
            await second.DisposeAsync();
    }
}
