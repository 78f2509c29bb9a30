using System.Net;
using System.Net.Sockets;
using System.Threading.RateLimiting;

namespace MtlsFunctions.Authorization;

/// <summary>How often an address and an account may call.</summary>
public sealed class Throttle(IOptions<ThrottleOptions> options) : IDisposable
{
    private const int Ipv6NetworkBytes = 8;

    private readonly BoundedRateLimiter addresses = new(Bucket(options.Value.RequestsPerSecondPerAddress));
    private readonly BoundedRateLimiter accounts = new(Bucket(options.Value.RequestsPerSecondPerAccount));

    public Failure? RefuseAddress(HttpRequest request) => addresses.Refuse(AddressOf(request));

    public Failure? RefuseAccount(AccountId account) => accounts.Refuse(account.Value);

    /// <summary>The calling address, for throttling and audit.</summary>
    public string AddressOf(HttpRequest request)
    {
        if (options.Value.TrustedAddressHeader is { Length: > 0 } header && request.Headers[header] is { Count: > 0 } named)
        {
            var last = named[^1]!.AsSpan();
            last = last[(last.LastIndexOf(',') + 1)..].Trim();
            if (IPEndPoint.TryParse(last, out var endpoint))
                return Text(endpoint.Address);
        }

        return request.HttpContext.Connection.RemoteIpAddress is { } address ? Text(address) : "unknown";
    }

    public void Dispose()
    {
        addresses.Dispose();
        accounts.Dispose();
    }

    // Whoever has one IPv6 address usually has the 2^64 of its network.
    private static string Text(IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6)
            return address.MapToIPv4().ToString();
        if (address.AddressFamily != AddressFamily.InterNetworkV6)
            return address.ToString();
        var network = address.GetAddressBytes();
        network.AsSpan(Ipv6NetworkBytes).Clear();
        return $"{new IPAddress(network)}/64";
    }

    // Replenished ten times a second, so that a caller at its limit is slowed and not stopped for a whole one.
    private static TokenBucketRateLimiterOptions Bucket(int perSecond)
    {
        var period = perSecond >= 10 ? TimeSpan.FromMilliseconds(100) : TimeSpan.FromSeconds(1);
        return new TokenBucketRateLimiterOptions
        {
            TokenLimit = perSecond * 2,
            TokensPerPeriod = perSecond >= 10 ? perSecond / 10 : perSecond,
            ReplenishmentPeriod = period,
        };
    }
}
