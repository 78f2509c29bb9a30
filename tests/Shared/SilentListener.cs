using System.Net;
using System.Net.Sockets;

namespace MtlsFunctions.Shared;

/// <summary>An address that answers nobody: its queue is full, so Linux drops whoever knocks, like a firewall or a missing route does.</summary>
public sealed class SilentListener : IDisposable
{
    private readonly Socket listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly Socket filling = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);

    /// <param name="port">0 takes a free one.</param>
    public SilentListener(IPAddress address, int port = 0)
    {
        listener.Bind(new IPEndPoint(address, port));
        listener.Listen(0);
        filling.Connect(listener.LocalEndPoint!);
    }

    public int Port => ((IPEndPoint)listener.LocalEndPoint!).Port;

    public void Dispose()
    {
        filling.Dispose();
        listener.Dispose();
    }
}
