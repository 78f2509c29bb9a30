using System.Net;
using System.Net.Sockets;

namespace MtlsFunctions.Connections;

/// <summary>
/// Connects to whichever of a host's addresses answers first (RFC 8305 section 5): the next is tried when one has failed, or has said nothing for
/// 250 ms, so that an address without a route costs that and not the whole time limit.
/// </summary>
internal static class Dialling
{
    // A name can have hundreds of addresses; nobody makes this gateway knock at all of them.
    private const int MostAddresses = 16;

    /// <summary>RFC 8305 section 8 recommends this as the time until the next attempt.</summary>
    public static readonly TimeSpan Stagger = TimeSpan.FromMilliseconds(250);

    /// <param name="addresses">At least one, in the order in which the resolver prefers them.</param>
    /// <exception cref="SocketException">None answers; the reason of the one that failed last.</exception>
    public static async Task<Stream> ConnectAsync(IPAddress[] addresses, int port, TimeProvider clock, CancellationToken cancellation)
    {
        var order = Alternate(addresses);
        if (order.Length == 1)
            return new NetworkStream(await DialAsync(order[0], port, cancellation), ownsSocket: true);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var attempts = new List<Task<Socket>>();
        try
        {
            return await FirstAsync(order, port, attempts, clock, end.Token);
        }
        finally
        {
            await end.CancelAsync();
            foreach (var attempt in attempts)
                _ = DropAsync(attempt);
        }
    }

    private static async Task<Stream> FirstAsync(
        IPAddress[] order, int port, List<Task<Socket>> attempts, TimeProvider clock, CancellationToken end)
    {
        var next = 0;
        while (true)
        {
            if (next < order.Length)
                attempts.Add(DialAsync(order[next++], port, end));
            var turn = next < order.Length ? Task.Delay(Stagger, clock, end) : null;
            var ended = await Task.WhenAny(turn is null ? attempts : attempts.Append(turn));
            if (ended == turn)
                continue;
            var attempt = (Task<Socket>)ended;
            attempts.Remove(attempt);
            try
            {
                return new NetworkStream(await attempt, ownsSocket: true);
            }
            catch (SocketException) when (attempts.Count > 0 || next < order.Length)
            {
                // Another one may answer; the caller hears of the last.
            }
        }
    }

    // RFC 8305 section 4: the resolver's first goes first, and families take turns.
    private static IPAddress[] Alternate(IPAddress[] addresses)
    {
        var first = addresses.Where(address => address.AddressFamily == addresses[0].AddressFamily).Index();
        var second = addresses.Where(address => address.AddressFamily != addresses[0].AddressFamily).Index();
        return [.. first.Select(one => (one.Index * 2, one.Item)).Concat(second.Select(one => ((one.Index * 2) + 1, one.Item)))
            .OrderBy(one => one.Item1).Select(one => one.Item).Take(MostAddresses)];
    }

    private static async Task<Socket> DialAsync(IPAddress address, int port, CancellationToken cancellation)
    {
        var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(address, port, cancellation);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private static async Task DropAsync(Task<Socket> attempt)
    {
        try
        {
            (await attempt).Dispose();
        }
        catch (Exception fault) when (fault is SocketException or OperationCanceledException)
        {
            // Another address has answered, or nobody waits any longer: how this one ended tells nothing.
        }
    }
}
