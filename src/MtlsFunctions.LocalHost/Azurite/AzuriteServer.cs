using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace MtlsFunctions.LocalHost.Azurite;

/// <summary>An Azurite table service on 127.0.0.1 that lives as long as this object and never longer than this process.</summary>
public sealed class AzuriteServer : IAsyncDisposable
{
    private const int Attempts = 3;

    private static readonly TimeSpan StartPatience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan ConnectPatience = TimeSpan.FromSeconds(1);

    private readonly TaskCompletionSource announced = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly NodeProcess process;

    private AzuriteServer(AzuriteInstallation installation, string? dataFolder, int port)
    {
        Port = port;
        string[] persistence = dataFolder is null ? ["--inMemoryPersistence"] : ["--location", Path.GetFullPath(dataFolder)];
        process = NodeProcess.Start(
            new ProcessStartInfo(
                installation.Node,
                ["--require", AzuriteInstallation.ExitWithParent, installation.TableService,
                 "--tableHost", "127.0.0.1", "--tablePort", $"{port}",
                 "--skipApiVersionCheck", "--disableTelemetry", "--silent", .. persistence]),
            line =>
            {
                if (line.StartsWith("Azurite Table service successfully started", StringComparison.Ordinal))
                    announced.TrySetResult();
            });
    }

    public int Port { get; }

    public string ConnectionString => ConnectionStringOf(Port);

    /// <summary>Ends when the process has ended, for whatever reason; never fails.</summary>
    public Task Exited => process.Exited;

    /// <param name="dataFolder">Where the tables are kept from one start to the next; null keeps them in memory.</param>
    /// <param name="port">0 takes a free one.</param>
    /// <param name="say">Takes lines for the person who waits while the first start installs Azurite.</param>
    /// <exception cref="LocalHostException">Azurite can't be installed, or doesn't start within 30 seconds.</exception>
    public static async Task<AzuriteServer> StartAsync(string? dataFolder, int port, Action<string> say, CancellationToken cancellation)
    {
        var installation = await AzuriteInstallation.EnsureAsync(say, cancellation);
        for (var attempt = 1; ; attempt++)
        {
            var server = new AzuriteServer(installation, dataFolder, port == 0 ? FreePort() : port);
            try
            {
                await server.BecomeReadyAsync(cancellation);
                return server;
            }
            catch (LocalHostException fault) when (port == 0 && attempt < Attempts && fault.Message.Contains("EADDRINUSE", StringComparison.Ordinal))
            {
                // Another process took the port after we had found it free.
                await server.DisposeAsync();
            }
            catch
            {
                await server.DisposeAsync();
                throw;
            }
        }
    }

    /// <summary>The development account's connection string, whose key is published and protects nothing.</summary>
    public static string ConnectionStringOf(int port) =>
        "DefaultEndpointsProtocol=http;AccountName=devstoreaccount1;"
        + "AccountKey=Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==;"
        + $"TableEndpoint=http://127.0.0.1:{port}/devstoreaccount1;";

    /// <returns>Whether anything accepts connections on that port of 127.0.0.1 within a second.</returns>
    public static async Task<bool> IsListeningAsync(int port, CancellationToken cancellation)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        using var bound = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        bound.CancelAfter(ConnectPatience);
        try
        {
            await socket.ConnectAsync(IPAddress.Loopback, port, bound.Token);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return false;
        }
    }

    public ValueTask DisposeAsync() => process.DisposeAsync();

    private async Task BecomeReadyAsync(CancellationToken cancellation)
    {
        try
        {
            await Task.WhenAny(announced.Task, Exited).WaitAsync(StartPatience, cancellation);
        }
        catch (TimeoutException)
        {
            throw new LocalHostException($"Azurite did not start within {StartPatience.TotalSeconds} s. It said:\n{process.LastOutput}");
        }

        if (!announced.Task.IsCompleted)
            throw new LocalHostException($"Azurite ended before it was ready. It said:\n{process.LastOutput}");
        if (!await IsListeningAsync(Port, cancellation))
            throw new LocalHostException($"Azurite started but nothing answers on port {Port}. It said:\n{process.LastOutput}");
    }

    // Azurite would choose a free port itself, but doesn't tell which.
    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
