using System.Net;
using System.Net.Http;
using Azure.Core.Pipeline;

namespace MtlsFunctions.Connections;

/// <summary>
/// Connections of the gateway's own clients: table, vaults, issuers. Their names are the operator's and pass no guard, but are looked up off the pool's
/// threads like any other, by threads that no account can hold.
/// </summary>
public static class GatewayConnections
{
    private static readonly NameLookUps Names = new(TimeProvider.System);

    /// <summary>For <see cref="SocketsHttpHandler.ConnectCallback"/>.</summary>
    public static async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext connection, CancellationToken cancellation)
    {
        var endpoint = connection.DnsEndPoint;
        var addresses = IPAddress.TryParse(endpoint.Host, out var literal) ? [literal] : await Names.FindAsync("", endpoint.Host, cancellation);
        return await Dialling.ConnectAsync(addresses, endpoint.Port, TimeProvider.System, cancellation);
    }

    /// <summary>A transport for the SDKs of Azure, with the settings of their own one beside the way it connects.</summary>
    public static HttpClientTransport Transport() => new(new HttpClient(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        ActivityHeadersPropagator = null,
        MaxConnectionsPerServer = 50,
        PooledConnectionLifetime = TimeSpan.FromMinutes(5),
        ConnectCallback = ConnectAsync,
    })
    { Timeout = Timeout.InfiniteTimeSpan });
}
