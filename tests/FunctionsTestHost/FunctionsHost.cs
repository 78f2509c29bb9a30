using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;

namespace FunctionsTestHost;

/// <summary>
/// An Azure Functions host for tests: starts a published isolated worker as a process of its own, loads its functions, and serves
/// them over HTTP as the platform's host does. README.md says what is alike and what isn't.
/// </summary>
public sealed class FunctionsHost : IAsyncDisposable
{
    private static readonly TimeSpan StreamToExit = TimeSpan.FromSeconds(5);
    private readonly FunctionsHostOptions options;
    private readonly WorkerOutput output = new();
    private readonly string workerId = Guid.NewGuid().ToString();
    private readonly WorkerStream stream;
    private readonly Worker worker;
    private readonly HttpFront front;
    private WebApplication? grpc;
    private WorkerProcess? process;

    private FunctionsHost(FunctionsHostOptions options)
    {
        this.options = options;
        stream = new WorkerStream(workerId, output);
        worker = new Worker(stream, options.AppDirectory);
        front = new HttpFront(worker, output);
    }

    /// <summary>Where callers reach the functions; without a slash at the end.</summary>
    public string Url => front.Url.GetLeftPart(UriPartial.Authority);

    public IReadOnlyList<HostedFunction> Functions { get; private set; } = [];

    /// <summary>What the worker says that it can do.</summary>
    public IReadOnlyDictionary<string, string> Capabilities => worker.Capabilities;

    /// <summary>The worker's process.</summary>
    public int ProcessId => process!.Id;

    /// <summary>The last lines that the worker has written, to its outputs or its log, and what went wrong in this host.</summary>
    public string Output => output.Text;

    /// <exception cref="FunctionsHostException">The worker didn't start, ended, refused, has a function that can't be loaded, or took too long.
    /// Nothing is left running.</exception>
    public static async Task<FunctionsHost> StartAsync(FunctionsHostOptions options, CancellationToken cancellation)
    {
        var host = new FunctionsHost(options);
        try
        {
            await host.StartAsync(cancellation);
            return host;
        }
        catch
        {
            await host.DisposeAsync();
            throw;
        }
    }

    /// <summary>Tells the worker to end, at once: what is under way may finish. After the grace period it is killed.</summary>
    /// <returns>Whether it ended by itself.</returns>
    public async Task<bool> StopAsync()
    {
        worker.Terminate(options.GracePeriod);
        var ended = await process!.EndAsync(options.GracePeriod);
        await front.StopAsync(options.GracePeriod);
        return ended;
    }

    /// <summary>Ends the worker without waiting for anything.</summary>
    public async ValueTask DisposeAsync()
    {
        if (process is not null)
            await process.DisposeAsync();
        await front.DisposeAsync();
        if (grpc is not null)
        {
            await grpc.StopAsync(new CancellationToken(canceled: true));
            await grpc.DisposeAsync();
        }
    }

    private async Task StartAsync(CancellationToken cancellation)
    {
        grpc = await ListenAsync(cancellation);
        process = WorkerProcess.Start(options, new Uri(grpc.Urls.First()), workerId, output);
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        patience.CancelAfter(options.StartTimeout);
        var starting = LoadAsync(patience.Token);
        var exiting = process.ExitAsync(patience.Token);
        try
        {
            if (await Task.WhenAny(starting, exiting) == exiting && exiting.IsCompletedSuccessfully)
                throw new FunctionsHostException($"The worker ended with exit code {await exiting} before its functions were loaded.", Output);
            await starting;
        }
        catch (IOException fault) when (!process.HasExited)
        {
            // A process that ends closes its stream first. It doesn't go on without one either.
            await process.EndAsync(StreamToExit);
            throw new FunctionsHostException($"The worker left its host and ended with exit code {await process.ExitAsync(cancellation)}.", Output, fault);
        }
        catch (Exception fault) when (fault is InvalidOperationException or IOException)
        {
            throw new FunctionsHostException(fault.Message, Output, fault);
        }
        catch (OperationCanceledException fault) when (!cancellation.IsCancellationRequested)
        {
            throw new FunctionsHostException($"The worker had not loaded its functions after {options.StartTimeout.TotalSeconds} seconds.", Output, fault);
        }
    }

    private async Task LoadAsync(CancellationToken cancellation)
    {
        await stream.Connected.WaitAsync(cancellation);
        await worker.InitAsync(cancellation);
        Functions = await worker.LoadAsync(cancellation);
        await front.StartAsync(Functions, options, cancellation);
    }

    private async Task<WebApplication> ListenAsync(CancellationToken cancellation)
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http2));
        builder.Services.AddRoutingCore().AddSingleton(stream);
        builder.Services.AddGrpc(service => service.MaxReceiveMessageSize = null);
        var app = builder.Build();
        app.MapGrpcService<WorkerStream>();
        await app.StartAsync(cancellation);
        return app;
    }
}
