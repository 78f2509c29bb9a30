using System.Buffers.Binary;

namespace MtlsFunctions.EndToEndTests.Forwarding;

/// <summary>The first message of a TLS client (RFC 8446 section 4.1.2), as it stands in its first record.</summary>
internal static class ClientHello
{
    private const int SessionTicket = 35;
    private const int PreSharedKey = 41;

    /// <returns>The whole first record, header included.</returns>
    public static async Task<byte[]> ReadRecordAsync(Stream stream, CancellationToken cancellation)
    {
        var header = new byte[5];
        await stream.ReadExactlyAsync(header, cancellation);
        var body = new byte[BinaryPrimitives.ReadUInt16BigEndian(header.AsSpan(3))];
        await stream.ReadExactlyAsync(body, cancellation);
        return [.. header, .. body];
    }

    /// <returns>Whether it offers to go on with an earlier session.</returns>
    public static bool OffersSession(ReadOnlySpan<byte> record)
    {
        // Record header 5, handshake header 4, version 2, random 32.
        var rest = record[43..];
        rest = rest[(1 + rest[0])..];
        rest = rest[(2 + BinaryPrimitives.ReadUInt16BigEndian(rest))..];
        rest = rest[(1 + rest[0])..];
        rest = rest[2..];
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
