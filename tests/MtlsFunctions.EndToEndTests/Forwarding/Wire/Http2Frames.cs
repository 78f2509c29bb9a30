using System.Buffers.Binary;

namespace MtlsFunctions.EndToEndTests.Forwarding.Wire;

/// <summary>As much of HTTP/2 (RFC 9113) as a server needs that only wants to see a request come.</summary>
internal static class Http2Frames
{
    private const int PrefaceLength = 24;
    private const byte Headers = 1;
    private const byte Settings = 4;

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
}
