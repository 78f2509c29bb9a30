using System.Net;
using System.Net.Sockets;
using System.Threading.RateLimiting;

namespace MtlsFunctions.Authorization;

/// <summary>How often an address and an account may call.</summary>
public sealed class Throttle(IOptions<ThrottleOptions> options) : IDisposable
{
    private const int Ipv6NetworkBytes = 8;
    private const string Unknown = "unknown";

    private readonly BoundedRateLimiter addresses = new(Bucket(options.Value.RequestsPerSecondPerAddress));
    private readonly BoundedRateLimiter accounts = new(Bucket(options.Value.RequestsPerSecondPerAccount));

    public Failure? RefuseAddress(HttpRequest request) => addresses.Refuse(NetworkOf(request));

    public Failure? RefuseAccount(AccountId account) => accounts.Refuse(account.Value);

    /// <summary>The calling address, for the record.</summary>
    public string AddressOf(HttpRequest request) => Find(request)?.ToString() ?? Unknown;

    /// <summary>The network of the calling address: an IPv4 address, an IPv6 /64.</summary>
    public string NetworkOf(HttpRequest request) => Find(request) is { } address ? Network(address) : Unknown;

    public void Dispose()
    {
        addresses.Dispose();
        accounts.Dispose();
    }

    /// <summary>The bucket of a rate: exactly so many tokens a second, and twice as many at once.</summary>
    public static TokenBucketRateLimiterOptions Bucket(int perSecond)
    {
        // Replenished about ten times a second where the rate allows it, so that a caller at its limit is slowed and not stopped for a whole one.
        var tokens = Math.Max(1, perSecond / 10);
        return new TokenBucketRateLimiterOptions
        {
            TokenLimit = perSecond * 2,
            TokensPerPeriod = tokens,
            ReplenishmentPeriod = TimeSpan.FromTicks(TimeSpan.TicksPerSecond * tokens / perSecond),
        };
    }

    private IPAddress? Find(HttpRequest request)
    {
        var found = request.HttpContext.Connection.RemoteIpAddress;
        if (options.Value.TrustedAddressHeader is { Length: > 0 } header && request.Headers[header] is [.., { } named])
        {
            var last = named.AsSpan()[(named.LastIndexOf(',') + 1)..].Trim();
            if (IPEndPoint.TryParse(last, out var endpoint))
                found = endpoint.Address;
        }

        return found is { IsIPv4MappedToIPv6: true } ? found.MapToIPv4() : found;
    }

    // Whoever has one IPv6 address usually has the 2^64 of its network.
    private static string Network(IPAddress address)
    {
        if (address.AddressFamily != AddressFamily.InterNetworkV6)
            return address.ToString();
        var network = address.GetAddressBytes();
        network.AsSpan(Ipv6NetworkBytes).Clear();
        return new IPAddress(network).ToString();
    }
}
