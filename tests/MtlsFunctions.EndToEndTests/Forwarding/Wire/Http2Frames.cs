using System.Buffers.Binary;

namespace MtlsFunctions.EndToEndTests.Forwarding.Wire;

/// <summary>As much of HTTP/2 (RFC 9113) as a server needs that wants to see requests come, and to say exactly what it likes.</summary>
internal static class Http2Frames
{
    public const byte Data = 0;
    public const byte Headers = 1;
    public const byte ResetStream = 3;
    public const byte Settings = 4;
    public const byte Ping = 6;
    public const byte GoAway = 7;
    public const byte WindowUpdate = 8;
    public const byte EndStream = 1;
    public const byte Acknowledged = 1;

    private const int PrefaceLength = 24;
    private const byte EndHeaders = 4;

    // RFC 7541 appendix A: ":status: 200".
    private const byte Status200 = 0x88;

    /// <summary>Takes the client's preface and sends empty settings.</summary>
    public static async Task BeginAsync(Stream stream, CancellationToken cancellation)
    {
        await stream.ReadExactlyAsync(new byte[PrefaceLength], cancellation);
        await stream.WriteAsync(new byte[] { 0, 0, 0, Settings, 0, 0, 0, 0, 0 }, cancellation);
    }

    /// <summary>Reads until the head of a request has come.</summary>
    public static async Task ReadHeadersAsync(Stream stream, CancellationToken cancellation)
    {
        var frame = new byte[9];
        do
        {
            await stream.ReadExactlyAsync(frame, cancellation);
            await stream.ReadExactlyAsync(new byte[BinaryPrimitives.ReadInt32BigEndian([0, .. frame.AsSpan(0, 3)])], cancellation);
        }
        while (frame[3] != Headers);
    }

    public static async Task<Http2ReceivedFrame> ReadAsync(Stream stream, CancellationToken cancellation)
    {
        var head = new byte[9];
        await stream.ReadExactlyAsync(head, cancellation);
        var payload = new byte[BinaryPrimitives.ReadInt32BigEndian([0, .. head.AsSpan(0, 3)])];
        await stream.ReadExactlyAsync(payload, cancellation);
        return new Http2ReceivedFrame(head[3], head[4], BinaryPrimitives.ReadInt32BigEndian(head.AsSpan(5)), payload);
    }

    public static async Task WriteAsync(Stream stream, byte type, byte flags, int id, byte[] payload, CancellationToken cancellation)
    {
        byte[] frame = [(byte)(payload.Length >> 16), (byte)(payload.Length >> 8), (byte)payload.Length, type, flags, .. Number(id), .. payload];
        await stream.WriteAsync(frame, cancellation);
    }

    /// <summary>Everything of the next request, its body whole; what still comes of an earlier one is passed over.</summary>
    public static async Task<(int Stream, byte[] Body)> ReadRequestAsync(Stream stream, CancellationToken cancellation, int after = 0)
    {
        var (body, id) = (new List<byte>(), after);
        while (true)
        {
            var frame = await ReadAsync(stream, cancellation);
            if (frame.Type == Headers)
                id = frame.Stream;
            if (frame.Stream != id)
                continue;
            if (frame.Type == Data)
                body.AddRange(frame.Payload);
            if (frame.Type is Data or Headers && (frame.Flags & EndStream) != 0)
                return (id, [.. body]);
        }
    }

    /// <summary>An answer of status 200 without a body.</summary>
    public static Task AnswerAsync(Stream stream, int id, CancellationToken cancellation) =>
        WriteAsync(stream, Headers, EndHeaders | EndStream, id, [Status200], cancellation);

    public static Task GoAwayAsync(Stream stream, int last, int error, CancellationToken cancellation) =>
        WriteAsync(stream, GoAway, 0, 0, [.. Number(last), .. Number(error)], cancellation);

    public static Task ResetAsync(Stream stream, int id, int error, CancellationToken cancellation) =>
        WriteAsync(stream, ResetStream, 0, id, Number(error), cancellation);

    public static byte[] Number(int value)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(bytes, value);
        return bytes;
    }
}

internal sealed record Http2ReceivedFrame(byte Type, byte Flags, int Stream, byte[] Payload);
