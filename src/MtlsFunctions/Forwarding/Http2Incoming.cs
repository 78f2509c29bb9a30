using System.Buffers;
using System.Buffers.Binary;

namespace MtlsFunctions.Forwarding;

/// <summary>What came over an HTTP/2 connection and the client hasn't taken yet, frame by frame, less what is not meant for it.</summary>
internal sealed class Http2Incoming(Http2Streams streams, Http2Liveness liveness, Action wantsHttp1)
{
    // What one TLS record holds.
    private const int BufferBytes = 16 * 1024;

    // From where the client reads, to where; and to where there is more, which isn't a whole head yet.
    private byte[] buffer = [];
    private int start;
    private int ready;
    private int end;

    // Of the frame that the client is reading.
    private int payloadLeft;

    public bool HasSome => ready > start;

    /// <summary>The remote has sent its first frame.</summary>
    public bool HasBegun { get; private set; }

    /// <summary>The remote has answered a request, or has said which ones it will.</summary>
    public bool HasAnswered { get; private set; }

    /// <summary>Between two frames, where one can be put in.</summary>
    public bool IsBetweenFrames => payloadLeft == 0;

    public int Take(Span<byte> wanted)
    {
        var taken = Math.Min(wanted.Length, ready - start);
        buffer.AsSpan(start, taken).CopyTo(wanted);
        start += taken;
        if (start == end)
            Free();
        return taken;
    }

    /// <summary>A frame of our own, as if the remote had sent it. Only where <see cref="IsBetweenFrames"/> and nothing waits.</summary>
    public void Put(ReadOnlySpan<byte> frame)
    {
        var rest = buffer.AsSpan(ready, end - ready).ToArray();
        Room();
        frame.CopyTo(buffer);
        rest.CopyTo(buffer.AsSpan(frame.Length));
        (start, ready, end) = (0, frame.Length, frame.Length + rest.Length);
    }

    /// <summary>Where the next bytes go.</summary>
    public Memory<byte> Room()
    {
        if (buffer.Length == 0)
            buffer = ArrayPool<byte>.Shared.Rent(BufferBytes);
        buffer.AsSpan(ready, end - ready).CopyTo(buffer);
        (start, ready, end) = (0, 0, end - ready);
        return buffer.AsMemory(end);
    }

    /// <summary>So many bytes have come into <see cref="Room"/>.</summary>
    public void Came(int bytes)
    {
        liveness.Heard();
        var (from, until) = (ready, end + bytes);
        end = ready;
        while (from < until)
        {
            var size = payloadLeft > 0 ? Math.Min(payloadLeft, until - from) : WholeHead(buffer.AsSpan(from, until - from));
            if (size == 0)
                break;
            if (size > 0)
                Move(ref from, size);
            else
                from -= size;
        }

        var rest = until - from;
        ready = end;
        buffer.AsSpan(from, rest).CopyTo(buffer.AsSpan(end));
        end += rest;
        if (end == 0)
            Free();
    }

    /// <summary>Nobody reads any more.</summary>
    public void Free()
    {
        if (buffer.Length > 0)
            ArrayPool<byte>.Shared.Return(buffer);
        (buffer, start, ready, end) = ([], 0, 0, 0);
    }

    private void Move(ref int from, int size)
    {
        if (payloadLeft > 0)
            payloadLeft -= size;
        else
            payloadLeft = Http2Frame.Read(buffer.AsSpan(from)).Length;
        buffer.AsSpan(from, size).CopyTo(buffer.AsSpan(end));
        from += size;
        end += size;
    }

    // The head's size; 0 when it, or as much of the frame as is looked at, isn't here yet; less than 0 for a frame to pass over.
    private int WholeHead(Span<byte> bytes)
    {
        if (bytes.Length < Http2Frame.HeadLength)
            return 0;
        var frame = Http2Frame.Read(bytes);
        var looksAt = frame.Type is Http2FrameType.Ping or Http2FrameType.GoAway or Http2FrameType.ResetStream ? Math.Min(frame.Length, Http2Frame.Octets) : 0;
        var octets = bytes[Http2Frame.HeadLength..];
        if (octets.Length < looksAt)
            return 0;
        if (looksAt == Http2Frame.Octets && frame.IsAcknowledgement && liveness.IsAnswer(BinaryPrimitives.ReadInt64BigEndian(octets)))
            return -(Http2Frame.HeadLength + Http2Frame.Octets);
        if (looksAt == Http2Frame.Octets && frame.Type == Http2FrameType.GoAway)
            GoAway(octets);
        else if (frame.EndsStream)
            streams.End(frame.Stream);
        // An answer that is whole stands, whatever the remote says afterwards about the request that it didn't read to its end.
        else if (frame.Type == Http2FrameType.ResetStream && !streams.End(frame.Stream))
            octets[..looksAt].Clear();
        if (frame.Type is Http2FrameType.Data or Http2FrameType.Headers)
        {
            HasAnswered = true;
            liveness.Answered();
        }

        HasBegun = true;
        return Http2Frame.HeadLength;
    }

    private void GoAway(Span<byte> octets)
    {
        var last = BinaryPrimitives.ReadInt32BigEndian(octets) & int.MaxValue;
        streams.Disowned(last);
        HasAnswered = true;
        var error = BinaryPrimitives.ReadInt32BigEndian(octets[4..]);
        if (error == Unprocessed.Http11Required)
            wantsHttp1();
        // What the client shows of it then counts as what it is: a remote that takes nothing at all. And of HTTP/1.1 it knows by now.
        if (last == 0 || error == Unprocessed.Http11Required)
            BinaryPrimitives.WriteInt32BigEndian(octets[4..], last == 0 ? Unprocessed.RefusedStream : 0);
    }
}
