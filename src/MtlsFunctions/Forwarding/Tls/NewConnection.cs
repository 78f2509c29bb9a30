using System.Net.Sockets;
using System.Security.Cryptography;

namespace MtlsFunctions.Forwarding.Tls;

/// <summary>
/// A secured connection until its first byte, which shows that the remote has nothing against whom it met. Under TLS 1.3 it says so
/// only after the handshake, by an alert or by hanging up, and often resets the connection while a request is being written: then its
/// words are read before the failure is reported. Over HTTP/2 one loop reads and another writes, and the client reports whichever
/// fails, or neither; so the end is remembered.
/// </summary>
/// <param name="asked">Whether the remote has asked for a client certificate.</param>
/// <param name="shown">The remote's certificate and what it sent behind it, DER.</param>
internal sealed class NewConnection(Stream inner, bool asked, IReadOnlyList<byte[]> shown) : WrappedStream(inner)
{
    private const int AheadBytes = 4 * 1024;

    private static readonly HttpRequestOptionsKey<NewConnection> Made = new("MtlsFunctions.NewConnection");

    private volatile bool answered;
    private volatile TlsEndedException? end;
    private Task<int>? reading;
    private volatile bool putAway;
    private IReadOnlyList<byte[]> shown = shown;
    private ReadOnlyMemory<byte> held;

    /// <summary>The connection was made for this request, whose failure may be its end.</summary>
    public void IsFor(HttpRequestMessage request) => request.Options.Set(Made, this);

    /// <returns>The fault, with how the connection ended that was made for the request, where the client leaves that out.</returns>
    public static Exception Explain(HttpRequestMessage request, Exception fault) =>
        request.Options.TryGetValue(Made, out var connection) && connection.end is { } end && !TransportError.Causes(fault).OfType<TlsEndedException>().Any()
            ? new AggregateException(end, fault)
            : fault;

    /// <summary>Waits for a moment whether the remote ends the connection at once. What it sends instead is kept for who reads.</summary>
    /// <exception cref="TlsEndedException">It does.</exception>
    public async Task AwaitVerdictAsync(TimeSpan moment, TimeProvider clock, CancellationToken cancellation)
    {
        var first = ReadAheadAsync();
        if (await Task.WhenAny(first, Task.Delay(moment, clock, cancellation)) == first && await first == 0 && end is { } ended)
            throw ended;
    }

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        answered && held.IsEmpty ? Inner.ReadAsync(buffer, cancellationToken) : ReadFirstAsync(buffer, cancellationToken);

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var writing = Inner.WriteAsync(buffer, cancellationToken);
        return writing.IsCompletedSuccessfully ? writing : WriteAsync(writing, cancellationToken);
    }

    public override ValueTask DisposeAsync()
    {
        putAway = true;
        return base.DisposeAsync();
    }

    protected override void Dispose(bool disposing)
    {
        putAway = true;
        base.Dispose(disposing);
    }

    private async ValueTask<int> ReadFirstAsync(Memory<byte> buffer, CancellationToken cancellation)
    {
        if (held.IsEmpty && await ReadAheadAsync().WaitAsync(cancellation) == 0)
            return end is null ? 0 : throw end;
        var taken = Math.Min(held.Length, buffer.Length);
        held[..taken].CopyTo(buffer);
        held = held[taken..];
        return taken;
    }

    private async ValueTask WriteAsync(ValueTask writing, CancellationToken cancellation)
    {
        try
        {
            await writing;
        }
        catch (Exception fault) when (fault is IOException or SocketException or ObjectDisposedException)
        {
            // Put away: the loop that reads has met the end.
            if (!putAway && !answered)
                await ReadAheadAsync().WaitAsync(cancellation);
            if (end is not null)
                throw end;
            throw;
        }
    }

    // One reader at a time, whoever asks first: the client, a write that failed, or who waits for the verdict.
    private Task<int> ReadAheadAsync()
    {
        lock (Inner)
            return reading ??= ReadAsync();
    }

    private async Task<int> ReadAsync()
    {
        var ahead = new byte[AheadBytes];
        try
        {
            var read = await Inner.ReadAsync(ahead);
            held = ahead.AsMemory(0, read);
            answered = read > 0;
            if (answered)
                shown = [];
            else if (asked && !putAway)
                end = new TlsEndedException(new TlsEnd { AskedForCertificate = true, RemoteChain = shown }, null);
            return read;
        }
        catch (Exception fault) when (putAway && fault is IOException or SocketException or ObjectDisposedException)
        {
            return 0;
        }
        catch (Exception fault) when (End(fault) is { } ended)
        {
            end = new TlsEndedException(ended, fault);
            return 0;
        }
    }

    // Null for what isn't the remote's doing, or can't be told: that stays what it is.
    private TlsEnd? End(Exception fault)
    {
        var causes = TransportError.Causes(fault).ToArray();
        var alert = causes.Select(TlsAlert.Of).FirstOrDefault(alert => alert is not null);
        return alert is null && (causes.OfType<CryptographicException>().Any() || !causes.All(cause => cause is IOException or SocketException))
            ? null
            : new TlsEnd { Alert = alert, AskedForCertificate = asked, RemoteChain = shown };
    }
}
