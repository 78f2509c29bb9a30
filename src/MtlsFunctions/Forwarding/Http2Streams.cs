namespace MtlsFunctions.Forwarding;

/// <summary>Which streams of an HTTP/2 connection wait for their answers, and what both ends have said about them.</summary>
internal sealed class Http2Streams
{
    private readonly Lock gate = new();
    private readonly HashSet<int> open = [];
    private int lastSent;
    private int? goAway;
    private bool closed;

    /// <summary>The highest stream whose request has gone out.</summary>
    public int LastSent
    {
        get
        {
            lock (gate)
                return lastSent;
        }
    }

    public bool AnyOpen
    {
        get
        {
            lock (gate)
                return open.Count > 0;
        }
    }

    /// <summary>
    /// No answer is owed: the remote has answered all that it took, and what else went out it has disowned (GOAWAY).
    /// </summary>
    public bool NoneOwed
    {
        get
        {
            lock (gate)
                return !open.Any(stream => goAway is null || stream <= goAway);
        }
    }

    /// <param name="frames">Whole ones: the client writes no others.</param>
    /// <param name="left">How much of the next bytes isn't the head of a frame.</param>
    /// <returns>False when nothing may go out any more.</returns>
    public bool TrySend(ReadOnlySpan<byte> frames, ref int left)
    {
        lock (gate)
        {
            if (closed)
                return false;
            while (true)
            {
                var skipped = Math.Min(left, frames.Length);
                left -= skipped;
                frames = frames[skipped..];
                if (frames.Length < Http2Frame.HeadLength)
                    return true;
                var frame = Http2Frame.Read(frames);
                if (frame.Type == Http2FrameType.Headers && frame.Stream > lastSent)
                    open.Add(lastSent = frame.Stream);
                else if (frame.Type == Http2FrameType.ResetStream)
                    open.Remove(frame.Stream);
                left = Http2Frame.HeadLength + frame.Length;
            }
        }
    }

    /// <returns>False when its answer had ended before.</returns>
    public bool End(int stream)
    {
        lock (gate)
            return open.Remove(stream);
    }

    public void Disowned(int lastProcessed)
    {
        lock (gate)
            goAway = lastProcessed;
    }

    /// <summary>Nothing goes out from here on.</summary>
    public void Close()
    {
        lock (gate)
            closed = true;
    }
}
