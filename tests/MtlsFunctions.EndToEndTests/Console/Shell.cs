using System.Diagnostics;
using System.Text.Json.Nodes;

namespace MtlsFunctions.EndToEndTests.SelfService;

/// <summary>A terminal in a folder of its own, with the variables that the console's commands name.</summary>
public sealed class Shell(string folder, IReadOnlyDictionary<string, string> variables)
{
    /// <returns>What the command prints, which must be JSON; fails the test when it fails.</returns>
    public async Task<JsonNode> RunAsync(string command)
    {
        var start = new ProcessStartInfo("/bin/sh", ["-c", command]) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (name, value) in variables)
            start.Environment[name] = value;
        using var process = Process.Start(start)!;
        var (said, complained) = (process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken), process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken));
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.True(process.ExitCode == 0, $"{command}\n{await complained}");
        return JsonNode.Parse(await said)!;
    }
}
