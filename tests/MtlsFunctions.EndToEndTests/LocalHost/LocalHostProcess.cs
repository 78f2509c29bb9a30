using System.Collections.Concurrent;
using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text.Json.Nodes;

namespace MtlsFunctions.EndToEndTests.LocalHost;

/// <summary>LocalHost as a person starts it: a process of its own.</summary>
public sealed class LocalHostProcess : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(6);

    private readonly Process process;
    private readonly DirectoryInfo folder;
    private readonly TaskCompletionSource ready = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private LocalHostProcess(Process process, DirectoryInfo folder) => (this.process, this.folder) = (process, folder);

    public ConcurrentQueue<string> Output { get; } = new();

    /// <summary>The lines of <see cref="Output"/> that came on standard error.</summary>
    public ConcurrentQueue<string> Errors { get; } = new();

    /// <summary>What lies in its working folder.</summary>
    public IEnumerable<string> Left => Directory.EnumerateFileSystemEntries(folder.FullName);

    public string Text => string.Join('\n', Output);

    public string SessionPath => Path.Combine(folder.FullName, "session.json");

    public JsonNode Session => JsonNode.Parse(File.ReadAllText(SessionPath))!;

    public int Id => process.Id;

    public static LocalHostProcess Start(string[] arguments, IReadOnlyDictionary<string, string>? environment = null)
    {
        var folder = Directory.CreateTempSubdirectory("mtlsfunctions-test-");
        return Run(folder, [.. arguments, "--session", Path.Combine(folder.FullName, "session.json")], environment ?? new Dictionary<string, string>());
    }

    /// <summary>For a verb that answers and ends.</summary>
    /// <param name="input">One line on its standard input.</param>
    public static LocalHostProcess Ask(string[] arguments, string input)
    {
        var host = Run(Directory.CreateTempSubdirectory("mtlsfunctions-test-"), arguments, new Dictionary<string, string>());
        host.process.StandardInput.WriteLine(input);
        return host;
    }

    private static LocalHostProcess Run(DirectoryInfo folder, IEnumerable<string> arguments, IReadOnlyDictionary<string, string> environment)
    {
        // A test run in the background of a shell ignores SIGINT, and so would its children.
        var start = new ProcessStartInfo("env")
        {
            WorkingDirectory = folder.FullName,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.ArgumentList.Add("--default-signal=INT");
        // By its place beside the runtime, because some tests leave nothing on the PATH.
        start.ArgumentList.Add(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "../../../dotnet"));
        start.ArgumentList.Add(typeof(MtlsFunctions.LocalHost.GatewayServer).Assembly.Location);
        foreach (var argument in arguments)
            start.ArgumentList.Add(argument);
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        var host = new LocalHostProcess(new Process { StartInfo = start, EnableRaisingEvents = true }, folder);
        host.process.OutputDataReceived += (_, line) => host.Hear(line.Data);
        host.process.ErrorDataReceived += (_, line) =>
        {
            if (line.Data is { } text)
                host.Errors.Enqueue(text);
            host.Hear(line.Data);
        };
        host.process.Exited += (_, _) => host.ready.TrySetException(new InvalidOperationException("LocalHost ended before it was ready."));
        host.process.Start();
        host.process.BeginOutputReadLine();
        host.process.BeginErrorReadLine();
        return host;
    }

    /// <summary>Patient, because the first start on a machine installs Azurite.</summary>
    public async Task<LocalHostProcess> ReadyAsync()
    {
        try
        {
            await ready.Task.WaitAsync(Patience, TestContext.Current.CancellationToken);
            return this;
        }
        catch (Exception fault)
        {
            throw new InvalidOperationException($"LocalHost did not get ready:\n{Text}", fault);
        }
    }

    public async Task<int> ExitAsync()
    {
        await process.WaitForExitAsync(TestContext.Current.CancellationToken).WaitAsync(Patience, TestContext.Current.CancellationToken);
        return process.ExitCode;
    }

    /// <param name="signal">TERM, INT or KILL.</param>
    public async Task SignalAsync(string signal)
    {
        using var kill = Process.Start("kill", [$"-{signal}", process.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>Processes that this one has started, by what the system says of their parents.</summary>
    public IReadOnlyList<Process> Children() =>
        [.. Process.GetProcesses().Where(other => ParentOf(other.Id) == process.Id)];

    public async ValueTask DisposeAsync()
    {
        if (!process.HasExited)
            process.Kill(entireProcessTree: true);
        await process.WaitForExitAsync(CancellationToken.None);
        process.Dispose();
        folder.Delete(recursive: true);
    }

    private void Hear(string? line)
    {
        if (line is null)
            return;
        Output.Enqueue(line);
        if (line.StartsWith("Ready: ", StringComparison.Ordinal))
            ready.TrySetResult();
    }

    /// <param name="path">A <c>stat</c> of a process or a thread below /proc.</param>
    /// <param name="number">As proc_pid_stat(5) counts them, from 3: what comes before holds a name that may be anything.</param>
    internal static string StatField(string path, int number)
    {
        var stat = File.ReadAllText(path);
        return stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[number - 3];
    }

    private static int ParentOf(int process)
    {
        try
        {
            return int.Parse(StatField($"/proc/{process}/stat", 4), System.Globalization.CultureInfo.InvariantCulture);
        }
        catch (IOException)
        {
            // It has ended meanwhile.
            return 0;
        }
    }
}
