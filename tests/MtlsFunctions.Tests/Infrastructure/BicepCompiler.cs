using System.Diagnostics;
using System.Reflection;
using System.Text.Json;
using StreamJsonRpc;

namespace MtlsFunctions.Tests.Infrastructure;

/// <summary>
/// The real Bicep compiler, from its NuGet package, as one process that answers requests over its standard streams: six starts of
/// it would cost more than everything that it is asked. Resource types are inside it, so it needs no network.
/// </summary>
public sealed class BicepCompiler : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly Process process;
    private readonly JsonRpc connection;

    private BicepCompiler(Process process)
    {
        this.process = process;
        var formatter = new SystemTextJsonFormatter { JsonSerializerOptions = new JsonSerializerOptions(JsonSerializerDefaults.Web) };
        connection = new JsonRpc(new HeaderDelimitedMessageHandler(process.StandardInput.BaseStream, process.StandardOutput.BaseStream, formatter));
        connection.StartListening();
    }

    /// <param name="environment">Variables that a .bicepparam file may read.</param>
    /// <param name="oldest">The oldest compiler that there is a package of, instead of the one that the template is written with.</param>
    public static BicepCompiler Start(IReadOnlyDictionary<string, string> environment, bool oldest = false)
    {
        var start = new ProcessStartInfo(ExecutablePath(oldest ? "OldestBicepCompiler" : nameof(BicepCompiler)), ["jsonrpc", "--stdio"]) { RedirectStandardInput = true, RedirectStandardOutput = true };
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        return new BicepCompiler(Process.Start(start)!);
    }

    /// <summary>A .bicep file as an ARM template, with everything that compiler and linter say of it and of its modules.</summary>
    public Task<BicepCompilation> CompileAsync(string path) => CallAsync<BicepCompilation>("bicep/compile", new { path });

    /// <summary>The same for a .bicepparam file.</summary>
    public Task<BicepCompilation> CompileParametersAsync(string path) =>
        CallAsync<BicepCompilation>("bicep/compileParams", new { path, parameterOverrides = new { } });

    /// <summary>The resources that a deployment with this .bicepparam file would make, as JSON.</summary>
    public async Task<string> SnapshotAsync(string path) => (await CallAsync<SnapshotAnswer>("bicep/getSnapshot", new
    {
        path,
        metadata = new
        {
            subscriptionId = "00000000-0000-0000-0000-000000000001",
            tenantId = "00000000-0000-0000-0000-000000000002",
            location = "westeurope",
        },
    })).Snapshot;

    /// <summary>The file as the compiler would lay it out.</summary>
    public async Task<string> FormatAsync(string path) => (await CallAsync<FormatAnswer>("bicep/format", new { path })).Contents;

    public async ValueTask DisposeAsync()
    {
        connection.Dispose();
        // The stream itself: its writer would flush into a pipe that the connection has closed.
        await process.StandardInput.BaseStream.DisposeAsync();
        using var patience = new CancellationTokenSource(Patience);
        try
        {
            await process.WaitForExitAsync(patience.Token);
        }
        finally
        {
            if (!process.HasExited)
                process.Kill();
            process.Dispose();
        }
    }

    private static string ExecutablePath(string key) => typeof(BicepCompiler).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(found => found.Key == key).Value + (OperatingSystem.IsWindows() ? ".exe" : "");

    private async Task<T> CallAsync<T>(string method, object request)
    {
        using var patience = new CancellationTokenSource(Patience);
        return await connection.InvokeWithParameterObjectAsync<T>(method, request, patience.Token);
    }

    private sealed record SnapshotAnswer(string Snapshot);

    private sealed record FormatAnswer(string Contents);
}

/// <param name="Contents">The template; null when it doesn't compile, and for parameters.</param>
public sealed record BicepCompilation(bool Success, IReadOnlyList<BicepDiagnostic> Diagnostics, string? Contents);

public sealed record BicepDiagnostic(string Source, string Level, string Code, string Message);
