using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace MtlsFunctions.Shared;

/// <summary>
/// Relays TCP to a port of this machine. On command it forgets its connections as firewalls do: what comes over them vanishes, without
/// an end or a reset, while new ones work.
/// </summary>
public sealed class ForgettingRelay : IAsyncDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource stopping = new();
    private readonly ConcurrentBag<Task> open = [];
    private readonly int target;
    private readonly Task accepting;
    private int forgotten;
    private int connections;
    private int pieces;

    public ForgettingRelay(int target)
    {
        this.target = target;
        listener.Start();
        accepting = AcceptAsync();
    }

    public string Url => $"https://localhost:{((IPEndPoint)listener.LocalEndpoint).Port}/";

    /// <summary>Connections that it took so far.</summary>
    public int Connections => Volatile.Read(ref connections);

    /// <summary>How many times something has come from a client.</summary>
    public int FromClients => Volatile.Read(ref pieces);

    /// <summary>Nothing passes any more over the connections that are open now.</summary>
    public void Forget() => Interlocked.Increment(ref forgotten);

    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync();
        listener.Dispose();
        await accepting;
        await Task.WhenAll(open);
        stopping.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var client = await listener.AcceptTcpClientAsync(stopping.Token);
                Interlocked.Increment(ref connections);
                open.Add(RelayAsync(client, Volatile.Read(ref forgotten)));
            }
        }
        catch (OperationCanceledException)
        {
            // The test is over.
        }
    }

    private async Task RelayAsync(TcpClient client, int born)
    {
        using var remote = new TcpClient();
        using (client)
        {
            (client.NoDelay, remote.NoDelay) = (true, true);
            await remote.ConnectAsync(IPAddress.Loopback, target);
            await Task.WhenAll(
                PassAsync(client, remote, born, () => Interlocked.Increment(ref pieces)), PassAsync(remote, client, born, () => { }));
        }
    }

    private async Task PassAsync(TcpClient from, TcpClient to, int born, Action came)
    {
        var buffer = new byte[64 * 1024];
        try
        {
            int read;
            while ((read = await from.GetStream().ReadAsync(buffer, stopping.Token)) > 0)
            {
                came();
                if (Volatile.Read(ref forgotten) == born)
                    await to.GetStream().WriteAsync(buffer.AsMemory(0, read), stopping.Token);
            }

            if (Volatile.Read(ref forgotten) == born)
                to.Client.Shutdown(SocketShutdown.Send);
        }
        catch (Exception fault) when (fault is IOException or SocketException or ObjectDisposedException or OperationCanceledException)
        {
            // One side has reset it, the other direction has ended with both, or the test is over.
            if (Volatile.Read(ref forgotten) == born)
                to.Dispose();
        }
    }
}
