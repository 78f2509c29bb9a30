using System.Net;

namespace MtlsFunctions.EndToEndTests.Measured;

public sealed class ThrottleMetricsTests(AzuriteFixture azurite)
{
    [Theory]
    [InlineData("Address", "address")]
    [InlineData("Account", "account")]
    public async Task Requests_that_come_too_fast_are_counted_by_what_ran_out(string limit, string scope)
    {
        await using var gateway = await TestGateway.StartAsync(azurite, new Dictionary<string, string?> { [$"Throttle:RequestsPerSecondPer{limit}"] = "1" });
        using var throttled = gateway.Measure<long>("mtls.throttled");
        var demo = gateway.As("demo");

        var refused = 0;
        for (var request = 0; request < 10; request++)
            refused += (await demo.GetAsync(demo.CertificatesPath)).Status == HttpStatusCode.TooManyRequests ? 1 : 0;

        Assert.NotEqual(0, refused);
        Assert.Equal(Enumerable.Repeat(scope, refused), throttled.GetMeasurementSnapshot().Select(one => one.Tags["mtls.throttle.scope"]));
    }
}
