using System.Security.Cryptography;

namespace MtlsFunctions.Storage;

/// <summary>Ids are random, positive and below 2^53, which every JSON reader keeps exact.</summary>
public static class Ids
{
    private const long Smallest = 1_000_000_000;
    private const long Limit = 1L << 53;

    public static long Next()
    {
        Span<byte> bytes = stackalloc byte[8];
        RandomNumberGenerator.Fill(bytes);
        return Smallest + (long)(BitConverter.ToUInt64(bytes) % (Limit - Smallest));
    }
}
