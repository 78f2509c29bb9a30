using System.Diagnostics;

namespace MtlsFunctions.Shared.RealServers;

/// <summary>Where the system's packages put their servers. Daemons lie where a user's PATH often doesn't look.</summary>
public static class Programs
{
    private static readonly string[] Daemons = ["/usr/sbin", "/usr/local/sbin"];

    /// <param name="package">The Debian package that has it.</param>
    /// <exception cref="InvalidOperationException">It isn't installed; the message says how to get it.</exception>
    public static string Find(string name, string package) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Concat(Daemons)
            .Select(folder => Path.Combine(folder, name)).FirstOrDefault(File.Exists)
        ?? throw new InvalidOperationException($"These tests need {name}: apt-get install -y {package}.");

    public static ProcessStartInfo Start(string name, string package, params IEnumerable<string> arguments) =>
        new(Find(name, package), arguments);
}
