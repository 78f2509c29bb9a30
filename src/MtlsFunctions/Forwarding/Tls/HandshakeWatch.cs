using System.Net.Sockets;

namespace MtlsFunctions.Forwarding.Tls;

/// <summary>
/// Lies under SslStream and listens while a handshake is in clear, because SslStream tells neither whether a remote that hung up had
/// asked for a certificate, nor, where the connection was reset, what the remote had said before. Then it gets out of the way.
/// </summary>
internal sealed class HandshakeWatch(Stream inner) : WrappedStream(inner)
{
    private const int RestBytes = 4 * 1024;

    // Null when there is nothing more to be heard.
    private Talk? talk = new();

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        talk is { } heard && !buffer.IsEmpty ? ReadAsync(heard, buffer, cancellationToken) : Inner.ReadAsync(buffer, cancellationToken);

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) =>
        talk is { } heard ? WriteAsync(heard, buffer, cancellationToken) : Inner.WriteAsync(buffer, cancellationToken);

    private async ValueTask<int> ReadAsync(Talk heard, Memory<byte> buffer, CancellationToken cancellation)
    {
        int read;
        try
        {
            read = await Inner.ReadAsync(buffer, cancellation);
        }
        catch (Exception fault) when (IsOfConnection(fault))
        {
            throw new TlsEndedException(heard.End(), fault);
        }

        heard.Theirs.Add(buffer.Span[..read]);
        if (read == 0 || heard.Theirs.Ended is not null || !heard.Theirs.IsTls)
            throw new TlsEndedException(heard.End(), null);
        if (heard.Theirs.IsOver)
            talk = null;
        return read;
    }

    private async ValueTask WriteAsync(Talk heard, ReadOnlyMemory<byte> buffer, CancellationToken cancellation)
    {
        heard.Ours.Add(buffer.Span);
        try
        {
            await Inner.WriteAsync(buffer, cancellation);
        }
        catch (Exception fault) when (IsOfConnection(fault))
        {
            await ReadRestAsync(heard, cancellation);
            throw new TlsEndedException(heard.End(), fault);
        }
    }

    // A remote that says why and closes resets the connection as soon as more comes: its words lie here all the same.
    private async Task ReadRestAsync(Talk heard, CancellationToken cancellation)
    {
        var rest = new byte[RestBytes];
        try
        {
            while (!heard.Theirs.IsOver && await Inner.ReadAsync(rest, cancellation) is > 0 and var read)
                heard.Theirs.Add(rest.AsSpan(0, read));
        }
        catch (Exception fault) when (IsOfConnection(fault))
        {
            // That was all.
        }
    }

    private static bool IsOfConnection(Exception fault) => fault is IOException or SocketException;

    private sealed class Talk
    {
        public ClearRecords Ours { get; } = new();

        public ClearRecords Theirs { get; } = new();

        public TlsEnd End()
        {
            var messages = new HandshakeMessages(Ours, Theirs);
            return new TlsEnd
            {
                Alert = Theirs.Ended,
                InHandshake = true,
                SpokeNoTls = Theirs.First is not null && !Theirs.IsTls,
                ChoseNothing = !messages.HasServerHello,
                AskedForCertificate = messages.AskedForCertificate,
                ShowedNothing = messages.ShowedNothing,
                AcceptableIssuers = messages.AcceptableIssuers,
                RemoteChain = messages.RemoteChain,
                OfferedSuites = messages.OfferedSuites,
            };
        }
    }
}
