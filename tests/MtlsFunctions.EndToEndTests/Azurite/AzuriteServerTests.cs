using System.Diagnostics;
using Azure.Data.Tables;
using MtlsFunctions.LocalHost;
using MtlsFunctions.LocalHost.Azurite;

namespace MtlsFunctions.EndToEndTests.Azurite;

/// <summary>Real node processes, and the real Azurite of the user's cache folder except where a test says otherwise.</summary>
public sealed class AzuriteServerTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("mtlsfunctions-azurite-");
    private readonly List<string> said = [];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => folder.Delete(recursive: true);

    [Fact]
    public async Task Tables_in_memory_are_gone_with_the_server()
    {
        int port;
        await using (var azurite = await StartAsync(dataFolder: null))
        {
            port = azurite.Port;
            await WriteAsync(azurite);
            Assert.True(await AzuriteServer.IsListeningAsync(port, Cancellation));
        }

        Assert.False(await AzuriteServer.IsListeningAsync(port, Cancellation));
        await using var again = await StartAsync(dataFolder: null, port);
        Assert.False(await IsWrittenAsync(again));
    }

    [Fact]
    public async Task Tables_in_a_folder_survive_a_restart_on_the_same_port()
    {
        int port;
        await using (var azurite = await StartAsync(folder.FullName))
        {
            port = azurite.Port;
            await WriteAsync(azurite);
        }

        await using var again = await StartAsync(folder.FullName, port);
        Assert.Equal(port, again.Port);
        Assert.True(await IsWrittenAsync(again));
    }

    [Fact]
    public async Task Azurite_dies_when_its_parent_closes_the_pipe()
    {
        var installation = await AzuriteInstallation.EnsureAsync(Say, Cancellation);
        using var process = Process.Start(new ProcessStartInfo(
            installation.Node,
            ["--require", AzuriteInstallation.ExitWithParent, installation.TableService, "--tablePort", "0", "--inMemoryPersistence", "--disableTelemetry"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            WorkingDirectory = folder.FullName,
        })!;
        while (await process.StandardOutput.ReadLineAsync(Cancellation) is { } line && !line.Contains("successfully started", StringComparison.Ordinal))
            Assert.False(process.HasExited);

        process.StandardInput.Close();

        await process.WaitForExitAsync(Cancellation).WaitAsync(Patience, Cancellation);
        Assert.Equal(0, process.ExitCode);
    }

    [Fact]
    public async Task Its_end_is_seen()
    {
        var azurite = await StartAsync(dataFolder: null);
        Assert.False(azurite.Exited.IsCompleted);
        await azurite.DisposeAsync();
        Assert.True(azurite.Exited.IsCompletedSuccessfully);
    }

    [Fact]
    public async Task A_port_in_use_is_named()
    {
        await using var azurite = await StartAsync(dataFolder: null);
        var fault = await Assert.ThrowsAsync<LocalHostException>(() => StartAsync(dataFolder: null, azurite.Port));
        Assert.Contains($"address already in use 127.0.0.1:{azurite.Port}", fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("node")]
    [InlineData("npm")]
    public async Task Missing_node_names_both_ways_out(string missing)
    {
        if (missing == "npm")
            Program("node", "exit 0", "exit /b 0");

        var fault = await Assert.ThrowsAsync<LocalHostException>(() => EnsureAsync(folder.FullName));

        Assert.Contains($"'{missing}'", fault.Message, StringComparison.Ordinal);
        Assert.Contains("Install Node.js 20 or later", fault.Message, StringComparison.Ordinal);
        Assert.Contains("Storage__ConnectionString", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Npms_last_words_reach_the_person()
    {
        Program("npm", "echo 'npm error network' >&2; exit 7", "@echo npm error network 1>&2\r\n@exit /b 7");
        var fault = await Assert.ThrowsAsync<LocalHostException>(() => EnsureAsync(WithPath()));
        Assert.Contains("(exit code 7)", fault.Message, StringComparison.Ordinal);
        Assert.Contains("npm error network", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Starts_at_the_same_time_install_once()
    {
        Program("npm", "mkdir node_modules", "@mkdir node_modules");
        var all = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() => EnsureAsync(WithPath()), Cancellation)));
        Assert.Single(all.Distinct());
        Assert.Single(said, line => line.StartsWith("Installing Azurite 3.", StringComparison.Ordinal));
        Assert.Single(said, line => line.Contains("is installed", StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_interrupted_installation_is_made_again_and_leaves_nothing()
    {
        // It waits for input that never comes, as npm waits for a network.
        Program("npm", "read line", "@set /p line=");
        using var interrupt = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => AzuriteInstallation.EnsureAsync(_ => interrupt.Cancel(), interrupt.Token, folder.FullName, WithPath()));

        Program("npm", "mkdir node_modules", "@mkdir node_modules");
        var installation = await EnsureAsync(WithPath());
        Assert.StartsWith(Assert.Single(folder.GetDirectories()).FullName, installation.TableService, StringComparison.Ordinal);
    }

    private Task<AzuriteServer> StartAsync(string? dataFolder, int port = 0) => AzuriteServer.StartAsync(dataFolder, port, Say, Cancellation);

    private Task<AzuriteInstallation> EnsureAsync(string searchPath) =>
        AzuriteInstallation.EnsureAsync(Say, Cancellation, folder.FullName, searchPath);

    private void Say(string line)
    {
        lock (said)
            said.Add(line);
    }

    /// <summary>The test's own programs first, so that a stand-in for npm finds the real node.</summary>
    private string WithPath() => folder.FullName + Path.PathSeparator + Environment.GetEnvironmentVariable("PATH");

    private void Program(string name, string shell, string batch)
    {
        var path = Path.Combine(folder.FullName, OperatingSystem.IsWindows() ? name + ".cmd" : name);
        File.WriteAllText(path, OperatingSystem.IsWindows() ? batch : $"#!/bin/sh\n{shell}\n");
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    private static TableClient Table(AzuriteServer azurite) => new(azurite.ConnectionString, "survivors");

    private static async Task WriteAsync(AzuriteServer azurite)
    {
        await Table(azurite).CreateAsync(Cancellation);
        await Table(azurite).AddEntityAsync(new TableEntity("partition", "row"), Cancellation);
    }

    private static async Task<bool> IsWrittenAsync(AzuriteServer azurite)
    {
        await Table(azurite).CreateIfNotExistsAsync(Cancellation);
        return (await Table(azurite).GetEntityIfExistsAsync<TableEntity>("partition", "row", cancellationToken: Cancellation)).HasValue;
    }
}
