using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;

namespace MtlsFunctions.LocalHost.Azurite;

/// <summary>Azurite as npm installs it, once per user and lock file: later starts need neither npm nor a network.</summary>
/// <param name="Node">Path of the node program.</param>
/// <param name="TableService">Path of the script that runs Azurite's table service.</param>
public sealed record AzuriteInstallation(string Node, string TableService)
{
    /// <summary>For the wait for another process's installation and for our own together.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    private static readonly TimeSpan ProgressInterval = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LockRetryInterval = TimeSpan.FromMilliseconds(250);

    private const string SecondWayOut =
        "set Storage__ConnectionString (environment variable, or in local.settings.json) to the connection string of a running table service.";

    /// <summary>Where the build copies package.json, the lock file and the preload script.</summary>
    private static readonly string Shipped = Path.Combine(AppContext.BaseDirectory, "Azurite");

    /// <summary>Path of the script which, preloaded into a Node process, ends it when its standard input ends.</summary>
    public static string ExitWithParent { get; } = Path.Combine(Shipped, "exit-with-parent.js");

    /// <summary>Finds the installation, or makes it; several processes may call this at once and one of them installs.</summary>
    /// <param name="say">Takes lines for the person who waits.</param>
    /// <param name="cacheFolder">For tests: holds the installation instead of the user's own cache folder.</param>
    /// <param name="searchPath">For tests: where node and npm are looked for, instead of PATH.</param>
    /// <exception cref="LocalHostException">node or npm is missing, npm failed, or it took more than ten minutes.</exception>
    public static async Task<AzuriteInstallation> EnsureAsync(
        Action<string> say, CancellationToken cancellation, string? cacheFolder = null, string? searchPath = null)
    {
        var node = Find("node", searchPath);
        var folder = Path.Combine(cacheFolder ?? UserCacheFolder(), "azurite-" + await LockFileHashAsync(cancellation));
        if (!Directory.Exists(folder))
        {
            using var bound = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            bound.CancelAfter(Patience);
            try
            {
                await InstallOnceAsync(Find("npm", searchPath), folder, say, bound.Token);
            }
            catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
            {
                throw new LocalHostException($"Azurite wasn't installed within {Patience.TotalMinutes} minutes. Start again, or {SecondWayOut}");
            }
        }

        return new AzuriteInstallation(node, Path.Combine(folder, "node_modules", "azurite", "dist", "src", "table", "main.js"));
    }

    private static async Task InstallOnceAsync(string npm, string folder, Action<string> say, CancellationToken cancellation)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(folder)!);
        // The lock file stays: deleting it would let a third process lock a new one while a second still holds the old.
        await using var heldWhileInstalling = await LockAsync(folder + ".lock", say, cancellation);
        if (Directory.Exists(folder))
            return;

        var partial = $"{folder}.{Guid.NewGuid():N}.partial";
        Directory.CreateDirectory(partial);
        foreach (var name in (string[])["package.json", "package-lock.json"])
            File.Copy(Path.Combine(Shipped, name), Path.Combine(partial, name));
        await RunNpmAsync(npm, partial, say, cancellation);
        // From here on the folder exists, and it is complete.
        Directory.Move(partial, folder);
        // Of installations that were interrupted. Now and not at first, when the npm of one that was just killed might still write there.
        foreach (var leftover in Directory.GetDirectories(Path.GetDirectoryName(folder)!, Path.GetFileName(folder) + ".*.partial"))
            Directory.Delete(leftover, recursive: true);
    }

    private static async Task<FileStream> LockAsync(string path, Action<string> say, CancellationToken cancellation)
    {
        using var retry = new PeriodicTimer(LockRetryInterval);
        for (var announced = false; ; announced = true)
        {
            try
            {
                return new FileStream(path, FileMode.OpenOrCreate, FileAccess.Write, FileShare.None);
            }
            catch (IOException) when (File.Exists(path))
            {
                if (!announced)
                    say("Another process is installing Azurite; waiting for it…");
            }

            await retry.WaitForNextTickAsync(cancellation);
        }
    }

    private static async Task RunNpmAsync(string npm, string folder, Action<string> say, CancellationToken cancellation)
    {
        var version = await AzuriteVersionAsync(folder, cancellation);
        say($"Installing Azurite {version} (first run only, about a minute)…");
        var elapsed = Stopwatch.StartNew();
        var start = new ProcessStartInfo(npm, ["ci", "--omit=dev", "--ignore-scripts", "--no-audit", "--no-fund"]) { WorkingDirectory = folder };
        // npm has no --require. In this variable a backslash would escape, so Windows paths are written with slashes.
        start.Environment["NODE_OPTIONS"] =
            $"{Environment.GetEnvironmentVariable("NODE_OPTIONS")} --require \"{ExitWithParent.Replace('\\', '/')}\"".TrimStart();
        await using var process = NodeProcess.Start(start);
        try
        {
            await SayProgressAsync(process.Exited.WaitAsync(cancellation), elapsed, say);
        }
        catch (OperationCanceledException)
        {
            process.Kill();
            throw;
        }

        if (process.ExitCode != 0)
            throw new LocalHostException($"""
                npm could not install Azurite {version} (exit code {process.ExitCode}). It said:
                {process.LastOutput}

                Mend that, or {SecondWayOut}
                """);
        say($"Azurite {version} is installed ({Seconds(elapsed)} s).");
    }

    private static async Task SayProgressAsync(Task finished, Stopwatch elapsed, Action<string> say)
    {
        using var tick = new PeriodicTimer(ProgressInterval);
        while (await Task.WhenAny(finished, tick.WaitForNextTickAsync(CancellationToken.None).AsTask()) != finished)
            say($"  … {Seconds(elapsed)} s");
        await finished;
    }

    private static string Seconds(Stopwatch elapsed) => elapsed.Elapsed.TotalSeconds.ToString("F0", CultureInfo.InvariantCulture);

    private static async Task<string> AzuriteVersionAsync(string folder, CancellationToken cancellation)
    {
        await using var file = File.OpenRead(Path.Combine(folder, "package.json"));
        using var package = await JsonDocument.ParseAsync(file, cancellationToken: cancellation);
        return package.RootElement.GetProperty("dependencies").GetProperty("azurite").GetString()!;
    }

    private static async Task<string> LockFileHashAsync(CancellationToken cancellation)
    {
        await using var file = File.OpenRead(Path.Combine(Shipped, "package-lock.json"));
        return Convert.ToHexStringLower(await SHA256.HashDataAsync(file, cancellation))[..12];
    }

    private static string UserCacheFolder() => Path.Combine(
        Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.Create), "MtlsFunctions");

    private static string Find(string program, string? searchPath)
    {
        // Windows has node.exe and npm.cmd.
        string[] extensions = OperatingSystem.IsWindows() ? [".exe", ".cmd"] : [""];
        searchPath ??= Environment.GetEnvironmentVariable("PATH") ?? "";
        return searchPath.Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .SelectMany(folder => extensions.Select(extension => Path.GetFullPath(program + extension, Path.GetFullPath(folder))))
            .FirstOrDefault(File.Exists)
            ?? throw new LocalHostException($"""
                The table storage (Azurite) needs '{program}', which is not on PATH. Two ways out:
                  1. Install Node.js 20 or later; npm comes with it.
                  2. Use another one: {SecondWayOut}
                """);
    }
}
