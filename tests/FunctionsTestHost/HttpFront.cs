using System.Net;
using FunctionsTestHost.Protocol;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Yarp.ReverseProxy.Forwarder;

namespace FunctionsTestHost;

/// <summary>What callers see: routes of the functions, each request told to the worker and proxied to its HTTP server.</summary>
internal sealed class HttpFront(Worker worker, WorkerOutput output) : IAsyncDisposable
{
    private static readonly ForwarderRequestConfig Config = new() { Version = HttpVersion.Version11, ActivityTimeout = TimeSpan.FromMinutes(4) };

    private readonly HttpMessageInvoker client = new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        UseProxy = false,
        ActivityHeadersPropagator = null,
        ConnectCallback = WorkerConnections.ConnectAsync,
    });

    private WebApplication? app;

    public Uri Url { get; private set; } = new("about:blank");

    /// <exception cref="InvalidOperationException">A route can't be read.</exception>
    public async Task StartAsync(IReadOnlyList<HostedFunction> functions, FunctionsHostOptions options, CancellationToken cancellation)
    {
        var prefix = WorkerConfig.RoutePrefix(options.AppDirectory).Trim('/');
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().UseUrls(options.Url).ConfigureKestrel(kestrel => kestrel.Limits.MaxRequestBodySize = options.MaxRequestBodyBytes);
        builder.Services.AddRoutingCore().AddHttpForwarder();
        app = builder.Build();
        app.UseRouting();
        app.Use(NotFoundForOtherMethods);
        foreach (var function in functions.Where(function => function.HttpTrigger is not null))
            Map(app, $"/{prefix}/{function.Route}".Replace("//", "/", StringComparison.Ordinal), function);
        await app.StartAsync(cancellation);
        Url = new Uri(app.Urls.First());
    }

    public async Task StopAsync(TimeSpan grace)
    {
        using var patience = new CancellationTokenSource(grace);
        if (app is not null)
            await app.StopAsync(patience.Token);
    }

    public async ValueTask DisposeAsync()
    {
        if (app is not null)
        {
            await app.StopAsync(new CancellationToken(canceled: true));
            await app.DisposeAsync();
        }

        client.Dispose();
    }

    private void Map(WebApplication to, string route, HostedFunction function)
    {
        var forwarder = to.Services.GetRequiredService<IHttpForwarder>();
        RequestDelegate serve = context => ServeAsync(context, function, forwarder);
        try
        {
            _ = function.Methods is [] ? to.Map(route, serve) : to.MapMethods(route, function.Methods.Select(method => method.ToUpperInvariant()), serve);
        }
        catch (Microsoft.AspNetCore.Routing.Patterns.RoutePatternException fault)
        {
            throw new InvalidOperationException($"Function {function.Name} has a route that can't be read: {fault.Message}", fault);
        }
    }

    // As the platform answers a known path with another method.
    private static Task NotFoundForOtherMethods(HttpContext context, RequestDelegate next)
    {
        if (context.GetEndpoint() is RouteEndpoint)
            return next(context);
        context.Response.StatusCode = StatusCodes.Status404NotFound;
        return Task.CompletedTask;
    }

    private async Task ServeAsync(HttpContext context, HostedFunction function, IHttpForwarder forwarder)
    {
        var id = Guid.NewGuid().ToString();
        var invocation = worker.InvokeAsync(id, function, context.Request.RouteValues);
        var left = context.RequestAborted;
        await using var cancelling = left.Register(() => worker.Cancel(id));
        // The worker hears that the caller left by the stream alone: the platform doesn't end the request to its HTTP server.
        context.RequestAborted = CancellationToken.None;
        var error = await forwarder.SendAsync(context, worker.HttpUri.AbsoluteUri, client, Config, new HostHeaders(id), CancellationToken.None);
        var failure = await FailureOf(invocation);
        if (failure is not null)
            output.Add($"[host] {function.Name} {id}: {failure}");
        if (error == ForwarderError.None)
            return;
        output.Add($"[host] {function.Name} {id}: {error} {context.GetForwarderErrorFeature()?.Exception?.Message}");
        if (context.Response.HasStarted)
            context.Abort();
        else
            context.Response.StatusCode = StatusCodes.Status500InternalServerError;
    }

    private static async Task<string?> FailureOf(Task<StatusResult> invocation)
    {
        try
        {
            var result = await invocation;
            return result.Status == StatusResult.Types.Status.Success ? null : $"{result.Status} {result.Exception?.Message}";
        }
        catch (IOException fault)
        {
            return fault.Message;
        }
    }
}
