using System.Buffers;

namespace MtlsFunctions.Forwarding;

/// <summary>The first bytes of a request body, until it is certain that they needn't go out again.</summary>
internal sealed class KeptBody(KeptBodies budget) : IDisposable
{
    /// <summary>As much as a remote takes by default before it has answered anything: the initial window of RFC 9113 section 6.9.2, and one byte.</summary>
    public const int Most = 64 * 1024;

    private const int Least = 4 * 1024;

    private byte[] bytes = [];
    private int length;

    /// <summary>Nothing has been lost: what was kept is all that has gone out.</summary>
    public bool IsWhole { get; private set; } = true;

    public ReadOnlyMemory<byte> Bytes => bytes.AsMemory(0, length);

    /// <summary>Keeps these too; when they are too many, or the budget is used up, everything is let go.</summary>
    public void Add(ReadOnlySpan<byte> more)
    {
        if (!IsWhole)
            return;
        if (length + more.Length > Most || !HasRoomFor(length + more.Length))
        {
            Dispose();
            return;
        }

        more.CopyTo(bytes.AsSpan(length));
        length += more.Length;
    }

    /// <summary>From here on nothing can be sent again.</summary>
    public void Dispose()
    {
        IsWhole = false;
        Free();
        length = 0;
    }

    private bool HasRoomFor(int wanted)
    {
        if (wanted <= bytes.Length)
            return true;
        var size = Least;
        while (size < wanted)
            size *= 4;
        if (!budget.TryTake(size))
            return false;
        // No more than was asked for counts: the pool has arrays of exactly these sizes.
        var larger = ArrayPool<byte>.Shared.Rent(size);
        Bytes.CopyTo(larger);
        Free();
        bytes = larger;
        return true;
    }

    private void Free()
    {
        if (bytes.Length == 0)
            return;
        budget.GiveBack(bytes.Length);
        // It may hold what is nobody else's business.
        ArrayPool<byte>.Shared.Return(bytes, clearArray: true);
        bytes = [];
    }
}
