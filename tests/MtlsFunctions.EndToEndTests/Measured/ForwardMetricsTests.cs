using System.Diagnostics;
using System.Globalization;
using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Diagnostics.Metrics.Testing;
using MtlsFunctions.Shared;

namespace MtlsFunctions.EndToEndTests.Measured;

/// <summary>What real forwards leave behind: measurements, one span and one line, and no secret in any of them.</summary>
public sealed class ForwardMetricsTests(AzuriteFixture azurite)
{
    private const string Secret = "not-to-be-told";

    [Fact]
    public async Task A_forward_is_measured_by_its_outcome_and_the_gateways_time_apart_from_the_remotes()
    {
        await using var gateway = await TestGateway.StartAsync(azurite);
        await using var remote = await MtlsServer.StartAsync(gateway.Pki, options => options.Handler = AnswerAsync);
        var demo = await OnboardAsync(gateway, remote, "/204", "/302", "/404", "/503");
        using var durations = gateway.Measure<double>("mtls.forward.duration");
        using var ours = gateway.Measure<double>("mtls.forward.gateway.duration");
        using var theirs = gateway.Measure<double>("mtls.forward.upstream.duration");

        foreach (var status in new[] { "204", "302", "404", "503" })
            await demo.ForwardAsync(HttpMethod.Get, $"{remote.Url}/{status}");

        Assert.Equal(["2xx", "3xx", "4xx", "5xx"], Outcomes(durations));
        Assert.All(durations.GetMeasurementSnapshot(), one => Assert.Equal("WEBHOOKS", one.Tags["mtls.service"]));
        var parts = ours.GetMeasurementSnapshot().Zip(theirs.GetMeasurementSnapshot(), (our, their) => (Ours: our.Value, Theirs: their.Value)).ToArray();
        Assert.Equal(4, parts.Length);
        Assert.All(durations.GetMeasurementSnapshot().Zip(parts), one => Assert.True(
            one.Second.Ours > 0 && one.Second.Theirs > 0 && one.Second.Ours + one.Second.Theirs <= one.First.Value));
    }

    [Fact]
    public async Task Forwards_without_an_answer_are_measured_by_what_went_wrong()
    {
        await using var gateway = await TestGateway.StartAsync(azurite);
        var demo = gateway.As("demo");
        using var durations = gateway.Measure<double>("mtls.forward.duration");
        using var theirs = gateway.Measure<double>("mtls.forward.upstream.duration");

        await demo.ForwardAsync(HttpMethod.Get, "https://127.0.0.1:1/");
        await demo.ForwardAsync(HttpMethod.Get, "https://10.0.0.1/");
        await demo.ForwardAsync(HttpMethod.Get, "https://127.0.0.1:1/", headers: [("LP-stop-if-certificate-not-found", "true")]);

        Assert.Equal(["connection-refused", "target-refused", "no-mapping"], Outcomes(durations));
        Assert.Empty(theirs.GetMeasurementSnapshot());
    }

    [Theory]
    [InlineData(HttpProtocols.Http1, "1.1")]
    [InlineData(HttpProtocols.Http2, "2")]
    public async Task Handshakes_and_warm_identities_are_counted(HttpProtocols protocols, string http)
    {
        await using var gateway = await TestGateway.StartAsync(azurite, new Dictionary<string, string?> { ["Forwarding:Http2"] = $"{protocols == HttpProtocols.Http2}" });
        await using var remote = await MtlsServer.StartAsync(gateway.Pki, options => options.Protocols = protocols);
        var demo = await OnboardAsync(gateway, remote, "");
        using var handshakes = gateway.Measure<long>("mtls.tls.handshakes");
        using var handlers = gateway.Measure<long>("mtls.handler.requests");
        using var days = gateway.Measure<double>(Telemetry.DaysToExpiry);

        for (var forward = 0; forward < 3; forward++)
            Assert.Equal(HttpStatusCode.OK, (await demo.ForwardAsync(HttpMethod.Get, remote.Url)).Status);

        Assert.Equal((1, 1), (remote.Handshakes, handshakes.GetMeasurementSnapshot().Count));
        Assert.All(handshakes.GetMeasurementSnapshot(), one => Assert.Equal(("1.3", http), ((string?)one.Tags["tls.protocol.version"], (string?)one.Tags["network.protocol.version"])));
        Assert.Equal(["miss", "hit", "hit"], handlers.GetMeasurementSnapshot().Select(one => one.Tags["mtls.result"]));
        var told = Assert.Single(days.GetMeasurementSnapshot());
        Assert.Empty(told.Tags);
        Assert.True(told.Value > 0);
    }

    [Fact]
    public async Task Every_forward_leaves_one_line_and_one_span_and_neither_tells_path_query_or_headers()
    {
        var spans = new List<Activity>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == Telemetry.Name,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStopped = span => { lock (spans) spans.Add(span); },
        };
        ActivitySource.AddActivityListener(listener);
        await using var gateway = await TestGateway.StartAsync(azurite);
        await using var remote = await MtlsServer.StartAsync(gateway.Pki, options => options.Handler = AnswerAsync);
        var demo = await OnboardAsync(gateway, remote, $"/503?key={Secret}");

        await demo.ForwardAsync(HttpMethod.Get, $"{remote.Url}/503?key={Secret}", headers: [("LP-authorization-override", Secret)]);
        await demo.ForwardAsync(HttpMethod.Get, $"https://127.0.0.1:1/{Secret}");

        var lines = gateway.Log.Lines.Select(line => line.Text).Where(line => line.Contains("Forward account=", StringComparison.Ordinal)).ToArray();
        Assert.Equal(2, lines.Length);
        Assert.Contains("outcome=503", lines[0], StringComparison.Ordinal);
        Assert.Contains("outcome=connection-refused", lines[1], StringComparison.Ordinal);
        Activity[] mine;
        lock (spans)
            mine = [.. spans.Where(span => (int)span.GetTagItem("server.port")! is var port && (port == 1 || port == new Uri(remote.Url).Port))];
        Assert.Contains(mine, span => (int?)span.GetTagItem("http.response.status_code") == 503);
        Assert.Contains(mine, span => (string?)span.GetTagItem(Telemetry.Error) == "connection-refused" && span.Status == ActivityStatusCode.Error);
        Assert.All(mine, span => Assert.DoesNotContain(span.TagObjects, tag => tag.Value?.ToString()?.Contains(Secret, StringComparison.Ordinal) == true));
        Assert.DoesNotContain(lines, line => line.Contains(Secret, StringComparison.Ordinal));
    }

    private static Task AnswerAsync(HttpContext context)
    {
        context.Response.StatusCode = int.Parse(context.Request.Path.Value![1..], CultureInfo.InvariantCulture);
        return Task.CompletedTask;
    }

    private static async Task<GatewayClient> OnboardAsync(TestGateway gateway, MtlsServer remote, params string[] paths)
    {
        var demo = gateway.As("demo");
        var certificate = await demo.UploadAsync(gateway.Pki.IssueClient());
        foreach (var path in paths)
            await demo.MapAsync(remote.Url + path, certificate);
        return demo;
    }

    private static IEnumerable<object?> Outcomes(MetricCollector<double> durations) =>
        durations.GetMeasurementSnapshot().Select(one => one.Tags["mtls.forward.outcome"]);
}
