using System.Diagnostics;
using System.Net;
using MtlsFunctions.LocalHost.Azurite;
using MtlsFunctions.Shared;

namespace MtlsFunctions.EndToEndTests.Storage;

/// <summary>A table service that isn't there, or that takes requests and keeps silent.</summary>
public sealed class StorageOutageTests(AzuriteFixture azurite)
{
    private static readonly TimeSpan Promised = TimeSpan.FromSeconds(10);

    [Fact]
    public async Task Nobody_waits_longer_than_promised_for_a_table_that_keeps_silent()
    {
        await using var silent = new FaultyServer(Faults.Hang, certificate: null);
        await using var gateway = await TestGateway.StartAsync(azurite, new Dictionary<string, string?>
        {
            ["Storage:ConnectionString"] = AzuriteServer.ConnectionStringOf(silent.Port),
            // Half of the default, for the sake of the machine that runs this.
            ["Storage:CallTimeout"] = "00:00:01",
        });
        var demo = gateway.As("demo");
        var stranger = demo.With(new AppKey(1, "demo.1", "secret", "token", "secret"));
        var started = Stopwatch.GetTimestamp();

        var answers = await Task.WhenAll(
            demo.GetAsync(demo.CertificatesPath),
            demo.PostRawAsync("/mtls/account/demo/app-keys", """{"name":"n","permissions":["MTLS_FORWARD"]}"""),
            demo.SendAsync(HttpMethod.Delete, $"{demo.CertificatesPath}/1"),
            demo.ForwardAsync(HttpMethod.Get, "https://remote.example"),
            stranger.GetAsync(demo.CertificatesPath));

        Assert.InRange(Stopwatch.GetElapsedTime(started), TimeSpan.Zero, Promised);
        Assert.All(answers, IsUnavailable);
    }

    [Fact]
    public async Task A_change_does_not_queue_for_long_behind_another_that_the_table_keeps_waiting()
    {
        var (held, reached) = (new TaskCompletionSource(), new TaskCompletionSource());
        var tap = new TableTap(azurite);
        await using var gateway = await TestGateway.StartAsync(azurite, configure: tap.Install);
        var demo = gateway.As("demo");
        await demo.CreateAppKeyAsync("MTLS_FORWARD");
        tap.Before = (_, uri) =>
        {
            if (!uri.EndsWith("$batch", StringComparison.Ordinal))
                return Task.CompletedTask;
            reached.TrySetResult();
            return held.Task;
        };
        var first = demo.CreateAppKeyAsync("MTLS_FORWARD");
        await reached.Task.WaitAsync(TestContext.Current.CancellationToken);

        var second = await demo.PostRawAsync("/mtls/account/demo/app-keys", """{"name":"n","permissions":["MTLS_FORWARD"]}""");

        IsUnavailable(second);
        held.SetResult();
        await first;
    }

    [Fact]
    public async Task When_the_table_is_back_the_next_request_is_served()
    {
        var tap = new TableTap(azurite) { Closed = true };
        await using var gateway = await TestGateway.StartAsync(azurite, configure: tap.Install);
        var demo = gateway.As("demo");
        IsUnavailable(await demo.GetAsync(demo.CertificatesPath));
        IsUnavailable(await demo.PostRawAsync("/mtls/account/demo/app-keys", """{"name":"n","permissions":["MTLS_FORWARD"]}"""));

        tap.Closed = false;

        Assert.Equal(HttpStatusCode.OK, (await demo.GetAsync(demo.CertificatesPath)).Status);
        await demo.CreateAppKeyAsync("MTLS_FORWARD");
    }

    private static void IsUnavailable(Answer answer)
    {
        answer.IsProblem(HttpStatusCode.ServiceUnavailable, "storage-unavailable");
        Assert.Equal("5", answer.Header("Retry-After"));
    }
}
