using System.Buffers;
using MtlsFunctions.Forwarding.Tls;

namespace MtlsFunctions.Forwarding.EarlyAnswers;

/// <summary>
/// A connection over HTTP/1.1 that reads while a body is being written. A remote may answer before it has read the body, and close; what
/// it then leaves unread makes its system reset the connection, so that the client's write fails although the answer is there. Here a
/// write that fails with a final answer at hand counts as done, an error as the answer ends the body, and either way the connection
/// ends with the answer. RFC 9112 section 9.5 asks clients to look for that.
/// </summary>
internal sealed class EarlyAnswerConnection : WrappedStream
{
    // One TLS record. Copied, because a write that is given up goes on reading what it was given.
    private const int RecordBytes = 16 * 1024;

    private readonly AnswerReader reader;
    private EarlyAnswer? body;
    private volatile bool dropping;

    /// <param name="mostHead">See <see cref="ForwardingOptions.MaxResponseHeadersBytes"/>.</param>
    public EarlyAnswerConnection(Stream inner, int mostHead)
        : base(inner) => reader = new AnswerReader(inner, mostHead, StopWriting);

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var current = EarlyAnswer.OfThisRequest;
        if (current != body)
        {
            // The client looks for the end before it uses the connection again.
            if (dropping)
                return ValueTask.FromResult(0);
            if (current is not null)
                Begin(current);
        }

        return reader.ReadAsync(buffer, cancellationToken);
    }

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var current = EarlyAnswer.OfThisRequest;
        if (current != body || current is null)
        {
            // Nothing of another request may be dropped.
            if (dropping)
                throw new IOException("The connection is at its end.");
            Begin(current);
        }

        return current is null ? Inner.WriteAsync(buffer, cancellationToken) : WriteBodyAsync(buffer, current, cancellationToken);
    }

    private void Begin(EarlyAnswer? current)
    {
        body = current;
        reader.Expect(current);
        current?.Watch = reader.Watch;
    }

    private async ValueTask WriteBodyAsync(ReadOnlyMemory<byte> bytes, EarlyAnswer current, CancellationToken cancellation)
    {
        if (dropping)
            return;
        current.Written += bytes.Length;
        var record = ArrayPool<byte>.Shared.Rent(RecordBytes);
        for (; !bytes.IsEmpty; bytes = bytes[Math.Min(bytes.Length, RecordBytes)..])
        {
            var length = Math.Min(bytes.Length, RecordBytes);
            bytes[..length].CopyTo(record);
            // After one that has been given up, somebody may still read the record.
            if (!await TryWriteAsync(record.AsMemory(0, length), current, cancellation))
                return;
        }

        ArrayPool<byte>.Shared.Return(record);
    }

    /// <returns>False when nothing more goes out.</returns>
    private async ValueTask<bool> TryWriteAsync(ReadOnlyMemory<byte> record, EarlyAnswer current, CancellationToken cancellation)
    {
        try
        {
            var writing = Inner.WriteAsync(record, cancellation);
            if (writing.IsCompletedSuccessfully)
                return true;
            reader.Watch();
            var written = writing.AsTask();
            if (await Task.WhenAny(written, current.Refused) == written)
            {
                await written;
                return true;
            }

            // It ends with the connection.
            _ = written.ContinueWith(static ended => ended.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
        }
        catch (Exception fault) when (fault is not OperationCanceledException)
        {
            if (!await reader.HasFinalAnswerAsync())
                throw;
            StopWriting();
            current.Refuse();
        }

        return false;
    }

    private void StopWriting() => dropping = true;
}
