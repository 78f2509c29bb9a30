using System.Buffers.Binary;

namespace MtlsFunctions.EndToEndTests.Forwarding;

/// <summary>The first message of a TLS client and of its server (RFC 8446 section 4.1), each as it stands in its first record.</summary>
internal static class TlsHello
{
    private const int SessionTicket = 35;
    private const int PreSharedKey = 41;

    // Record header 5, handshake header 4, version 2, random 32.
    private const int Fixed = 43;

    /// <returns>The whole first record, header included.</returns>
    public static async Task<byte[]> ReadRecordAsync(Stream stream, CancellationToken cancellation)
    {
        var header = new byte[5];
        await stream.ReadExactlyAsync(header, cancellation);
        var body = new byte[BinaryPrimitives.ReadUInt16BigEndian(header.AsSpan(3))];
        await stream.ReadExactlyAsync(body, cancellation);
        return [.. header, .. body];
    }

    /// <returns>Whether a client offers to go on with an earlier session.</returns>
    public static bool OffersSession(ReadOnlySpan<byte> record)
    {
        var rest = AfterSessionId(record);
        rest = rest[(2 + BinaryPrimitives.ReadUInt16BigEndian(rest))..];
        rest = rest[(1 + rest[0])..];
        return HasSession(rest);
    }

    /// <returns>Whether a server of TLS 1.3 takes up an earlier session.</returns>
    public static bool TakesUpSession(ReadOnlySpan<byte> record) => HasSession(AfterSessionId(record)[3..]);

    private static ReadOnlySpan<byte> AfterSessionId(ReadOnlySpan<byte> record) => record[(Fixed + 1 + record[Fixed])..];

    private static bool HasSession(ReadOnlySpan<byte> extensions)
    {
        var rest = extensions[2..];
        while (rest.Length >= 4)
        {
            var (type, length) = (BinaryPrimitives.ReadUInt16BigEndian(rest), BinaryPrimitives.ReadUInt16BigEndian(rest[2..]));
            if (type == PreSharedKey || (type == SessionTicket && length > 0))
                return true;
            rest = rest[(4 + length)..];
        }

        return false;
    }
}
