using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using ZLogger;

namespace MtlsFunctions.LocalHost;

/// <summary>Every function under Kestrel, composed exactly as in the Functions app.</summary>
public sealed class GatewayServer : IAsyncDisposable
{
    private readonly WebApplication app;

    private GatewayServer(WebApplication app, string url) => (this.app, Url) = (app, url);

    /// <summary>The address it listens on, with the real port; no slash at the end.</summary>
    public string Url { get; }

    public IServiceProvider Services => app.Services;

    /// <param name="configure">For tests: services that replace the product's, log capture.</param>
    /// <exception cref="LocalHostException">The address is in use, or a setting is wrong.</exception>
    public static async Task<GatewayServer> StartAsync(
        IConfiguration settings, string url, CancellationToken cancellation, Action<WebApplicationBuilder>? configure = null)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ApplicationName = "MtlsFunctions" });
        builder.Configuration.AddConfiguration(settings);
        builder.WebHost.UseKestrel().UseUrls(url);
        builder.Services.AddRoutingCore();
        builder.Services.AddMtlsGateway(builder.Configuration);
        // Under the Functions host this meter is the host's own.
        builder.Services.AddMtlsTelemetry(builder.Configuration)?.WithMetrics(metrics => metrics.AddMeter("Microsoft.AspNetCore.Hosting"));
        builder.Logging.AddConfiguration(builder.Configuration.GetSection("Logging"));
        builder.Logging.AddZLoggerConsole(console =>
        {
            // Standard output belongs to the walkthrough.
            console.LogToStandardErrorThreshold = LogLevel.Trace;
            // Whoever logs faster than can be written waits: no line is lost, and memory stays bounded.
            console.FullMode = BackgroundBufferFullMode.Block;
            console.UseFormatter(() => new OneLineFormatter());
        });
        configure?.Invoke(builder);

        var app = builder.Build();
        try
        {
            app.MapFunctions();
            app.MapGet("/", () => Results.Redirect("console"));
            await app.StartAsync(cancellation);
        }
        catch (Exception fault)
        {
            await app.DisposeAsync();
            throw fault switch
            {
                IOException => new LocalHostException($"{url} can't be listened on: {fault.Message} Stop what uses it, or choose another address with --urls."),
                OptionsValidationException wrong => LocalHostException.Of(wrong),
                _ => fault,
            };
        }

        var address = app.Services.GetRequiredService<IServer>().Features.GetRequiredFeature<IServerAddressesFeature>().Addresses.First();
        return new GatewayServer(app, Reachable(address));
    }

    public ValueTask DisposeAsync() => app.DisposeAsync();

    // Kestrel reports "every address" as [::] or 0.0.0.0, which nobody can call.
    private static string Reachable(string address) =>
        new Uri(address) is { Host: "[::]" or "0.0.0.0" } any ? $"{any.Scheme}://127.0.0.1:{any.Port}" : address.TrimEnd('/');
}
