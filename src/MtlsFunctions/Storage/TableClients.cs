using Azure.Core;
using Azure.Data.Tables;
using MtlsFunctions.Connections;

namespace MtlsFunctions.Storage;

/// <summary>Makes the client of the table service, with limits that let an outage show within 10 seconds (the SDK's own time-out is 100).</summary>
public static class TableClients
{
    public static TableServiceClient Create(StorageOptions options, TokenCredential identity)
    {
        var settings = new TableClientOptions
        {
            Transport = GatewayConnections.Transport(),
            Retry =
            {
                Mode = RetryMode.Exponential,
                MaxRetries = 2,
                Delay = TimeSpan.FromMilliseconds(100),
                MaxDelay = TimeSpan.FromMilliseconds(500),
                NetworkTimeout = options.CallTimeout,
            },
        };
        return options.TableServiceUri is { } service
            ? new TableServiceClient(service, identity, settings)
            : new TableServiceClient(options.ConnectionString, settings);
    }
}
