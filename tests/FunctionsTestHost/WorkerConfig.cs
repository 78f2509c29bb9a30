using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace FunctionsTestHost;

/// <summary>The app's own <c>worker.config.json</c>: what is started.</summary>
/// <param name="Executable"><c>dotnet</c> is the one that runs this process.</param>
/// <param name="Arguments">Before those that the host adds.</param>
internal sealed record WorkerConfig(string Executable, IReadOnlyList<string> Arguments)
{
    /// <exception cref="FunctionsHostException">There is none, or it names nothing to start.</exception>
    public static WorkerConfig Read(string appDirectory)
    {
        var path = Path.Combine(appDirectory, "worker.config.json");
        try
        {
            var description = JsonNode.Parse(File.ReadAllText(path))?["description"];
            var executable = (string?)description?["defaultExecutablePath"];
            var worker = (string?)description?["defaultWorkerPath"];
            if (executable is null || worker is null)
                throw new FunctionsHostException($"{path} names no executable or no worker.", "");
            return new WorkerConfig(executable == "dotnet" ? Dotnet() : executable.Replace("{WorkerRoot}", appDirectory + Path.DirectorySeparatorChar, StringComparison.Ordinal), [Path.Combine(appDirectory, worker)]);
        }
        catch (Exception fault) when (fault is IOException or JsonException or InvalidOperationException or UnauthorizedAccessException)
        {
            throw new FunctionsHostException($"{path} can't be read: {fault.Message}", "", fault);
        }
    }

    /// <summary>Route prefix of the app's <c>host.json</c>; <c>api</c> where it names none.</summary>
    /// <exception cref="FunctionsHostException">It is there and can't be read.</exception>
    public static string RoutePrefix(string appDirectory)
    {
        var path = Path.Combine(appDirectory, "host.json");
        try
        {
            return (string?)JsonNode.Parse(File.ReadAllText(path))?["extensions"]?["http"]?["routePrefix"] ?? "api";
        }
        catch (Exception fault) when (fault is IOException or JsonException or InvalidOperationException or UnauthorizedAccessException)
        {
            throw new FunctionsHostException($"{path} can't be read: {fault.Message}", "", fault);
        }
    }

    private static string Dotnet() => Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "../../..", OperatingSystem.IsWindows() ? "dotnet.exe" : "dotnet"));
}
