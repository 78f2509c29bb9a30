using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace MtlsFunctions.Shared;

/// <summary>A place nobody should connect to: it counts who does, and hangs up.</summary>
public sealed class RefusingListener : IAsyncDisposable
{
    private readonly TcpListener listener;
    private readonly CancellationTokenSource stopping = new();
    private readonly ConcurrentDictionary<int, TaskCompletionSource<int>> questions = new();
    private readonly Task accepting;

    /// <param name="address">Default: 127.0.0.1.</param>
    /// <param name="port">0 takes a free one.</param>
    public RefusingListener(IPAddress? address = null, int port = 0)
    {
        listener = new(address ?? IPAddress.Loopback, port);
        listener.Start();
        accepting = Accept();
    }

    private IPEndPoint EndPoint => (IPEndPoint)listener.LocalEndpoint;

    public int Port => EndPoint.Port;

    public string Url => $"https://{EndPoint}";

    public string UrlFor(string host) => $"https://{host}:{Port}";

    /// <summary>
    /// How many connections were made before this call. It connects too, because the queue of a listener is first in, first out:
    /// once the question itself is accepted, everybody before it has been counted, with no waiting time to guess.
    /// </summary>
    public async Task<int> CountAsync()
    {
        using var socket = new Socket(EndPoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(EndPoint.Address, 0));
        var answer = new TaskCompletionSource<int>(TaskCreationOptions.RunContinuationsAsynchronously);
        questions[((IPEndPoint)socket.LocalEndPoint!).Port] = answer;
        await socket.ConnectAsync(EndPoint, stopping.Token);
        return await answer.Task.WaitAsync(stopping.Token);
    }

    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync();
        listener.Dispose();
        await accepting;
        stopping.Dispose();
    }

    private async Task Accept()
    {
        var strangers = 0;
        while (!stopping.IsCancellationRequested)
        {
            try
            {
                using var socket = await listener.AcceptSocketAsync(stopping.Token);
                if (questions.TryRemove(((IPEndPoint)socket.RemoteEndPoint!).Port, out var question))
                    question.SetResult(strangers);
                else
                    strangers++;
            }
            catch (OperationCanceledException) when (stopping.IsCancellationRequested)
            {
                // Disposed: nobody is left to count.
            }
        }
    }
}
