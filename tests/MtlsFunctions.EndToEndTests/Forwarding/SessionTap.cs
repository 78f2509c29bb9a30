using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using MtlsFunctions.Shared;

namespace MtlsFunctions.EndToEndTests.Forwarding;

/// <summary>Stands before a remote and reads from what goes over the wire who offers to go on with an earlier TLS session, and who may.</summary>
internal sealed class SessionTap : IAsyncDisposable
{
    private readonly FaultyServer tap;
    private readonly int remote;
    private int resumed;

    public SessionTap(MtlsServer remote)
    {
        this.remote = remote.Port;
        tap = new FaultyServer(PassOnAsync, certificate: null);
    }

    /// <summary>One for each connection, in their order.</summary>
    public ConcurrentQueue<bool> Offers { get; } = new();

    /// <summary>Sessions that went on, under TLS 1.3.</summary>
    public int Resumed => Volatile.Read(ref resumed);

    public string UrlFor(string host) => tap.UrlFor(host);

    public ValueTask DisposeAsync() => tap.DisposeAsync();

    private async Task PassOnAsync(Stream caller, CancellationToken ending)
    {
        var hello = await TlsHello.ReadRecordAsync(caller, ending);
        Offers.Enqueue(TlsHello.OffersSession(hello));
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, remote, ending);
        var server = client.GetStream();
        await server.WriteAsync(hello, ending);
        var answer = await TlsHello.ReadRecordAsync(server, ending);
        if (TlsHello.TakesUpSession(answer))
            Interlocked.Increment(ref resumed);
        await caller.WriteAsync(answer, ending);
        // Whoever ends first ends both.
        await Task.WhenAny(caller.CopyToAsync(server, ending), server.CopyToAsync(caller, ending));
    }
}
