using System.Diagnostics;

namespace MtlsFunctions.LocalHost.Azurite;

/// <summary>A Node program that we started. Its output is drained; its input stays open until it shall end (exit-with-parent.js).</summary>
internal sealed class NodeProcess : IAsyncDisposable
{
    private const int LinesKept = 20;

    private static readonly TimeSpan ExitPatience = TimeSpan.FromSeconds(5);

    private readonly Queue<string> lastLines = new();
    private readonly Process process;
    private readonly StreamWriter input;

    private NodeProcess(Process process, Action<string>? onLine)
    {
        this.process = process;
        process.OutputDataReceived += (_, line) => Keep(line.Data, onLine);
        process.ErrorDataReceived += (_, line) => Keep(line.Data, onLine);
        process.Start();
        input = process.StandardInput;
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        Exited = process.WaitForExitAsync(CancellationToken.None);
    }

    /// <summary>Ends after the process has, when all of its output has been seen.</summary>
    public Task Exited { get; }

    public int ExitCode => process.ExitCode;

    /// <summary>At most the last 20 lines of standard output and standard error together.</summary>
    public string LastOutput
    {
        get
        {
            lock (lastLines)
                return string.Join('\n', lastLines);
        }
    }

    public static NodeProcess Start(ProcessStartInfo start, Action<string>? onLine = null)
    {
        start.RedirectStandardInput = start.RedirectStandardOutput = start.RedirectStandardError = true;
        return new NodeProcess(new Process { StartInfo = start }, onLine);
    }

    public void Kill() => process.Kill(entireProcessTree: true);

    /// <summary>Lets the process end by itself, so that Azurite can write its tables, and kills it after 5 s.</summary>
    public async ValueTask DisposeAsync()
    {
        input.Close();
        try
        {
            await Exited.WaitAsync(ExitPatience);
        }
        catch (TimeoutException)
        {
            Kill();
            await Exited;
        }

        process.Dispose();
    }

    private void Keep(string? line, Action<string>? onLine)
    {
        // Null marks the end of a stream.
        if (line is null)
            return;
        lock (lastLines)
        {
            lastLines.Enqueue(line);
            if (lastLines.Count > LinesKept)
                lastLines.Dequeue();
        }

        onLine?.Invoke(line);
    }
}
