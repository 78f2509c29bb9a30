using System.Net;
using System.Security.Cryptography;

namespace MtlsFunctions.EndToEndTests.Worker;

/// <summary>A body of any length that nobody holds in memory.</summary>
internal sealed class Pattern(int bytes) : HttpContent
{
    private static readonly byte[] Block = [.. Enumerable.Range(0, 64 * 1024).Select(index => (byte)(index * 31))];

    public static async Task CopyToAsync(Stream to, int bytes)
    {
        for (var left = bytes; left > 0; left -= Block.Length)
            await to.WriteAsync(Block.AsMemory(0, Math.Min(left, Block.Length)));
    }

    public static string HashOf(int bytes)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        for (var left = bytes; left > 0; left -= Block.Length)
            hash.AppendData(Block, 0, Math.Min(left, Block.Length));
        return Convert.ToHexString(hash.GetHashAndReset());
    }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => CopyToAsync(stream, bytes);

    protected override bool TryComputeLength(out long length)
    {
        length = bytes;
        return true;
    }
}
