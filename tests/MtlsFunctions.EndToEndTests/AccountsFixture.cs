using Azure.Data.Tables;
using Microsoft.AspNetCore.Builder;
using MtlsFunctions.Storage;

namespace MtlsFunctions.EndToEndTests;

/// <summary>One gateway for a class of tests, each of which takes accounts of its own.</summary>
public class AccountsFixture(AzuriteFixture azurite) : IAsyncLifetime
{
    private TestGateway? gateway;
    private (GatewayClient, long)? quiet;

    /// <summary>For tests that start another gateway.</summary>
    public AzuriteFixture Azurite => azurite;

    public TestGateway Gateway => gateway!;

    protected virtual IReadOnlyDictionary<string, string?> Settings => new Dictionary<string, string?>();

    protected virtual Action<WebApplicationBuilder>? Configure => null;

    public virtual async ValueTask InitializeAsync() => gateway = await TestGateway.StartAsync(azurite, Settings, Configure);

    /// <summary>An account that nobody has used before.</summary>
    public GatewayClient NewAccount(params string[] permissions) => Gateway.As($"a{Guid.NewGuid():N}", permissions);

    /// <summary>The same with one certificate.</summary>
    public async Task<(GatewayClient Account, long Certificate, string Thumbprint)> NewAccountWithCertificateAsync()
    {
        var account = NewAccount();
        var client = Gateway.Pki.IssueClient();
        return (account, await account.UploadAsync(client), client.Thumbprint);
    }

    /// <summary>One account for all tests of the class that store nothing; it has one certificate.</summary>
    public async Task<(GatewayClient Account, long Certificate)> QuietAccountAsync()
    {
        if (quiet is null)
        {
            var (account, certificate, _) = await NewAccountWithCertificateAsync();
            quiet = (account, certificate);
        }

        return quiet.Value;
    }

    /// <summary>Changes a certificate's row behind the gateway's back: what time, or a fault, would do to it.</summary>
    public async Task EditAsync(GatewayClient account, long certificate, Action<CertificateRow> edit)
    {
        var table = Gateway.Service<TableClient>();
        var row = (await table.GetEntityAsync<CertificateRow>(account.Account, CertificateRow.KeyOf(certificate), cancellationToken: TestContext.Current.CancellationToken)).Value;
        edit(row);
        await table.UpdateEntityAsync(row, row.ETag, TableUpdateMode.Replace, TestContext.Current.CancellationToken);
    }

    /// <summary>The certificate's row is lost.</summary>
    public Task RemoveAsync(GatewayClient account, long certificate) => Gateway.Service<TableClient>().DeleteEntityAsync(
        account.Account, CertificateRow.KeyOf(certificate), cancellationToken: TestContext.Current.CancellationToken);

    public virtual async ValueTask DisposeAsync()
    {
        if (gateway is not null)
            await gateway.DisposeAsync();
        GC.SuppressFinalize(this);
    }
}
