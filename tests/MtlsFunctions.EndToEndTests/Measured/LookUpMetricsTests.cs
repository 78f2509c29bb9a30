using MtlsFunctions.Shared;

namespace MtlsFunctions.EndToEndTests.Measured;

public sealed class LookUpMetricsTests(AzuriteFixture azurite)
{
    [Fact]
    public async Task A_look_up_is_a_miss_once_and_then_a_hit_until_the_account_changes()
    {
        await using var gateway = await TestGateway.StartAsync(azurite);
        await using var remote = await MtlsServer.StartAsync(gateway.Pki);
        using var lookUps = gateway.Measure<long>("mtls.mapping.lookups");
        var demo = gateway.As("demo");
        var certificate = await demo.UploadAsync(gateway.Pki.IssueClient());
        await demo.MapAsync(remote.Url, certificate);

        await demo.ForwardAsync(HttpMethod.Get, remote.Url);
        await demo.ForwardAsync(HttpMethod.Get, remote.Url);
        await demo.MapAsync(remote.Url + "/other", certificate);
        await demo.ForwardAsync(HttpMethod.Get, remote.Url);

        Assert.Equal(["miss", "hit", "miss"], lookUps.GetMeasurementSnapshot().Select(one => one.Tags["mtls.result"]));
    }
}
