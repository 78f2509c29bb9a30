using System.Net;
using System.Net.Sockets;

namespace MtlsFunctions.Forwarding;

/// <summary>
/// Decides which addresses may be dialled, and dials them. It sits where the connection is made, so whatever the URL was dressed
/// up as, and whatever a name resolves to this time, the decision is taken on the address that is dialled.
/// </summary>
public sealed class TargetGuard
{
    private readonly IPNetwork[] allowed;
    private readonly Func<string, string, CancellationToken, Task<IPAddress[]>> lookUp;
    private readonly TimeProvider clock;

    public TargetGuard(IOptions<ForwardingOptions> options, NameLookUps names, TimeProvider clock)
        : this(options.Value, names.FindAsync, clock)
    {
    }

    /// <param name="lookUp">Name look-up, for tests of names that change.</param>
    internal TargetGuard(ForwardingOptions options, Func<string, CancellationToken, Task<IPAddress[]>> lookUp)
        : this(options, (_, name, cancellation) => lookUp(name, cancellation), TimeProvider.System)
    {
    }

    private TargetGuard(ForwardingOptions options, Func<string, string, CancellationToken, Task<IPAddress[]>> lookUp, TimeProvider clock)
    {
        allowed = [.. options.AllowedNetworks.Select(IPNetwork.Parse)];
        (this.lookUp, this.clock) = (lookUp, clock);
    }

    /// <summary>For <see cref="SocketsHttpHandler.ConnectCallback"/>.</summary>
    /// <exception cref="TargetRefusedException">One of the host's addresses is refused; none was dialled.</exception>
    /// <exception cref="SocketException">The name doesn't resolve, or no address answers.</exception>
    /// <exception cref="NameTimeoutException">No name server answered.</exception>
    public async ValueTask<Stream> ConnectAsync(DnsEndPoint endpoint, Reach reach, CancellationToken cancellation)
    {
        var addresses = IPAddress.TryParse(endpoint.Host, out var literal) ? [literal] : await lookUp(reach.Owner, endpoint.Host, cancellation);
        if (addresses.Length == 0)
            throw new SocketException((int)SocketError.HostNotFound);
        foreach (var address in addresses)
            Admit(address);
        return await Dialling.ConnectAsync(addresses, endpoint.Port, clock, cancellation);
    }

    /// <exception cref="TargetRefusedException">The address is special and not allowed by configuration.</exception>
    public void Admit(IPAddress address)
    {
        var plain = SpecialNetworks.Plain(address);
        if (SpecialNetworks.Describe(plain) is { } what && !Array.Exists(allowed, network => network.Contains(plain)))
            throw new TargetRefusedException(what);
    }
}

/// <summary>The target's address is one that this gateway doesn't call. The message says its kind, never the address: names would reveal inner networks.</summary>
public sealed class TargetRefusedException(string what) : Exception($"The target has a {what} address.")
{
    public string What => what;
}
