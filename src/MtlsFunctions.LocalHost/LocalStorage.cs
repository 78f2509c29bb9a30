using MtlsFunctions.LocalHost.Azurite;

namespace MtlsFunctions.LocalHost;

/// <summary>Decides whether LocalHost needs an Azurite of its own, and starts it.</summary>
public static class LocalStorage
{
    /// <summary>Port of Azurite's table service, which <c>UseDevelopmentStorage=true</c> means.</summary>
    private const int WellKnownPort = 10002;

    private const string DevelopmentStorage = "UseDevelopmentStorage=true";

    /// <returns>The server that was started; null when the configured service, or one that is running already, is used.</returns>
    public static async Task<AzuriteServer?> StartAsync(Flags flags, IConfiguration settings, DataFolder data, Action<string> say, CancellationToken cancellation)
    {
        if (IsElsewhere(settings))
            return null;
        if (flags.Ephemeral)
            return await AzuriteServer.StartAsync(dataFolder: null, port: 0, say, cancellation);
        if (await AzuriteServer.IsListeningAsync(WellKnownPort, cancellation))
        {
            say($"Using the table service that is running on port {WellKnownPort}.");
            return null;
        }

        return await AzuriteServer.StartAsync(data.Folder("azurite"), WellKnownPort, say, cancellation);
    }

    /// <summary>Configuration names another table service than the development one.</summary>
    public static bool IsElsewhere(IConfiguration settings) =>
        !string.IsNullOrEmpty(settings["Storage:TableServiceUri"])
        || settings["Storage:ConnectionString"] is { Length: > 0 } connection && connection.Trim().TrimEnd(';') != DevelopmentStorage;
}
