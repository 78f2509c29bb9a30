using MtlsFunctions.Forwarding.Tls;

namespace MtlsFunctions.Forwarding;

/// <summary>
/// A new HTTP/1.1 connection until its first answer. The client repeats a request that has no body whenever the connection ends
/// before the answer, even when the remote has taken it; that is right only for a connection that has answered before and was
/// closed while it lay idle. So the end of one that has never answered becomes a failure that the client doesn't repeat.
/// </summary>
internal sealed class UnansweredConnection(Stream inner) : WrappedStream(inner)
{
    private bool answered;

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        answered || buffer.IsEmpty ? Inner.ReadAsync(buffer, cancellationToken) : ReadFirstAsync(buffer, cancellationToken);

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        SentOnce.WroteHttp1();
        return Inner.WriteAsync(buffer, cancellationToken);
    }

    private async ValueTask<int> ReadFirstAsync(Memory<byte> buffer, CancellationToken cancellation)
    {
        var read = await Inner.ReadAsync(buffer, cancellation);
        if (read == 0)
            throw new HttpRequestException(HttpRequestError.ResponseEnded, "The connection was closed before its first answer.");
        answered = true;
        return read;
    }
}
