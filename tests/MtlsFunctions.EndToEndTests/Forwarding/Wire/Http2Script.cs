using System.Buffers.Binary;
using System.Text;

namespace MtlsFunctions.EndToEndTests.Forwarding.Wire;

/// <summary>Frames of HTTP/2 (RFC 9113) as bytes, for answers that no library would send.</summary>
internal static class Http2Script
{
    public const byte Data = 0;
    public const byte Headers = 1;
    public const byte Reset = 3;
    public const byte Settings = 4;
    public const byte GoAway = 7;
    public const byte EndStream = 1;
    public const byte EndHeaders = 4;

    private const int FrameHead = 9;

    public static byte[] Frame(byte type, byte flags, int stream, ReadOnlySpan<byte> payload)
    {
        var frame = new byte[FrameHead + payload.Length];
        (frame[0], frame[1], frame[2]) = ((byte)(payload.Length >> 16), (byte)(payload.Length >> 8), (byte)payload.Length);
        (frame[3], frame[4]) = (type, flags);
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(5), stream);
        payload.CopyTo(frame.AsSpan(FrameHead));
        return frame;
    }

    /// <summary>One frame with all headers, none of them compressed (RFC 7541 section 6.2.2).</summary>
    public static byte[] HeadersFrame(int stream, byte flags, params IEnumerable<(string Name, string Value)> headers) =>
        Frame(Headers, (byte)(flags | EndHeaders), stream, Block(headers));

    public static byte[] DataFrame(int stream, string data, byte flags = 0) => Frame(Data, flags, stream, Encoding.Latin1.GetBytes(data));

    public static byte[] ResetFrame(int stream, int code)
    {
        var payload = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(payload, code);
        return Frame(Reset, 0, stream, payload);
    }

    public static byte[] Block(IEnumerable<(string Name, string Value)> headers)
    {
        using var block = new MemoryStream();
        foreach (var (name, value) in headers)
        {
            block.WriteByte(0);
            WriteText(block, name);
            WriteText(block, value);
        }

        return block.ToArray();
    }

    /// <returns>The stream of the first request that comes.</returns>
    public static async Task<int> ReadRequestAsync(Stream connection, CancellationToken cancellation)
    {
        var head = new byte[FrameHead];
        do
        {
            await connection.ReadExactlyAsync(head, cancellation);
            await connection.ReadExactlyAsync(new byte[(head[0] << 16) | (head[1] << 8) | head[2]], cancellation);
        }
        while (head[3] != Headers);
        return BinaryPrimitives.ReadInt32BigEndian(head.AsSpan(5));
    }

    // RFC 7541 section 5.1 with a prefix of seven bits; no Huffman code.
    private static void WriteText(MemoryStream block, string text)
    {
        var rest = text.Length;
        if (rest < 127)
        {
            block.WriteByte((byte)rest);
        }
        else
        {
            block.WriteByte(127);
            for (rest -= 127; rest >= 128; rest /= 128)
                block.WriteByte((byte)((rest % 128) + 128));
            block.WriteByte((byte)rest);
        }

        block.Write(Encoding.Latin1.GetBytes(text));
    }
}
