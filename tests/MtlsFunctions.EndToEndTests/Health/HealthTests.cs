using System.Net;
using MtlsFunctions.LocalHost.Azurite;

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

    private static (string, string)[] Checks(Answer details) =>
        [.. details.Json["checks"]!.AsArray().Select(check => ((string)check!["name"]!, (string)check["status"]!))];
}
