using System.Diagnostics;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using MtlsFunctions.Authorization;
using MtlsFunctions.CertificateVaults;
using MtlsFunctions.CertificateVaults.Local;

namespace MtlsFunctions.Tests.CertificateVaults.Local;

/// <summary>This test assembly once more, as a process that stores into one entry of a vault until it is killed.</summary>
public sealed class StoringProcess : IDisposable
{
    private const string FolderVariable = "STORING_PROCESS_FOLDER";
    private const string NameVariable = "STORING_PROCESS_ENTRY";
    private const int Writers = 4;

    private readonly Process process;

    public StoringProcess(string folder, string name)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath is { } path && Path.GetFileNameWithoutExtension(path) == "dotnet" ? path : "dotnet")
        {
            RedirectStandardOutput = true,
            Environment = { [FolderVariable] = folder, [NameVariable] = name },
            ArgumentList =
            {
                typeof(StoringProcess).Assembly.Location, "-explicit", "only", "-method", $"{typeof(Victim).FullName}.{nameof(Victim.Stores_until_it_is_killed)}",
            },
        };
        process = Process.Start(start)!;
    }

    public static VaultEntry Entry(string name) => new(AccountId.Gateway, name, 1);

    /// <summary>Returns when the process has stored that often.</summary>
    public async Task HasStoredAsync(int times, CancellationToken cancellation)
    {
        var seen = new List<string>();
        while (seen.Count(line => line == Victim.Stored) < times)
            seen.Add(await process.StandardOutput.ReadLineAsync(cancellation)
                ?? throw new InvalidOperationException($"The process ended by itself:\n{string.Join('\n', seen)}"));
    }

    public async Task KillAsync(CancellationToken cancellation)
    {
        process.Kill();
        await process.WaitForExitAsync(cancellation);
    }

    public void Dispose()
    {
        if (!process.HasExited)
            process.Kill();
        process.Dispose();
    }

    public sealed class Victim
    {
        public const string Stored = "stored once more";

        // Not a claim: only the process above runs it.
        [Fact(Explicit = true)]
        public async Task Stores_until_it_is_killed()
        {
            var options = new LocalVaultOptions { Folder = Environment.GetEnvironmentVariable(FolderVariable)! };
            var vault = new LocalVault(Options.Create(options), NullLogger<LocalVault>.Instance);
            var entry = Entry(Environment.GetEnvironmentVariable(NameVariable)!);
            var content = new byte[VaultEntry.MaxPkcs12Bytes];
            await Task.WhenAll(Enumerable.Range(0, Writers).Select(_ => Task.Run(async () =>
            {
                while ((await vault.StoreAsync(entry, content, TestContext.Current.CancellationToken)).TryGet(out string? version, out Failure? _) && version is not null)
                    Console.WriteLine(Stored);
            })));
        }
    }
}
