using Azure.Core;
using Azure.Monitor.OpenTelemetry.Exporter;
using OpenTelemetry;
using OpenTelemetry.Logs;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;

namespace MtlsFunctions;

/// <summary>Sends logs, traces and metrics where the usual environment variables say; both hosts share it.</summary>
public static class TelemetryExport
{
    /// <summary>Set by the template: Application Insights, to which the app shows its identity and no key.</summary>
    public const string AzureMonitor = "APPLICATIONINSIGHTS_CONNECTION_STRING";

    /// <summary>Any OpenTelemetry collector; further <c>OTEL_…</c> variables are understood as its specification says.</summary>
    public const string OpenTelemetryProtocol = "OTEL_EXPORTER_OTLP_ENDPOINT";

    /// <returns>For what only one host adds; null where neither variable is set, and nothing is collected then.</returns>
    public static IOpenTelemetryBuilder? AddMtlsTelemetry(this IServiceCollection services, IConfiguration configuration)
    {
        var toAzureMonitor = !string.IsNullOrEmpty(configuration[AzureMonitor]);
        var toCollector = !string.IsNullOrEmpty(configuration[OpenTelemetryProtocol]);
        if (!toAzureMonitor && !toCollector)
            return null;

        // What frameworks say of single requests holds URLs with their queries.
        services.Configure<LoggerFilterOptions>(filters => filters
            .AddFilter<OpenTelemetryLoggerProvider>("Microsoft", LogLevel.Warning)
            .AddFilter<OpenTelemetryLoggerProvider>("System", LogLevel.Warning));
        // No instrumentation of ASP.NET Core or HttpClient: the Functions host reports each request already, and ours know what is secret.
        var telemetry = services.AddOpenTelemetry()
            .WithTracing(traces => traces.AddSource(Telemetry.Name))
            .WithMetrics(metrics => metrics.AddMeter(Telemetry.Name, "System.Runtime"))
            .WithLogging(null, logs => logs.IncludeFormattedMessage = true);
        if (toAzureMonitor)
        {
            services.AddOptions<AzureMonitorExporterOptions>().Configure<TokenCredential>(Configure);
            telemetry.UseAzureMonitorExporter();
        }

        return toCollector ? telemetry.UseOtlpExporter() : telemetry;
    }

    private static void Configure(AzureMonitorExporterOptions options, TokenCredential identity)
    {
        options.Credential = identity;
        // Traces are sampled. By default log lines go with them, and most forwards would leave no line.
        options.TracesPerSecond = 5;
        options.EnableTraceBasedLogsSampler = false;
        options.EnableLiveMetrics = false;
    }
}
