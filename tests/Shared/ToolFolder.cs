using System.Diagnostics;
using MtlsFunctions.Shared.RealServers;

namespace MtlsFunctions.Shared;

/// <summary>A folder of its own, in which programs of the system make files as people do.</summary>
public sealed class ToolFolder : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    public string Path { get; } = Directory.CreateTempSubdirectory("tools-").FullName;

    /// <summary>Runs a program in this folder to its end.</summary>
    /// <param name="package">The Debian package that has it.</param>
    /// <exception cref="InvalidOperationException">It failed; with all that it said.</exception>
    public void Run(string program, string package, params IEnumerable<string> arguments)
    {
        var start = Programs.Start(program, package, arguments);
        (start.WorkingDirectory, start.RedirectStandardOutput, start.RedirectStandardError) = (Path, true, true);
        using var process = Process.Start(start)!;
        var output = new ProcessOutput(process);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        if (!process.WaitForExit(Patience) || process.ExitCode != 0)
            throw new InvalidOperationException($"{program} {string.Join(' ', start.ArgumentList)}: {output.Text}");
    }

    public void OpenSsl(string line) => Run("openssl", "openssl", line.Split(' '));

    /// <summary>A self-signed client certificate: <c>NAME.key</c>, <c>NAME.pem</c>.</summary>
    public void Certificate(string name, string options = "-newkey rsa:2048") =>
        OpenSsl($"req -x509 {options} -nodes -keyout {name}.key -out {name}.pem -days 30 -subj /CN={name}");

    public byte[] Read(string name) => File.ReadAllBytes(System.IO.Path.Combine(Path, name));

    public void Write(string name, string text) => File.WriteAllText(System.IO.Path.Combine(Path, name), text);

    public string Text(string name) => File.ReadAllText(System.IO.Path.Combine(Path, name));

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
