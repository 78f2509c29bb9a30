using Azure.Data.Tables;
using MtlsFunctions.CertificateVaults;

namespace MtlsFunctions.LocalHost.CopyVault;

/// <summary>One side of a copy: a table and the vault that its rows name, composed as the gateway composes them.</summary>
public sealed class VaultSide : IAsyncDisposable
{
    private readonly ServiceProvider services;

    private VaultSide(ServiceProvider services)
    {
        this.services = services;
        (Table, Vault) = (services.GetRequiredService<TableClient>(), services.GetRequiredService<ICertificateVault>());
    }

    public TableClient Table { get; }

    public ICertificateVault Vault { get; }

    /// <param name="add">For tests: services that replace the product's.</param>
    /// <exception cref="LocalHostException">A setting is wrong.</exception>
    public static VaultSide Open(IConfiguration settings, Action<IServiceCollection>? add = null)
    {
        var composed = new ServiceCollection().AddLogging(Log).AddMtlsGateway(settings);
        add?.Invoke(composed);
        var services = composed.BuildServiceProvider();
        try
        {
            return new VaultSide(services);
        }
        catch (OptionsValidationException wrong)
        {
            services.Dispose();
            throw LocalHostException.Of(wrong);
        }
    }

    public ValueTask DisposeAsync() => services.DisposeAsync();

    // Standard output shows the progress; why something failed stands beside it.
    private static void Log(ILoggingBuilder logging) =>
        logging.SetMinimumLevel(LogLevel.Warning).AddConsole(console => console.LogToStandardErrorThreshold = LogLevel.Trace);
}
