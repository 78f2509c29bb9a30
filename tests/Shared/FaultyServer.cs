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
    private readonly TcpListener listener;
    private readonly CancellationTokenSource stopping = new();
    private readonly ConcurrentBag<Task> open = [];
    private readonly Func<Stream, CancellationToken, Task> script;
    private readonly SslServerAuthenticationOptions? tls;
    private readonly bool reset;
    private readonly Task accepting;
    private int connections;

    /// <param name="certificate">Null leaves out TLS: the script sees the client's hello.</param>
    /// <param name="reset">Ends connections with RST instead of FIN.</param>
    /// <param name="address">Default: 127.0.0.1.</param>
    /// <param name="configure">Further demands on the client; asks for no certificate otherwise: who may come in isn't the matter here.</param>
    public FaultyServer(
        Func<Stream, CancellationToken, Task> script, X509Certificate2? certificate, bool reset = false,
        IPAddress? address = null, Action<SslServerAuthenticationOptions>? configure = null)
    {
        this.script = script;
        this.reset = reset;
        if (certificate is not null)
        {
            tls = new SslServerAuthenticationOptions { ServerCertificate = certificate };
            configure?.Invoke(tls);
        }

        listener = new(address ?? IPAddress.Loopback, 0);
        listener.Start();
        accepting = Accept();
    }

    public int Connections => Volatile.Read(ref connections);

    /// <summary>What ended handshakes and scripts early, in tests of callers that leave: never what the server does on purpose.</summary>
    public ConcurrentQueue<Exception> Failures { get; } = new();

    public int Port => ((IPEndPoint)listener.LocalEndpoint).Port;

    public string Url => $"https://{listener.LocalEndpoint}";

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
                // What was written last is on its way when the connection is reset.
                socket.NoDelay = true;
                Interlocked.Increment(ref connections);
                open.Add(Serve(socket));
            }
            catch (Exception end) when (end is OperationCanceledException or SocketException && stopping.IsCancellationRequested)
            {
                // Disposed, which the socket may notice first.
            }
        }
    }

    private async Task Serve(Socket socket)
    {
        try
        {
            await using var network = new NetworkStream(socket, ownsSocket: true);
            await using var stream = tls is null ? (Stream)network : await Secure(network, tls);
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

    private async Task<Stream> Secure(NetworkStream network, SslServerAuthenticationOptions options)
    {
        var stream = new SslStream(network);
        await stream.AuthenticateAsServerAsync(options, stopping.Token);
        return stream;
    }
}
