using System.Net.Sockets;

namespace FunctionsTestHost;

/// <summary>
/// A worker says that it is ready before its HTTP server listens. The platform's host asks again, ten times within two and a half
/// seconds (RetryProxyHandler in azure-functions-host); here it is the connection that is tried again, so that no body is sent twice.
/// </summary>
internal static class WorkerConnections
{
    private const int MostTries = 50;
    private static readonly TimeSpan Between = TimeSpan.FromMilliseconds(50);

    /// <exception cref="SocketException">Nothing listens after the last try.</exception>
    public static async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellation)
    {
        using var timer = new PeriodicTimer(Between);
        for (var tried = 1; ; tried++)
        {
            var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            try
            {
                await socket.ConnectAsync(context.DnsEndPoint, cancellation);
                return new NetworkStream(socket, ownsSocket: true);
            }
            catch (SocketException fault) when (fault.SocketErrorCode == SocketError.ConnectionRefused && tried < MostTries)
            {
                socket.Dispose();
            }
            catch
            {
                socket.Dispose();
                throw;
            }

            await timer.WaitForNextTickAsync(cancellation);
        }
    }
}
