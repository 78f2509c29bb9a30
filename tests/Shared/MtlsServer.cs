using System.Collections.Concurrent;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;

namespace MtlsFunctions.Shared;

/// <summary>
/// The remote endpoint: a real HTTPS server that asks for client certificates of a given authority and records every request.
/// It knows no intermediates, so a client that leaves its own out is refused.
/// </summary>
public sealed class MtlsServer : IAsyncDisposable
{
    private readonly MtlsServerOptions options;
    private readonly X509Certificate2Collection clientRoots;
    private LoopbackKestrel? kestrel;
    private int connections;
    private int handshakes;

    private MtlsServer(TestPki pki, MtlsServerOptions options)
    {
        this.options = options;
        clientRoots = options.ClientRoots ?? pki.Roots;
    }

    /// <summary>Complete requests, oldest first.</summary>
    public ConcurrentQueue<ReceivedRequest> Received { get; } = new();

    /// <summary>What went wrong while reading or answering, cut-off request bodies included.</summary>
    public ConcurrentQueue<Exception> Failures { get; } = new();

    /// <summary>TCP connections accepted so far.</summary>
    public int Connections => Volatile.Read(ref connections);

    /// <summary>TLS handshakes completed so far. Under TLS 1.3 a client that refuses the server may do so after one.</summary>
    public int Handshakes => Volatile.Read(ref handshakes);

    public int Port => kestrel!.Port;

    public string Url => UrlFor("127.0.0.1");

    public static async Task<MtlsServer> StartAsync(TestPki pki, Action<MtlsServerOptions>? configure = null)
    {
        var options = new MtlsServerOptions();
        configure?.Invoke(options);
        var certificate = options.Certificate ?? pki.IssueServer();
        var server = new MtlsServer(pki, options);
        server.kestrel = await LoopbackKestrel.StartAsync(server.Answer, listen => server.Listen(listen, certificate), options.Port);
        return server;
    }

    /// <returns>Scheme, host and port without a slash behind.</returns>
    public string UrlFor(string host) => $"https://{host}:{Port}";

    public ValueTask DisposeAsync() => kestrel!.DisposeAsync();

    private void Listen(ListenOptions listen, X509Certificate2 certificate)
    {
        listen.Protocols = options.Protocols;
        listen.Use(next => connection => Count(ref connections, next, connection));
        listen.UseHttps(new HttpsConnectionAdapterOptions
        {
            ServerCertificate = certificate,
            ClientCertificateMode = options.ClientCertificates,
            ClientCertificateValidation = (client, sent, _) => IsTrusted(client, sent),
            SslProtocols = options.TlsVersions,
            OnAuthenticate = (_, tls) => tls.AllowTlsResume = options.AllowTlsResume,
        });
        listen.Use(next => connection => Count(ref handshakes, next, connection));
    }

    private static Task Count(ref int counter, ConnectionDelegate next, ConnectionContext connection)
    {
        Interlocked.Increment(ref counter);
        return next(connection);
    }

    /// <summary>Any usage will do (a certificate for servers too), but the chain has to be complete with what the client sent.</summary>
    private bool IsTrusted(X509Certificate2 client, X509Chain? sent)
    {
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.AddRange(clientRoots);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.DisableCertificateDownloads = true;
        if (sent is not null)
            chain.ChainPolicy.ExtraStore.AddRange(sent.ChainPolicy.ExtraStore);
        return chain.Build(client);
    }

    private async Task Answer(HttpContext context)
    {
        try
        {
            var body = options.RecordBodies ? await ReadBody(context) : [];
            var request = context.Request;
            var client = context.Connection.ClientCertificate;
            Received.Enqueue(new(
                request.Method,
                context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget,
                request.Protocol,
                request.Headers.ToDictionary(h => h.Key, h => h.Value.Select(v => v ?? "").ToArray(), StringComparer.OrdinalIgnoreCase),
                body,
                client is null ? null : TestPki.ThumbprintOf(client),
                context.Connection.Id));
            await (options.Handler ?? AnswerWithThumbprint)(context);
        }
        catch (Exception failure)
        {
            Failures.Enqueue(failure);
            throw;
        }
    }

    /// <summary>The whole body, which the handler can read once more.</summary>
    private static async Task<byte[]> ReadBody(HttpContext context)
    {
        var copy = new MemoryStream();
        await context.Request.Body.CopyToAsync(copy, context.RequestAborted);
        copy.Position = 0;
        context.Request.Body = copy;
        return copy.ToArray();
    }

    /// <summary>The default handler.</summary>
    public static Task AnswerWithThumbprint(HttpContext context)
    {
        var client = context.Connection.ClientCertificate;
        return context.Response.WriteAsJsonAsync(
            new { thumbprint = client is null ? null : TestPki.ThumbprintOf(client) }, context.RequestAborted);
    }
}
