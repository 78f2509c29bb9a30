using System.Buffers.Binary;

namespace MtlsFunctions.Authorization;

/// <summary>SHA-256 of a token, as a cache key: the token itself is not kept.</summary>
internal readonly record struct TokenHash(ulong A, ulong B, ulong C, ulong D)
{
    public TokenHash(ReadOnlySpan<byte> sha256)
        : this(Part(sha256, 0), Part(sha256, 8), Part(sha256, 16), Part(sha256, 24))
    {
    }

    private static ulong Part(ReadOnlySpan<byte> bytes, int from) => BinaryPrimitives.ReadUInt64LittleEndian(bytes[from..]);
}
