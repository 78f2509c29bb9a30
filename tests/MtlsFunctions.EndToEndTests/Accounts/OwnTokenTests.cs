using System.Net;
using Azure.Data.Tables;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using MtlsFunctions.Shared;
using MtlsFunctions.Storage;

namespace MtlsFunctions.EndToEndTests.Accounts;

/// <summary>The tokens that we issue ourselves, and the keys that sign them.</summary>
public sealed class OwnTokenTests(AzuriteFixture azurite) : IDisposable
{
    private readonly FakeTimeProvider clock = new(TimeProvider.System.GetUtcNow());
    private readonly DirectoryInfo vault = Directory.CreateTempSubdirectory("mtlsfunctions-test-");
    private readonly string table = $"t{Guid.NewGuid():N}";

    [Fact]
    public async Task Whoever_reads_the_published_keys_can_verify_them()
    {
        await using var gateway = await StartAsync();
        var token = (string)(await gateway.TokenAsync()).Json["access_token"]!;
        var login = (string)(await gateway.LogInAsync()).Json["bearer"]!;

        var keys = await gateway.SigningKeysAsync();
        Assert.Equal(["kty", "use", "alg", "kid", "n", "e"], Assert.Single(keys.Json["keys"]!.AsArray())!.AsObject().Select(member => member.Key));
        var parameters = new TokenValidationParameters
        {
            ValidIssuer = "urn:mtlsfunctions:gateway",
            ValidAudience = "demo",
            ValidAlgorithms = ["RS256"],
            IssuerSigningKeys = new JsonWebKeySet(keys.Text).GetSigningKeys(),
            TryAllIssuerSigningKeys = false,
        };
        foreach (var (jwt, subject, scope, lifetime) in new[] { (token, "faas", "mtls.external", 3600), (login, Persons.LoginName, "MTLS_READ_INTERNAL MTLS_WRITE_INTERNAL", 28_800) })
        {
            var verified = await new JsonWebTokenHandler().ValidateTokenAsync(jwt, parameters);
            Assert.True(verified.IsValid, verified.Exception?.Message);
            var read = (JsonWebToken)verified.SecurityToken;
            Assert.Equal((subject, subject, scope), (read.Subject, read.Azp, (string)verified.Claims["scope"]));
            Assert.Equal(TimeSpan.FromSeconds(lifetime), read.ValidTo - read.IssuedAt);
            Assert.False((await new JsonWebTokenHandler().ValidateTokenAsync(jwt[..^8] + "AAAAAAAA", parameters)).IsValid);
        }
    }

    [Fact]
    public async Task A_new_key_signs_after_its_time_and_tokens_of_the_old_one_hold_until_they_end()
    {
        await using var gateway = await StartAsync();
        await gateway.LoggedInAsync();
        var first = Assert.Single(await gateway.KeyIdsAsync());
        clock.Advance(TimeSpan.FromDays(30) - TimeSpan.FromHours(1));
        var old = await gateway.LoggedInAsync();
        Assert.Equal([first], await gateway.KeyIdsAsync());

        clock.Advance(TimeSpan.FromHours(2));
        var next = await gateway.LoggedInAsync();

        var second = Assert.Single((await gateway.KeyIdsAsync()).Except([first]));
        Assert.Equal([second, first], await gateway.KeyIdsAsync());
        Assert.Equal(HttpStatusCode.OK, (await old.GetAsync(old.CertificatesPath)).Status);
        Assert.Equal(HttpStatusCode.OK, (await next.GetAsync(next.CertificatesPath)).Status);

        clock.Advance(TimeSpan.FromHours(6) + TimeSpan.FromMinutes(1));
        (await old.GetAsync(old.CertificatesPath)).IsProblem(HttpStatusCode.Unauthorized, "unauthorized");
        Assert.Equal(HttpStatusCode.OK, (await next.GetAsync(next.CertificatesPath)).Status);
        clock.Advance(TimeSpan.FromHours(3));
        // Known keys are looked at again beside the requests.
        Assert.Equal([second], await Eventually.GetAsync(gateway.KeyIdsAsync, keys => !keys.Contains(first)));
    }

    [Fact]
    public async Task Gateways_share_one_key_even_when_both_make_the_first_at_once()
    {
        await using var one = await StartAsync();
        await using var other = await StartAsync();

        var clients = await Task.WhenAll(one.LoggedInAsync(), other.LoggedInAsync());
        clock.Advance(TimeSpan.FromSeconds(2));

        Assert.Single(await one.KeyIdsAsync());
        Assert.Equal(await one.KeyIdsAsync(), await other.KeyIdsAsync());
        foreach (var (gateway, client) in from gateway in new[] { one, other } from client in clients select (gateway, client))
            Assert.Equal(HttpStatusCode.OK, (await client.At(gateway).GetAsync(client.CertificatesPath)).Status);
        // The loser has taken its own away.
        Assert.Single(Directory.EnumerateFiles(Path.Combine(vault.FullName, "entries"), "*", SearchOption.AllDirectories));
    }

    [Fact]
    public async Task A_token_holds_at_once_though_somebody_has_looked_a_moment_before_its_key_was_made()
    {
        await using var gateway = await StartAsync();
        Assert.Empty(await gateway.KeyIdsAsync());

        var ann = await gateway.LoggedInAsync();

        Assert.Equal(HttpStatusCode.OK, (await ann.GetAsync(ann.CertificatesPath)).Status);
        Assert.Single(await gateway.KeyIdsAsync());
    }

    [Fact]
    public async Task A_key_that_another_instance_has_made_is_published_a_second_later()
    {
        await using var making = await StartAsync();
        await using var beside = await StartAsync();
        Assert.Empty(await beside.KeyIdsAsync());

        await making.LoggedInAsync();
        clock.Advance(TimeSpan.FromSeconds(1));

        Assert.Single(await beside.KeyIdsAsync());
    }

    [Fact]
    public async Task An_outage_of_the_table_takes_nobodys_token_away()
    {
        var tap = new TableTap(azurite);
        await using var gateway = await StartAsync(tap.Install);
        var ann = await gateway.LoggedInAsync();
        Assert.Equal(HttpStatusCode.OK, (await ann.GetAsync("/health/details")).Status);

        tap.Closed = true;
        clock.Advance(TimeSpan.FromMinutes(6));

        // Let in: what is down is the table, which the details tell.
        Assert.Equal("down", (string?)(await ann.GetAsync("/health/details")).Json["status"]);
        Assert.Single(await gateway.KeyIdsAsync());
        (await gateway.LogInAsync()).IsProblem(HttpStatusCode.ServiceUnavailable, "storage-unavailable");
    }

    [Fact]
    public async Task Without_any_key_read_nobody_is_told_that_there_are_none()
    {
        var tap = new TableTap(azurite) { Closed = true };
        await using var gateway = await StartAsync(tap.Install);

        (await gateway.SigningKeysAsync()).IsProblem(HttpStatusCode.ServiceUnavailable, "issuer-unavailable");
    }

    [Fact]
    public async Task The_private_key_is_in_the_vault_alone()
    {
        string token;
        await using (var first = await StartAsync())
            token = (string)(await first.LogInAsync()).Json["bearer"]!;
        foreach (var entry in Directory.EnumerateDirectories(Path.Combine(vault.FullName, "entries")))
            Directory.Delete(entry, recursive: true);

        await using var second = await StartAsync();

        await second.LoggedInAsync();
        (await second.WithToken("demo", token).GetAsync("/mtls/account/demo/certificates")).IsProblem(HttpStatusCode.Unauthorized, "unauthorized");
        var columns = new List<string>();
        await foreach (var row in second.Service<TableClient>().QueryAsync<TableEntity>(cancellationToken: TestContext.Current.CancellationToken))
            columns.AddRange(row.RowKey.StartsWith(RowKinds.Audit, StringComparison.Ordinal) ? [] : row.Keys);
        Assert.Equal(
            ["Bytes", "Created", "Id", "PartitionKey", "Purpose", "RowKey", "Thumbprint", "Timestamp", "Value", "VaultName", "VaultVersion", "odata.etag"],
            columns.Distinct().Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Refreshing_ends_when_the_longest_session_is_over_however_often_it_was_refreshed()
    {
        await using var gateway = await StartAsync();
        var login = await gateway.LogInAsync();
        Task<Answer> RefreshAsync(Answer of) => gateway.WithToken("demo", (string)of.Json["bearer"]!).SendAsync(HttpMethod.Post, "/api/account/demo/refresh");

        var latest = login;
        for (var hours = 6; hours < 24; hours += 6)
        {
            clock.Advance(TimeSpan.FromHours(6));
            latest = await RefreshAsync(latest);
            Assert.Equal(HttpStatusCode.OK, latest.Status);
        }

        clock.Advance(TimeSpan.FromHours(6));
        (await RefreshAsync(latest)).IsProblem(HttpStatusCode.Unauthorized, "login-failed");
        // The one that the login gave has ended by itself.
        (await RefreshAsync(login)).IsProblem(HttpStatusCode.Unauthorized, "unauthorized");
    }

    [Fact]
    public async Task Who_is_no_longer_configured_cannot_refresh()
    {
        string token;
        await using (var before = await StartAsync())
            token = (string)(await before.LogInAsync()).Json["bearer"]!;
        await using var after = await StartAsync(settings: new Dictionary<string, string?> { ["Accounts:Administrators:ann:LoginName"] = "bob" });

        (await after.WithToken("demo", token).SendAsync(HttpMethod.Post, "/api/account/demo/refresh")).IsProblem(HttpStatusCode.Unauthorized, "login-failed");
    }

    [Fact]
    public async Task Switched_off_nothing_of_it_answers_and_its_tokens_are_refused()
    {
        string token;
        await using (var on = await StartAsync())
            token = (string)(await on.LogInAsync()).Json["bearer"]!;
        await using var off = await StartAsync(settings: new Dictionary<string, string?> { ["Accounts:Enabled"] = "false" });

        Answer[] gone =
        [
            await off.LogInAsync(), await off.TokenAsync(), await off.TokenAsync(version: ""), await off.SigningKeysAsync(),
            await off.As("demo").SendAsync(HttpMethod.Post, "/api/account/demo/refresh"),
        ];

        Assert.All(gone, answer => answer.IsProblem(HttpStatusCode.NotFound, "not-found"));
        (await off.WithToken("demo", token).GetAsync("/mtls/account/demo/certificates")).IsProblem(HttpStatusCode.Unauthorized, "unauthorized");
        Assert.DoesNotContain("urn:mtlsfunctions:gateway", (await off.As("demo").GetAsync("/health/details")).Text, StringComparison.Ordinal);
    }

    public void Dispose() => vault.Delete(recursive: true);

    /// <summary>All that a test starts share table and vault, and go by the same clock.</summary>
    private Task<TestGateway> StartAsync(Action<WebApplicationBuilder>? configure = null, Dictionary<string, string?>? settings = null)
    {
        var all = new Dictionary<string, string?>(Persons.Settings) { ["Storage:TableName"] = table, ["LocalVault:Folder"] = vault.FullName };
        foreach (var (name, value) in settings ?? [])
            all[name] = value;
        return TestGateway.StartAsync(azurite, all, builder =>
        {
            builder.Services.AddSingleton<TimeProvider>(clock);
            configure?.Invoke(builder);
        });
    }
}
