using Microsoft.Extensions.Options;
using MtlsFunctions.CertificateVaults;
using MtlsFunctions.CertificateVaults.KeyVault;
using MtlsFunctions.Shared;

namespace MtlsFunctions.Tests.CertificateVaults.KeyVault;

/// <summary>The product with the real SDK, against the imitation server.</summary>
public sealed class KeyVaultUnderTest : IFaultyVaultUnderTest
{
    private KeyVaultUnderTest(KeyVaultServer server, TimeSpan callTimeout, TimeProvider clock)
    {
        Server = server;
        var options = new KeyVaultOptions { Uri = server.Uri, CallTimeout = callTimeout, RetryDelay = TimeSpan.FromMilliseconds(10) };
        LongestWait = options.LongestWait;
        Vault = new AzureKeyVault(
            new KeyVaultClients(options, server.Identity, server.CreateTransport()), Options.Create(options), clock, Log);
    }

    public KeyVaultServer Server { get; }

    public ICertificateVault Vault { get; }

    public VaultLog<AzureKeyVault> Log { get; } = new();

    public VaultFaults Faults => Server.Faults;

    public TimeSpan LongestWait { get; }

    /// <param name="callTimeout">Short where servers keep silent; long where they only have much to do.</param>
    /// <param name="clock">Of deadlines and tags; default: the system's.</param>
    public static async Task<KeyVaultUnderTest> StartAsync(TimeSpan callTimeout, TimeProvider? clock = null) =>
        new(await KeyVaultServer.StartAsync(), callTimeout, clock ?? TimeProvider.System);

    public Task CutOffAsync() => Server.StopAsync();

    public Task ReconnectAsync() => Server.ComeBackAsync();

    public ValueTask DisposeAsync() => Server.DisposeAsync();
}
