using System.Net;
using MtlsFunctions.EndToEndTests.Accounts;
using MtlsFunctions.Shared;

namespace MtlsFunctions.EndToEndTests.Audit;

/// <summary>Logins, refusals for another account, downloads and calls with a certificate leave an entry; a flood of them doesn't fill the table.</summary>
public sealed class SecurityEventTests(AzuriteFixture azurite)
{
    [Fact]
    public async Task Good_failed_and_throttled_logins_of_persons_and_clients_are_entries_of_their_account()
    {
        await using var gateway = await TestGateway.StartAsync(azurite, new Dictionary<string, string?>(Persons.Settings) { ["Accounts:AttemptsPerMinute"] = "1" });

        await gateway.LogInAsync();
        await gateway.LogInAsync(password: "guessed");
        await gateway.LogInAsync(password: "guessed");
        await gateway.TokenAsync();
        await gateway.TokenAsync(secret: "guessed");
        await gateway.LogInAsync(name: "my-password-typed-as-a-name");

        await HasAsync(gateway.As("demo"), (Persons.LoginName, "login", 200), (Persons.LoginName, "login", 401), (Persons.LoginName, "login", 429),
            ("faas", "token.issue", 200), ("faas", "token.issue", 401), ("unknown", "login", 401));
        Assert.DoesNotContain("my-password", (await gateway.As("demo").GetAsync("/mtls/account/demo/audit")).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_account_that_has_no_logins_gets_no_rows()
    {
        await using var gateway = await TestGateway.StartAsync(azurite, Persons.Settings);

        await gateway.LogInAsync(account: "nobodys");
        await gateway.LogInAsync();

        await HasAsync(gateway.As("demo"), (Persons.LoginName, "login", 200));
        Assert.Empty(await gateway.As("nobodys").ReadTrailAsync());
    }

    [Fact]
    public async Task Downloads_calls_with_a_p12_and_refusals_for_another_account_are_entries_of_the_callers_account()
    {
        await using var gateway = await TestGateway.StartAsync(azurite);
        var demo = gateway.As("demo");
        await using var remote = await MtlsServer.StartAsync(gateway.Pki);
        var client = gateway.Pki.IssueClient();
        var certificate = await demo.UploadAsync(client);
        var reader = gateway.As("demo", "MTLS_READ_INTERNAL");

        await reader.GetAsync($"{demo.CertificatesPath}/{certificate}/download");
        await reader.GetAsync("/mtls/account/other/certificates");
        await reader.PostRawAsync("/mtls/mapping", """[{"serviceName":"IDP","accountId":"demo","siteId":"other","url":"https://remote.example/"}]""");
        await reader.SendAsync(HttpMethod.Post, "/mtls/account/demo/p12-test/multipart", GatewayClient.TestForm(client.Pkcs12, client.Password), ("LP-forward-url", remote.Url));

        await HasAsync(demo, ("client-of-demo", "certificate.create", 201), ("client-of-demo", "certificate.download", 200),
            ("client-of-demo", "account.refused", 403), ("client-of-demo", "account.refused", 403), ("client-of-demo", "p12.call", 200));
        Assert.Contains(gateway.Log.Lines, line => line.Text.StartsWith(
            $"Call account=demo host={new Uri(remote.Url).Authority} thumbprint={client.Thumbprint} outcome=200 ", StringComparison.Ordinal));
        Assert.Empty(await gateway.As("other").ReadTrailAsync());
    }

    [Fact]
    public async Task A_flood_is_thirty_entries_and_a_log_line_each()
    {
        await using var gateway = await TestGateway.StartAsync(azurite);
        var demo = gateway.As("demo");

        await Task.WhenAll(Enumerable.Range(0, 80).Select(_ => demo.GetAsync("/mtls/account/other/certificates")));
        await Eventually.TrueAsync(() => gateway.Log.Lines.Count(line => line.Text.Contains("action=account.refused", StringComparison.Ordinal)) == 80);

        var entries = await Eventually.GetAsync(() => demo.ReadTrailAsync(), trail => trail.Length >= 30);
        // A minute brings one more.
        Assert.InRange(entries.Length, 30, 31);
    }

    private static async Task HasAsync(GatewayClient account, params (string Who, string Action, int Status)[] expected)
    {
        var entries = await Eventually.GetAsync(() => account.ReadTrailAsync(), trail => trail.Length >= expected.Length);
        Assert.Equal(expected.Order(), entries.Select(entry => (entry.Who, entry.Action, entry.Status)).Order());
    }
}
