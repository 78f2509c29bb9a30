using MtlsFunctions.Connections;

namespace MtlsFunctions.Forwarding.Tls;

/// <summary>
/// A connection below its TLS. What a remote sends in the handshake leads to signatures and key exchanges, which take up to a tenth of a second
/// with the largest keys; so whoever reads it goes on on one of few threads for that, in turn with other accounts, and the pool's threads stay free for
/// what is warm. After the first application data (RFC 8446 section 5.1) it is the connection as it was.
/// </summary>
internal sealed class HandshakeStream(Stream inner, FairThreads threads, string owner) : WrappedStream(inner)
{
    // RFC 8446 section 5.1: type, version, length.
    private const int RecordHeaderBytes = 5;
    private const byte ApplicationData = 23;

    private volatile bool isSent;
    private volatile bool isOver;

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        isOver || buffer.IsEmpty ? Inner.ReadAsync(buffer, cancellationToken) : ReadInHandshakeAsync(buffer, cancellationToken);

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) =>
        isOver ? Inner.WriteAsync(buffer, cancellationToken) : WriteInHandshakeAsync(buffer, cancellationToken);

    private async ValueTask<int> ReadInHandshakeAsync(Memory<byte> buffer, CancellationToken cancellation)
    {
        if (isSent)
            await LeaveAsync();
        var reading = Inner.ReadAsync(buffer, cancellation);
        // What is there already: whoever calls must have got as far as to wait, or it goes on here when the turn ends before that.
        if (!isOver && reading.IsCompleted)
            await Task.Yield();
        var read = await reading;
        if (!isOver)
            await new HandshakeTurn(threads, owner, cancellation);
        return read;
    }

    private async ValueTask WriteInHandshakeAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellation)
    {
        if (isSent)
            await LeaveAsync();
        isSent |= HoldsApplicationData(buffer.Span);
        await Inner.WriteAsync(buffer, cancellation);
    }

    // The remote's certificate is judged after our last flight, which looks like application data in TLS 1.3; whoever uses the
    // connection after that goes on on the pool.
    private async ValueTask LeaveAsync()
    {
        isOver = true;
        await Task.Yield();
    }

    private static bool HoldsApplicationData(ReadOnlySpan<byte> records)
    {
        while (records.Length >= RecordHeaderBytes)
        {
            if (records[0] == ApplicationData)
                return true;
            var length = RecordHeaderBytes + ((records[3] << 8) | records[4]);
            records = records[Math.Min(length, records.Length)..];
        }

        return false;
    }
}
