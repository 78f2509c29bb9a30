using System.Buffers.Binary;

namespace MtlsFunctions.Forwarding;

/// <summary>The head of an HTTP/2 frame (RFC 9113 section 4.1).</summary>
/// <param name="Length">Of what follows the head.</param>
internal readonly record struct Http2Frame(int Length, Http2FrameType Type, byte Flags, int Stream)
{
    public const int HeadLength = 9;

    /// <summary>What a PING carries, and as much of a GOAWAY as counts: last stream and error.</summary>
    public const int Octets = 8;

    private const byte First = 1;

    public bool EndsStream => Type is Http2FrameType.Data or Http2FrameType.Headers && (Flags & First) != 0;

    public bool IsAcknowledgement => Type is Http2FrameType.Ping && (Flags & First) != 0;

    public static Http2Frame Read(ReadOnlySpan<byte> head) => new(
        (head[0] << 16) | (head[1] << 8) | head[2], (Http2FrameType)head[3], head[4], BinaryPrimitives.ReadInt32BigEndian(head[5..]) & int.MaxValue);

    public static byte[] Ping(long octets)
    {
        byte[] frame = [0, 0, Octets, (byte)Http2FrameType.Ping, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];
        BinaryPrimitives.WriteInt64BigEndian(frame.AsSpan(HeadLength), octets);
        return frame;
    }

    public static byte[] GoAway(int lastStream, int error)
    {
        byte[] frame = [0, 0, Octets, (byte)Http2FrameType.GoAway, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(HeadLength), lastStream);
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(HeadLength + 4), error);
        return frame;
    }
}

internal enum Http2FrameType : byte
{
    Data = 0,
    Headers = 1,
    ResetStream = 3,
    Settings = 4,
    Ping = 6,
    GoAway = 7,
}
