using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;

namespace MtlsFunctions.Shared;

/// <summary>Kestrel on 127.0.0.1 with one handler, no configuration files and no logs: what the test servers are built on.</summary>
public sealed class LoopbackKestrel : IAsyncDisposable
{
    private readonly WebApplication application;

    private LoopbackKestrel(WebApplication application)
    {
        this.application = application;
        var addresses = application.Services.GetRequiredService<IServer>().Features.GetRequiredFeature<IServerAddressesFeature>();
        Port = new Uri(addresses.Addresses.Single()).Port;
    }

    public int Port { get; }

    /// <param name="port">0 takes a free one; a number is for a server that comes back where it was.</param>
    public static async Task<LoopbackKestrel> StartAsync(
        RequestDelegate handler, Action<ListenOptions>? listen = null, int port = 0)
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel =>
        {
            kestrel.Limits.MaxRequestBodySize = null;
            kestrel.AddServerHeader = false;
            kestrel.Listen(IPAddress.Loopback, port, listen ?? (_ => { }));
        });
        var application = builder.Build();
        application.Run(handler);
        await application.StartAsync();
        return new(application);
    }

    /// <summary>Ends at once: requests in flight are aborted, not waited for.</summary>
    public async ValueTask DisposeAsync()
    {
        await application.StopAsync(new CancellationToken(canceled: true));
        await application.DisposeAsync();
    }
}
