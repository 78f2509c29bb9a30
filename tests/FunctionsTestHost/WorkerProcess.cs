using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;

namespace FunctionsTestHost;

/// <summary>The worker's process. Disposing ends it and whatever it has started.</summary>
internal sealed class WorkerProcess : IAsyncDisposable
{
    private readonly Process process;

    private WorkerProcess(Process process) => this.process = process;

    public int Id => process.Id;

    public bool HasExited => process.HasExited;

    /// <exception cref="FunctionsHostException">It can't be started.</exception>
    public static WorkerProcess Start(FunctionsHostOptions options, Uri grpc, string workerId, WorkerOutput output)
    {
        var config = WorkerConfig.Read(options.AppDirectory);
        var start = new ProcessStartInfo(config.Executable)
        {
            WorkingDirectory = options.AppDirectory,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var argument in config.Arguments.Concat(Arguments(grpc, workerId)))
            start.ArgumentList.Add(argument);
        start.Environment["FUNCTIONS_WORKER_RUNTIME"] = "dotnet-isolated";
        start.Environment["FUNCTIONS_APPLICATION_DIRECTORY"] = options.AppDirectory;
        start.Environment["FUNCTIONS_WORKER_DIRECTORY"] = options.AppDirectory;
        foreach (var (name, value) in options.Environment)
            start.Environment[name] = value;

        var process = new Process { StartInfo = start };
        process.OutputDataReceived += (_, line) => output.Add(line.Data);
        process.ErrorDataReceived += (_, line) => output.Add(line.Data);
        try
        {
            process.Start();
        }
        catch (Win32Exception fault)
        {
            process.Dispose();
            throw new FunctionsHostException($"{config.Executable} doesn't start: {fault.Message}", "", fault);
        }

        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return new WorkerProcess(process);
    }

    /// <returns>The exit code, after all output has arrived.</returns>
    public async Task<int> ExitAsync(CancellationToken cancellation)
    {
        await process.WaitForExitAsync(cancellation);
        return process.ExitCode;
    }

    /// <returns>Whether it ended by itself in that time. It is over in any case.</returns>
    public async Task<bool> EndAsync(TimeSpan grace)
    {
        using var patience = new CancellationTokenSource(grace);
        try
        {
            await process.WaitForExitAsync(patience.Token);
            return true;
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync(CancellationToken.None);
            return false;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (!process.HasExited)
            await EndAsync(TimeSpan.Zero);
        process.Dispose();
    }

    // Both spellings: older workers know the second only.
    private static string[] Arguments(Uri grpc, string workerId) =>
    [
        "--functions-uri", grpc.AbsoluteUri, "--functions-worker-id", workerId, "--functions-request-id", workerId,
        "--functions-grpc-max-message-length", int.MaxValue.ToString(CultureInfo.InvariantCulture),
        "--host", grpc.Host, "--port", grpc.Port.ToString(CultureInfo.InvariantCulture), "--workerId", workerId, "--requestId", workerId,
        "--grpcMaxMessageLength", int.MaxValue.ToString(CultureInfo.InvariantCulture),
    ];
}
