using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Text;
using Azure.Core;
using Azure.Core.Pipeline;
using Azure.Monitor.OpenTelemetry.Exporter;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using MtlsFunctions.Shared;
using OpenTelemetry.Logs;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;

namespace MtlsFunctions.Tests;

public sealed partial class TelemetryExportTests
{
    private const string ConnectionString = "InstrumentationKey=00000000-0000-0000-0000-000000000000;IngestionEndpoint=https://ingestion.example/";

    [Fact]
    public async Task Logs_traces_and_metrics_reach_the_collector_that_is_named()
    {
        var received = new ConcurrentDictionary<string, string>();
        await using var collector = await StartCollectorAsync(received);
        using var host = await StartAsync(SettingsFor(collector));

        Say(host);

        Assert.Contains("a line of ours", received["/v1/logs"], StringComparison.Ordinal);
        Assert.Contains("an activity of ours", received["/v1/traces"], StringComparison.Ordinal);
        Assert.Contains(Telemetry.DaysToExpiry, received["/v1/metrics"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_frameworks_say_of_single_requests_stays_here()
    {
        var received = new ConcurrentDictionary<string, string>();
        await using var collector = await StartCollectorAsync(received);
        using var host = await StartAsync(SettingsFor(collector));

        foreach (var category in new[] { "Microsoft.AspNetCore.Hosting.Diagnostics", "System.Net.Http.HttpClient.Default.ClientHandler" })
        {
            var log = LoggerOf(host, category);
            Request(log, "GET https://example.com/?secret=in-the-query");
            Warning(log);
        }

        Say(host);

        Assert.Contains("a warning of theirs", received["/v1/logs"], StringComparison.Ordinal);
        Assert.DoesNotContain("in-the-query", received["/v1/logs"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task To_Application_Insights_goes_every_log_line_with_the_apps_identity_and_no_key()
    {
        var ingestion = new Ingestion();
        using var host = await StartAsync(
            services => services.PostConfigure<AzureMonitorExporterOptions>(options =>
            {
                options.Transport = new HttpClientTransport(ingestion);
                options.DisableOfflineStorage = true;
                // None is kept, and the log lines of the requests all the same.
                (options.TracesPerSecond, options.SamplingRatio) = (null, 0);
            }),
            (TelemetryExport.AzureMonitor, ConnectionString));

        Say(host);

        Assert.All(ingestion.Received, request => Assert.Equal("Bearer the-identity", request.Authorization));
        Assert.Contains(ingestion.Received, request => request.Body.Contains("a line of ours", StringComparison.Ordinal));
        Assert.Contains(ingestion.Received, request => request.Body.Contains(Telemetry.DaysToExpiry, StringComparison.Ordinal));
        // What the alerts on expiring certificates look at.
        Assert.Contains(ingestion.Received, request => request.Body.Contains("\"min\":3", StringComparison.Ordinal));
        Assert.DoesNotContain(ingestion.Received, request => request.Body.Contains("an activity of ours", StringComparison.Ordinal));
    }

    [Fact]
    public void Without_an_address_nothing_is_collected()
    {
        var services = new ServiceCollection();

        Assert.Null(services.AddMtlsTelemetry(new ConfigurationBuilder().Build()));
        Assert.Empty(services);
    }

    private static Task<LoopbackKestrel> StartCollectorAsync(ConcurrentDictionary<string, string> received) => LoopbackKestrel.StartAsync(async context =>
    {
        using var body = new StreamReader(context.Request.Body, Encoding.Latin1);
        received[context.Request.Path] = await body.ReadToEndAsync(context.RequestAborted);
    });

    private static (string, string)[] SettingsFor(LoopbackKestrel collector) =>
        [(TelemetryExport.OpenTelemetryProtocol, $"http://127.0.0.1:{collector.Port}"), ("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf")];

    private static ILogger LoggerOf(IHost host, string category) => host.Services.GetRequiredService<ILoggerFactory>().CreateLogger(category);

    private static void Say(IHost host)
    {
        using (Telemetry.Activities.StartActivity("an activity of ours"))
            Line(LoggerOf(host, "MtlsFunctions.Anything"));
        using var meter = host.Services.GetRequiredService<IMeterFactory>().Create(Telemetry.Name);
        var days = meter.CreateHistogram<double>(Telemetry.DaysToExpiry);
        days.Record(30);
        days.Record(3);

        Assert.True(host.Services.GetRequiredService<LoggerProvider>().ForceFlush());
        Assert.True(host.Services.GetRequiredService<TracerProvider>().ForceFlush());
        Assert.True(host.Services.GetRequiredService<MeterProvider>().ForceFlush());
    }

    private static Task<IHost> StartAsync(params (string Name, string Value)[] settings) => StartAsync(_ => { }, settings);

    private static async Task<IHost> StartAsync(Action<IServiceCollection> configure, params (string Name, string Value)[] settings)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Configuration.AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create(setting.Name, (string?)setting.Value)));
        builder.Services.AddSingleton<TokenCredential>(new Identity());
        Assert.NotNull(builder.Services.AddMtlsTelemetry(builder.Configuration));
        configure(builder.Services);
        var host = builder.Build();
        await host.StartAsync(TestContext.Current.CancellationToken);
        return host;
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "a line of ours")]
    private static partial void Line(ILogger log);

    [LoggerMessage(Level = LogLevel.Information, Message = "{Text}")]
    private static partial void Request(ILogger log, string text);

    [LoggerMessage(Level = LogLevel.Warning, Message = "a warning of theirs")]
    private static partial void Warning(ILogger log);

    private sealed class Identity : TokenCredential
    {
        private static readonly AccessToken Token = new("the-identity", DateTimeOffset.MaxValue);

        public override AccessToken GetToken(TokenRequestContext requestContext, CancellationToken cancellationToken) => Token;

        public override ValueTask<AccessToken> GetTokenAsync(TokenRequestContext requestContext, CancellationToken cancellationToken) => new(Token);
    }

    /// <summary>The ingestion service of Application Insights, which takes everything.</summary>
    private sealed class Ingestion : HttpMessageHandler
    {
        public ConcurrentQueue<(string? Authorization, string Body)> Received { get; } = new();

        protected override HttpResponseMessage Send(HttpRequestMessage request, CancellationToken cancellationToken) =>
            Take(request, request.Content!.ReadAsStream(cancellationToken));

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            Take(request, await request.Content!.ReadAsStreamAsync(cancellationToken));

        private HttpResponseMessage Take(HttpRequestMessage request, Stream content)
        {
            Stream plain = request.Content!.Headers.ContentEncoding.Contains("gzip")
                ? new System.IO.Compression.GZipStream(content, System.IO.Compression.CompressionMode.Decompress)
                : content;
            using var body = new StreamReader(plain);
            Received.Enqueue((request.Headers.Authorization?.ToString(), body.ReadToEnd()));
            return new HttpResponseMessage(System.Net.HttpStatusCode.OK) { Content = new StringContent("""{"itemsReceived":1,"itemsAccepted":1,"errors":[]}""") };
        }
    }
}
