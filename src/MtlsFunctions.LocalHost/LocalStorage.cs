using MtlsFunctions.LocalHost.Azurite;

namespace MtlsFunctions.LocalHost;

/// <summary>The table service that a LocalHost uses: the configured one, an Azurite that runs already, or one of its own.</summary>
/// <param name="ConnectionString">Null when configuration names the service.</param>
public sealed record LocalStorage(string? ConnectionString, AzuriteServer? Started) : IAsyncDisposable
{
    /// <summary>Port of Azurite's table service, which <c>UseDevelopmentStorage=true</c> means.</summary>
    private const int WellKnownPort = 10002;

    private const string DevelopmentStorage = "UseDevelopmentStorage=true";

    public static async Task<LocalStorage> StartAsync(Flags flags, IConfiguration settings, DataFolder data, Action<string> say, CancellationToken cancellation)
    {
        if (IsElsewhere(settings))
            return new LocalStorage(null, null);
        var port = flags.Ephemeral ? 0 : settings.GetValue("Azurite:TablePort", WellKnownPort);
        if (port != 0 && await AzuriteServer.IsListeningAsync(port, cancellation))
        {
            say($"Using the table service that is running on port {port}.");
            return new LocalStorage(AzuriteServer.ConnectionStringOf(port), null);
        }

        var server = await AzuriteServer.StartAsync(flags.Ephemeral ? null : data.Folder("azurite"), port, say, cancellation);
        return new LocalStorage(server.ConnectionString, server);
    }

    public ValueTask DisposeAsync() => Started?.DisposeAsync() ?? ValueTask.CompletedTask;

    private static bool IsElsewhere(IConfiguration settings) =>
        !string.IsNullOrEmpty(settings["Storage:TableServiceUri"])
        || settings["Storage:ConnectionString"] is { Length: > 0 } connection && connection.Trim().TrimEnd(';') != DevelopmentStorage;
}
