using System.Net;
using System.Security.Cryptography;

namespace MtlsFunctions.EndToEndTests.Forwarding;

/// <summary>Many bytes that are made as they are written, so that nobody holds them; no two blocks are equal.</summary>
internal sealed class LargeContent(long size) : HttpContent
{
    private const int BlockBytes = 64 * 1024;

    /// <summary>SHA-256 of all of them, in hex.</summary>
    public async Task<string> DigestAsync(CancellationToken cancellation)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        await WriteAsync((block, _) =>
        {
            hash.AppendData(block.Span);
            return ValueTask.CompletedTask;
        }, cancellation);
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    public Task WriteAsync(Stream stream, CancellationToken cancellation) => WriteAsync(stream.WriteAsync, cancellation);

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => WriteAsync(stream, CancellationToken.None);

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken) => WriteAsync(stream, cancellationToken);

    protected override bool TryComputeLength(out long length)
    {
        length = size;
        return true;
    }

    private async Task WriteAsync(Func<ReadOnlyMemory<byte>, CancellationToken, ValueTask> write, CancellationToken cancellation)
    {
        var block = new byte[BlockBytes];
        for (var at = 0L; at < size; at += BlockBytes)
        {
            BitConverter.TryWriteBytes(block, at);
            await write(block.AsMemory(0, (int)Math.Min(BlockBytes, size - at)), cancellation);
        }
    }
}
