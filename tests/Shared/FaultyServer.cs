using System.Collections.Concurrent;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;

namespace MtlsFunctions.Shared;

/// <summary>
/// A server that misbehaves below HTTP, by a script that gets every connection after the TLS handshake (before any, without a certificate).
/// When the script ends the connection is closed without TLS's good-bye. Ready scripts: <see cref="Faults"/>.
/// </summary>
public sealed class FaultyServer : IAsyncDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource stopping = new();
    private readonly ConcurrentBag<Task> open = [];
    private readonly Func<Stream, CancellationToken, Task> script;
    private readonly X509Certificate2? certificate;
    private readonly bool reset;
    private readonly Task accepting;
    private int connections;

    /// <param name="certificate">Null leaves out TLS: the script sees the client's hello.</param>
    /// <param name="reset">Ends connections with RST instead of FIN.</param>
    public FaultyServer(Func<Stream, CancellationToken, Task> script, X509Certificate2? certificate, bool reset = false)
    {
        this.script = script;
        this.certificate = certificate;
        this.reset = reset;
        listener.Start();
        accepting = Accept();
    }

    public int Connections => Volatile.Read(ref connections);

    /// <summary>What ended handshakes and scripts early, in tests of callers that leave: never what the server does on purpose.</summary>
    public ConcurrentQueue<Exception> Failures { get; } = new();

    public int Port => ((IPEndPoint)listener.LocalEndpoint).Port;

    public string Url => UrlFor("127.0.0.1");

    public string UrlFor(string host) => $"https://{host}:{Port}";

    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync();
        listener.Dispose();
        await accepting;
        await Task.WhenAll(open);
        stopping.Dispose();
    }

    private async Task Accept()
    {
        while (!stopping.IsCancellationRequested)
        {
            try
            {
                var socket = await listener.AcceptSocketAsync(stopping.Token);
                Interlocked.Increment(ref connections);
                open.Add(Serve(socket));
            }
            catch (OperationCanceledException) when (stopping.IsCancellationRequested)
            {
                // Disposed.
            }
        }
    }

    private async Task Serve(Socket socket)
    {
        try
        {
            await using var network = new NetworkStream(socket, ownsSocket: true);
            await using var stream = certificate is null ? (Stream)network : await Secure(network, certificate);
            await script(stream, stopping.Token);
            if (reset)
                socket.Close(0); // before the streams: they would say FIN first
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // A script that never ends, ended by the end of the test.
        }
        catch (Exception failure)
        {
            Failures.Enqueue(failure);
        }
    }

    /// <summary>Asks for no client certificate: who may come in isn't the matter here.</summary>
    private async Task<Stream> Secure(NetworkStream network, X509Certificate2 serverCertificate)
    {
        var tls = new SslStream(network);
        await tls.AuthenticateAsServerAsync(
            new SslServerAuthenticationOptions { ServerCertificate = serverCertificate }, stopping.Token);
        return tls;
    }
}
