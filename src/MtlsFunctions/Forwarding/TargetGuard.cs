using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging.Abstractions;
using MtlsFunctions.Connections;

namespace MtlsFunctions.Forwarding;

/// <summary>
/// Decides which addresses may be dialled, and dials them. It sits where the connection is made, so whatever the URL was dressed
/// up as, and whatever a name resolves to this time, the decision is taken on the address that is dialled.
/// </summary>
public sealed partial class TargetGuard
{
    // RFC 6761 section 6.3: everybody knows where this leads, so a refusal tells nothing.
    private const string Localhost = "localhost";

    // In which steps a name's failure is told: how long the resolver took says whether it knows the name.
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(250);

    private readonly IPNetwork[] allowed;
    private readonly ILookup<string, IPNetwork> ofAccounts;
    private readonly bool mappedOnly;
    private readonly ILogger log;
    private readonly Func<string, string, CancellationToken, Task<IPAddress[]>> lookUp;
    private readonly TimeProvider clock;

    public TargetGuard(IOptions<ForwardingOptions> options, NameLookUps names, TimeProvider clock, ILogger<TargetGuard> log)
        : this(options.Value, names.FindAsync, clock, log)
    {
    }

    /// <param name="lookUp">Name look-up, for tests of names that change.</param>
    internal TargetGuard(ForwardingOptions options, Func<string, CancellationToken, Task<IPAddress[]>> lookUp)
        : this(options, (_, name, cancellation) => lookUp(name, cancellation), TimeProvider.System, NullLogger.Instance)
    {
    }

    private TargetGuard(ForwardingOptions options, Func<string, string, CancellationToken, Task<IPAddress[]>> lookUp, TimeProvider clock, ILogger log)
    {
        allowed = [.. options.AllowedNetworks.Select(IPNetwork.Parse)];
        ofAccounts = options.AccountNetworks.Values
            .SelectMany(some => some.Accounts.SelectMany(account => some.Networks.Select(network => (account, Network: IPNetwork.Parse(network)))))
            .ToLookup(one => one.account, one => one.Network, StringComparer.Ordinal);
        mappedOnly = options.AllowedNetworksForMappedOnly;
        (this.lookUp, this.clock, this.log) = (lookUp, clock, log);
    }

    /// <summary>Looks the host up, judges all of its addresses and connects to one of them.</summary>
    /// <exception cref="TargetRefusedException">One of the host's addresses is refused; none was dialled.</exception>
    /// <exception cref="SocketException">No address answers; or the name doesn't resolve to addresses that may be called.</exception>
    /// <exception cref="NameTimeoutException">No name server answered.</exception>
    public async ValueTask<Stream> ConnectAsync(DnsEndPoint endpoint, Reach reach, CancellationToken cancellation)
    {
        if (!IPAddress.TryParse(endpoint.Host, out var literal))
            return await Dialling.ConnectAsync(await ResolveAsync(endpoint.Host, reach, cancellation), endpoint.Port, clock, cancellation);
        Admit(literal, reach);
        return await Dialling.ConnectAsync([literal], endpoint.Port, clock, cancellation);
    }

    /// <exception cref="TargetRefusedException">The address is special and not allowed by configuration.</exception>
    public void Admit(IPAddress address, Reach reach)
    {
        if (WhyRefused(address, reach) is { } what)
            throw new TargetRefusedException(what);
    }

    // An inner name is answered like one that nobody knows, or names would reveal inner networks; the log has the reason.
    private async ValueTask<IPAddress[]> ResolveAsync(string name, Reach reach, CancellationToken cancellation)
    {
        var began = clock.GetTimestamp();
        IPAddress[] addresses;
        try
        {
            addresses = await lookUp(reach.Owner, name, cancellation);
        }
        catch (SocketException fault) when (fault.SocketErrorCode is SocketError.HostNotFound or SocketError.NoData)
        {
            addresses = [];
        }

        var refused = addresses.Select(address => WhyRefused(address, reach)).FirstOrDefault(what => what is not null);
        if (addresses.Length > 0 && refused is null)
            return addresses;
        if (refused is not null && IsLocalhost(name))
            throw new TargetRefusedException(refused);
        if (refused is not null)
            LogRefused(name, refused, reach.Owner, reach.IsMapped);
        await Task.Delay(Step - TimeSpan.FromTicks(clock.GetElapsedTime(began).Ticks % Step.Ticks), clock, cancellation);
        throw new SocketException((int)SocketError.HostNotFound);
    }

    private string? WhyRefused(IPAddress address, Reach reach)
    {
        var plain = SpecialNetworks.Plain(address);
        return SpecialNetworks.Describe(plain) is { } what && !IsOpen(plain, reach) ? what : null;
    }

    private bool IsOpen(IPAddress address, Reach reach) =>
        (reach.IsMapped || !mappedOnly) && allowed.Concat(ofAccounts[reach.Owner]).Any(network => network.Contains(address));

    private static bool IsLocalhost(string name)
    {
        var host = name.AsSpan().TrimEnd('.');
        return host.Equals(Localhost, StringComparison.OrdinalIgnoreCase) || host.EndsWith($".{Localhost}", StringComparison.OrdinalIgnoreCase);
    }

    [LoggerMessage(Level = LogLevel.Information, Message =
        "The name {Host} has a {What} address that account {Account} may not call (mapped: {IsMapped}); it is answered like a name that isn't there")]
    private partial void LogRefused(string host, string what, string account, bool isMapped);
}

/// <summary>The target's address is one that this gateway doesn't call. The message says its kind, never the address: names would reveal inner networks.</summary>
public sealed class TargetRefusedException(string what) : Exception($"The target has a {what} address.")
{
    public string What => what;
}
