using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using MtlsFunctions.LocalHost.Azurite;
using MtlsFunctions.Shared;

namespace MtlsFunctions.EndToEndTests.Health;

public sealed class HealthTests(AzuriteFixture azurite)
{
    [Fact]
    public async Task Health_is_open_and_its_details_are_not()
    {
        await using var gateway = await TestGateway.StartAsync(azurite);
        var nobody = gateway.WithToken("demo", null);
        Assert.Equal("""{"status":"up"}""", (await nobody.GetAsync("/health")).Text);
        (await nobody.GetAsync("/health/details")).IsProblem(HttpStatusCode.Unauthorized, "unauthorized");
        (await gateway.As("demo", "MTLS_FORWARD").GetAsync("/health/details")).IsProblem(HttpStatusCode.Forbidden, "forbidden");

        var details = await gateway.As("demo", "MTLS_READ_INTERNAL").GetAsync("/health/details");
        Assert.Equal((HttpStatusCode.OK, "up"), (details.Status, (string?)details.Json["status"]));
        Assert.Equal([("table", "up"), ("vault", "up"), ($"issuer {gateway.Issuer.Issuer}", "up"), ("issuer urn:mtlsfunctions:gateway", "up")], Checks(details));
        Assert.All(details.Json["checks"]!.AsArray(), check => Assert.True((double)check!["milliseconds"]! >= 0));
    }

    [Fact]
    public async Task Details_tell_what_is_down_and_why_is_in_the_log()
    {
        string connection;
        await using (var gone = await AzuriteServer.StartAsync(null, 0, Console.Error.WriteLine, TestContext.Current.CancellationToken))
            connection = gone.ConnectionString;
        await using var gateway = await TestGateway.StartAsync(azurite, new Dictionary<string, string?> { ["Storage:ConnectionString"] = connection });
        var reader = gateway.As("demo", "MTLS_READ_INTERNAL");
        // Its keys are known from here on.
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await reader.GetAsync("/health/details")).Status);
        gateway.Issuer.Down = true;

        var details = await reader.GetAsync("/health/details");

        Assert.Equal((HttpStatusCode.ServiceUnavailable, "down"), (details.Status, (string?)details.Json["status"]));
        Assert.Equal([("table", "down"), ("vault", "up"), ($"issuer {gateway.Issuer.Issuer}", "down"), ("issuer urn:mtlsfunctions:gateway", "down")], Checks(details));
        Assert.Contains(gateway.Log.Lines, line => line.Text.Contains("The health check finds table down", StringComparison.Ordinal));
        Assert.Equal(HttpStatusCode.OK, (await reader.GetAsync("/health")).Status);
    }

    [Fact]
    public async Task Both_answers_are_never_kept_by_a_cache()
    {
        await using var gateway = await TestGateway.StartAsync(azurite);

        foreach (var path in new[] { "/health", "/health/ready", "/health/details" })
            Assert.Equal("no-store", (await gateway.As("demo").GetAsync(path)).Header("Cache-Control"));
    }

    [Fact]
    public async Task Without_its_vault_the_gateway_is_down()
    {
        await using var gateway = await TestGateway.StartAsync(azurite);
        Directory.Move(gateway.VaultFolder, gateway.VaultFolder + "-gone");

        var details = await gateway.As("demo").GetAsync("/health/details");

        Assert.Equal((HttpStatusCode.ServiceUnavailable, "down"), (details.Status, (string?)details.Json["status"]));
        Assert.Equal([("table", "up"), ("vault", "down")], Checks(details)[..2]);
    }

    [Fact]
    public async Task Without_an_issuer_the_gateway_is_up_and_says_which_one_is_missing()
    {
        await using var gateway = await TestGateway.StartAsync(azurite);
        var reader = gateway.As("demo");
        Assert.Equal(HttpStatusCode.OK, (await reader.GetAsync("/health/details")).Status);
        gateway.Issuer.Down = true;

        var details = await reader.GetAsync("/health/details");

        Assert.Equal((HttpStatusCode.OK, "up"), (details.Status, (string?)details.Json["status"]));
        Assert.Equal([("table", "up"), ("vault", "up"), ($"issuer {gateway.Issuer.Issuer}", "down"), ("issuer urn:mtlsfunctions:gateway", "up")], Checks(details));
    }

    [Fact]
    public async Task A_dependency_that_keeps_silent_is_down_after_five_seconds()
    {
        var clock = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        await using var silent = new FaultyServer(Faults.Hang, certificate: null);
        await using var gateway = await TestGateway.StartAsync(
            azurite,
            new Dictionary<string, string?> { ["Storage:ConnectionString"] = AzuriteServer.ConnectionStringOf(silent.Port), ["Storage:CallTimeout"] = "01:00:00" },
            builder => builder.Services.AddSingleton<TimeProvider>(clock));

        var asking = gateway.As("demo").GetAsync("/health/details");
        while (!asking.IsCompleted)
        {
            try
            {
                await asking.WaitAsync(TimeSpan.FromMilliseconds(50), TestContext.Current.CancellationToken);
            }
            catch (TimeoutException)
            {
                clock.Advance(TimeSpan.FromMilliseconds(500));
            }
        }

        var details = await asking;
        Assert.Equal(HttpStatusCode.ServiceUnavailable, details.Status);
        Assert.Equal(("table", "down"), Checks(details)[0]);
        Assert.True((double)details.Json["checks"]![0]!["milliseconds"]! >= 5000);
    }

    [Fact]
    public async Task Only_operators_see_which_issuers_there_are()
    {
        await using var gateway = await TestGateway.StartAsync(azurite);

        var refused = await gateway.As("tenant", "MTLS_WRITE_INTERNAL").GetAsync("/health/details");

        refused.IsProblem(HttpStatusCode.Forbidden, "forbidden");
        Assert.DoesNotContain(gateway.Issuer.Issuer, refused.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Readiness_is_open_names_nothing_and_tells_when_the_vault_is_gone()
    {
        await using var gateway = await TestGateway.StartAsync(azurite);
        var nobody = gateway.WithToken("demo", null);
        var ready = await nobody.GetAsync("/health/ready");
        Directory.Move(gateway.VaultFolder, gateway.VaultFolder + "-gone");
        var down = await nobody.GetAsync("/health/ready");

        Assert.Equal((HttpStatusCode.OK, """{"status":"up"}""", "no-store"), (ready.Status, ready.Text, ready.Header("Cache-Control")));
        Assert.Equal((HttpStatusCode.ServiceUnavailable, """{"status":"down"}"""), (down.Status, down.Text));
    }

    [Fact]
    public async Task However_often_it_is_asked_everything_is_looked_at_once_in_ten_seconds()
    {
        var clock = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        await using var gateway = await TestGateway.StartAsync(
            azurite, new Dictionary<string, string?> { ["Health:CacheTime"] = "00:00:10" }, builder => builder.Services.AddSingleton<TimeProvider>(clock));
        var demo = gateway.As("demo");
        await demo.GetAsync("/health/details");
        var fetched = gateway.Issuer.KeyRequests;

        await Task.WhenAll(Enumerable.Range(0, 20).SelectMany(_ => new[] { demo.GetAsync("/health/details"), demo.GetAsync("/health/ready") }));
        Assert.Equal(fetched, gateway.Issuer.KeyRequests);
        clock.Advance(TimeSpan.FromSeconds(10));
        await demo.GetAsync("/health/ready");

        Assert.Equal(fetched + 1, gateway.Issuer.KeyRequests);
    }

    private static (string, string)[] Checks(Answer details) =>
        [.. details.Json["checks"]!.AsArray().Select(check => ((string)check!["name"]!, (string)check["status"]!))];
}
