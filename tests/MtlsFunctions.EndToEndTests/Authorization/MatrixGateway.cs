using Azure.Data.Tables;
using MtlsFunctions.Storage;

namespace MtlsFunctions.EndToEndTests.Authorization;

/// <summary>A gateway and, for each permission, both kinds of credential; each app key is made once.</summary>
public sealed class MatrixGateway(AzuriteFixture azurite) : IAsyncLifetime
{
    public const string Account = "demo";

    /// <summary>Scopes by the name under which the table speaks of them. All but the first are one permission each.</summary>
    public static readonly IReadOnlyDictionary<string, string[]> Scopes = new Dictionary<string, string[]>
    {
        ["none"] = ["openid", "profile", "mtls_write_internal", "MTLS_WRITE"],
        ["read"] = ["MTLS_READ_INTERNAL"],
        ["forward"] = ["MTLS_FORWARD"],
        ["external"] = ["mtls.external"],
        ["write"] = ["MTLS_WRITE_INTERNAL"],
    };

    private readonly Dictionary<string, AppKey> keys = [];

    public SharedGateway Shared { get; } = new(azurite);

    public GatewayClient With(string credential, string permission) => credential == "AppKey"
        ? new GatewayClient(Shared.Gateway.Url, Account, keys[permission].Sign)
        : Shared.Gateway.As(Account, Scopes[permission]);

    public async ValueTask InitializeAsync()
    {
        await Shared.InitializeAsync();
        foreach (var (permission, scopes) in Scopes)
            keys[permission] = permission == "none" ? await PowerlessKeyAsync() : await Shared.Gateway.As(Account).CreateAppKeyAsync(scopes);
    }

    public ValueTask DisposeAsync() => Shared.DisposeAsync();

    // The API makes none, so its row is changed before anybody has used it.
    private async Task<AppKey> PowerlessKeyAsync()
    {
        var key = await Shared.Gateway.As(Account).CreateAppKeyAsync("MTLS_WRITE_INTERNAL");
        var row = new TableEntity(Account, AppKeyRow.KeyOf(key.Id)) { ["Permissions"] = string.Join(' ', Scopes["none"]) };
        await Shared.Gateway.Service<TableClient>().UpdateEntityAsync(row, Azure.ETag.All, TableUpdateMode.Merge, TestContext.Current.CancellationToken);
        return key;
    }
}
