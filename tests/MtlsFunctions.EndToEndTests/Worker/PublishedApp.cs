using System.Diagnostics;

namespace MtlsFunctions.EndToEndTests.Worker;

/// <summary>The Functions app as it is deployed. CI has published it before the tests; anywhere else it is published here when it is missing or older than its sources.</summary>
public static class PublishedApp
{
    private static readonly string Root = FindRoot();
    private static readonly Lazy<Task<string>> Publishing = new(PublishAsync);

    /// <returns>The folder.</returns>
    public static Task<string> FolderAsync() => Publishing.Value;

    private static async Task<string> PublishAsync()
    {
        var folder = Path.Combine(Root, "out", "gateway");
        // .ci/publish writes it last.
        var published = new FileInfo(folder + ".published");
        if (published.Exists && Directory.Exists(folder) && Sources().All(source => source.LastWriteTimeUtc <= published.LastWriteTimeUtc))
            return folder;

        var start = new ProcessStartInfo(Path.Combine(Root, ".ci", "publish"), [folder]) { RedirectStandardOutput = true, RedirectStandardError = true };
        using var process = Process.Start(start)!;
        var output = await Task.WhenAll(process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        return process.ExitCode == 0 ? folder : throw new InvalidOperationException($"The Functions app can't be published:\n{string.Join('\n', output)}");
    }

    private static IEnumerable<FileInfo> Sources() =>
    [
        .. new[] { "Directory.Build.props", "Directory.Packages.props", "global.json", "host.json", "docs/openapi.yaml" }
            .Select(name => new FileInfo(Path.Combine(Root, name))),
        .. new DirectoryInfo(Path.Combine(Root, "src", "MtlsFunctions")).EnumerateFiles("*", SearchOption.AllDirectories)
            .Where(file => !Path.GetRelativePath(Root, file.FullName).Split(Path.DirectorySeparatorChar).Any(part => part is "bin" or "obj")),
    ];

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "MtlsFunctions.sln")))
            folder = folder.Parent!;
        return folder.FullName;
    }
}
