using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace MtlsFunctions.Shared.RealServers;

/// <summary>
/// A server that people really run, started as a process on 127.0.0.1 with a folder of its own for configuration, certificates and
/// logs. It is ended by its process id, and the folder goes with it.
/// </summary>
public sealed class ServerProcess : IAsyncDisposable
{
    private const int Attempts = 5;

    private static readonly TimeSpan StartPatience = TimeSpan.FromSeconds(30);

    private readonly ProcessOutput output;
    private readonly Process process;

    private ServerProcess(ProcessStartInfo start, string folder, int port)
    {
        (Folder, Port) = (folder, port);
        start.RedirectStandardInput = start.RedirectStandardOutput = start.RedirectStandardError = true;
        process = new Process { StartInfo = start };
        output = new ProcessOutput(process);
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    public string Folder { get; }

    public int Port { get; }

    /// <summary>What it wrote to standard output and standard error so far.</summary>
    public string Output => output.Text;

    /// <param name="prepare">Writes what the server needs into the folder, for the port, and says how it is started.</param>
    /// <exception cref="InvalidOperationException">It ended or didn't listen within 30 seconds; the message has its output.</exception>
    public static async Task<ServerProcess> StartAsync(Func<string, int, ProcessStartInfo> prepare)
    {
        for (var attempt = 1; ; attempt++)
        {
            var folder = Directory.CreateTempSubdirectory("real-server-").FullName;
            var port = FreePort();
            var server = new ServerProcess(prepare(folder, port), folder, port);
            if (await server.ListensAsync())
                return server;
            var (ended, said) = (server.process.HasExited, server.Output + server.Logs());
            await server.DisposeAsync();
            // Somebody else may have taken the port in between.
            if (!ended || attempt == Attempts)
                throw new InvalidOperationException($"The server {(ended ? "ended" : "doesn't listen")}. It said:\n{said}");
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (!process.HasExited)
            process.Kill(entireProcessTree: true);
        await process.WaitForExitAsync();
        process.Dispose();
        Directory.Delete(Folder, recursive: true);
    }

    // Some say what is wrong only there.
    private string Logs() => string.Concat(Directory.GetFiles(Folder, "*.log").Select(File.ReadAllText));

    private async Task<bool> ListensAsync()
    {
        using var patience = new CancellationTokenSource(StartPatience);
        using var tries = new PeriodicTimer(TimeSpan.FromMilliseconds(25));
        try
        {
            while (await tries.WaitForNextTickAsync(patience.Token) && !process.HasExited)
            {
                using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
                try
                {
                    await socket.ConnectAsync(IPAddress.Loopback, Port, patience.Token);
                    return true;
                }
                catch (SocketException)
                {
                    // Not yet.
                }
            }
        }
        catch (OperationCanceledException)
        {
            return false;
        }

        // All of its output, for the message.
        await process.WaitForExitAsync(CancellationToken.None);
        return false;
    }

    // These servers can't take port 0 and tell which one they got.
    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
