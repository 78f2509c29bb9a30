using System.Buffers;
using System.IO.Pipelines;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Unicode;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;

namespace MtlsFunctions.LocalHost.Sandbox;

/// <summary>An HTTPS endpoint that demands a client certificate of the sandbox's CA and answers any request with what it saw.</summary>
public sealed class SandboxServer : IAsyncDisposable
{
    /// <summary>In bytes; a longer body, or one that isn't UTF-8, is answered with its hash.</summary>
    private const int LongestText = 4096;

    // Relaxed, because people read these answers: "+" in a token stays "+". They are never part of a page.
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    private readonly WebApplication app;

    private SandboxServer(WebApplication app) => this.app = app;

    /// <summary>With the real port; no slash at the end.</summary>
    public string Url => app.Services.GetRequiredService<IServer>().Features.GetRequiredFeature<IServerAddressesFeature>().Addresses.Single();

    /// <param name="port">0 takes a free one.</param>
    /// <exception cref="LocalHostException">The port is in use.</exception>
    public static async Task<SandboxServer> StartAsync(SandboxPki pki, int port, CancellationToken cancellation)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ApplicationName = "MtlsFunctions.Sandbox" });
        builder.Logging.AddConsole(console => console.LogToStandardErrorThreshold = LogLevel.Trace).SetMinimumLevel(LogLevel.Warning)
            // A failed start is ours to tell: the host would print its stack trace first.
            .AddFilter("Microsoft.Extensions.Hosting", LogLevel.None);
        builder.WebHost.UseKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = null;
            kestrel.Listen(IPAddress.Loopback, port, listen =>
            {
                listen.Protocols = HttpProtocols.Http1AndHttp2;
                listen.UseHttps(https =>
                {
                    https.ServerCertificate = pki.Server;
                    https.ClientCertificateMode = ClientCertificateMode.RequireCertificate;
                    https.ClientCertificateValidation = (client, _, _) => IsClientOf(pki.Ca, client);
                });
            });
        });

        var app = builder.Build();
        app.Run(AnswerAsync);
        try
        {
            await app.StartAsync(cancellation);
        }
        catch (IOException fault)
        {
            await app.DisposeAsync();
            throw new LocalHostException($"The sandbox can't listen on port {port}: {fault.Message} Stop what uses it, or set Sandbox__Port.");
        }
        catch
        {
            await app.DisposeAsync();
            throw;
        }

        return new SandboxServer(app);
    }

    public ValueTask DisposeAsync() => app.DisposeAsync();

    // What the platform trusts doesn't count here, nor does what it would look up on the network.
    private static bool IsClientOf(X509Certificate2 ca, X509Certificate2 client)
    {
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.Add(ca);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.DisableCertificateDownloads = true;
        chain.ChainPolicy.ApplicationPolicy.Add(new Oid("1.3.6.1.5.5.7.3.2", "clientAuth"));
        return chain.Build(client);
    }

    private static async Task AnswerAsync(HttpContext context)
    {
        var client = context.Connection.ClientCertificate!;
        var request = context.Features.GetRequiredFeature<IHttpRequestFeature>();
        var (body, bodySha256) = await ReadAsync(context.Request.BodyReader, context.RequestAborted);
        var answer = JsonSerializer.SerializeToUtf8Bytes(
            new Seen(
                client.Subject,
                Convert.ToHexStringLower(client.GetCertHash(HashAlgorithmName.SHA256)),
                context.Features.GetRequiredFeature<ITlsHandshakeFeature>().Protocol.ToString(),
                request.Method,
                request.RawTarget,
                request.Headers.ToDictionary(header => header.Key, header => string.Join(", ", (IEnumerable<string?>)header.Value)),
                body,
                bodySha256),
            Json);
        context.Response.ContentType = "application/json";
        context.Response.ContentLength = answer.Length;
        // For HEAD, Kestrel sends the headers and drops this.
        await context.Response.Body.WriteAsync(answer, context.RequestAborted);
    }

    /// <returns>The body as text, or its hash; whatever its length, no more than 4 KB of it are kept in memory.</returns>
    private static async Task<(string? Text, string? Sha256)> ReadAsync(PipeReader body, CancellationToken cancellation)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var start = new ArrayBufferWriter<byte>();
        var isShort = true;
        ReadResult read;
        do
        {
            read = await body.ReadAsync(cancellation);
            foreach (var part in read.Buffer)
            {
                hash.AppendData(part.Span);
                isShort = isShort && start.WrittenCount + part.Length <= LongestText;
                if (isShort)
                    start.Write(part.Span);
            }

            body.AdvanceTo(read.Buffer.End);
        }
        while (!read.IsCompleted);

        return isShort && Utf8.IsValid(start.WrittenSpan)
            ? (Encoding.UTF8.GetString(start.WrittenSpan), null)
            : (null, Convert.ToHexStringLower(hash.GetHashAndReset()));
    }

    private sealed record Seen(
        string Subject, string Thumbprint, string TlsVersion, string Method, string Path,
        Dictionary<string, string> Headers, string? Body, string? BodySha256);
}
