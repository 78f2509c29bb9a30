using System.Buffers;

namespace MtlsFunctions.Forwarding.EarlyAnswers;

/// <summary>Bytes that have been read and not yet handed on. Whoever fills it bounds it; it holds no memory while it is empty.</summary>
internal sealed class ReadAhead
{
    private byte[] buffer = [];
    private int start;
    private int end;

    public int Length => end - start;

    public ReadOnlySpan<byte> Bytes => buffer.AsSpan(start, Length);

    public void Add(ReadOnlySpan<byte> bytes)
    {
        MakeRoomFor(bytes.Length);
        bytes.CopyTo(buffer.AsSpan(end));
        end += bytes.Length;
    }

    public void Insert(int at, ReadOnlySpan<byte> bytes)
    {
        MakeRoomFor(bytes.Length);
        var rest = buffer.AsSpan((start + at)..end);
        rest.CopyTo(buffer.AsSpan(start + at + bytes.Length));
        bytes.CopyTo(buffer.AsSpan(start + at));
        end += bytes.Length;
    }

    /// <returns>How many have been handed on.</returns>
    public int Take(Span<byte> target, int most)
    {
        var taken = Math.Min(most, target.Length);
        Bytes[..taken].CopyTo(target);
        start += taken;
        if (Length == 0 && buffer.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(buffer);
            (buffer, start, end) = ([], 0, 0);
        }

        return taken;
    }

    private void MakeRoomFor(int bytes)
    {
        if (buffer.Length - end >= bytes)
            return;
        var larger = ArrayPool<byte>.Shared.Rent(Math.Max(Length + bytes, 2 * Length));
        Bytes.CopyTo(larger);
        if (buffer.Length > 0)
            ArrayPool<byte>.Shared.Return(buffer);
        (buffer, start, end) = (larger, 0, Length);
    }
}
