using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using MtlsFunctions.Shared;

namespace MtlsFunctions.EndToEndTests.Worker;

/// <summary>A remote endpoint whose header values are bytes, not only ASCII.</summary>
public sealed class FileServer : IAsyncDisposable
{
    private readonly WebApplication app;

    private FileServer(WebApplication app) => this.app = app;

    public string Url => app.Urls.First();

    /// <param name="disposition">One character for each byte.</param>
    public static async Task<FileServer> StartAsync(TestPki pki, string disposition)
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration().UseUrls("https://127.0.0.1:0").ConfigureKestrel(kestrel =>
        {
            kestrel.ResponseHeaderEncodingSelector = _ => Encoding.Latin1;
            kestrel.ConfigureHttpsDefaults(https => https.ServerCertificate = pki.IssueServer());
        });
        var app = builder.Build();
        app.Run(context =>
        {
            context.Response.Headers.ContentDisposition = disposition;
            return context.Response.WriteAsync("the file", context.RequestAborted);
        });
        await app.StartAsync();
        return new FileServer(app);
    }

    public ValueTask DisposeAsync() => app.DisposeAsync();
}
