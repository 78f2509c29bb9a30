using System.Buffers;
using System.Runtime.ExceptionServices;

namespace MtlsFunctions.Forwarding.EarlyAnswers;

/// <summary>
/// The reading side of a connection over HTTP/1.1: one read at a time, whether the client asks or a body that is going out. The head
/// of an answer is handed on whole, because only then it is known whether the connection must end with it.
/// </summary>
/// <param name="mostHead">A head that is longer, in bytes, is the client's to refuse.</param>
/// <param name="stopWriting">Called before the body is told that no more of it is wanted.</param>
internal sealed class AnswerReader(Stream inner, int mostHead, Action stopWriting)
{
    private const int ReadBytes = 4 * 1024;

    // Of an answer that comes while its request's body goes on.
    private const int MostAhead = 64 * 1024;

    // Of a request, with its head: more may lie unread in the remote's system when its answer comes.
    private const int SurelyRead = 64 * 1024;

    // The bytes of a direct read have been put in front of those that are read ahead.
    private const int PutAhead = -1;

    private readonly Lock state = new();
    private readonly ReadAhead ahead = new();
    private Task pending = Task.CompletedTask;
    private ExceptionDispatchInfo? fault;
    private EarlyAnswer? body;
    private bool ended;
    private bool watching;

    // Until the head of the final answer is there; of what is read ahead, this much is interim answers and this much has no end of a head.
    private bool inHead;
    private int interim;
    private int searched;
    private int status;

    /// <summary>What comes next is the head of an answer.</summary>
    /// <param name="toBody">The body of its request; null for none.</param>
    public void Expect(EarlyAnswer? toBody)
    {
        lock (state)
            (inHead, interim, searched, status, body) = (true, 0, 0, 0, toBody);
    }

    public ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellation)
    {
        Task<int> direct;
        lock (state)
        {
            if (ended || ahead.Length > 0 || !pending.IsCompleted || (body is { } sent && (inHead || !sent.IsSent)))
                return TakeAsync(buffer);
            var reading = inner.ReadAsync(buffer, cancellation);
            if (reading.IsCompletedSuccessfully && (!inHead || buffer.IsEmpty))
                return reading;
            pending = direct = InspectAsync(reading, buffer);
        }

        return FinishAsync(direct, buffer);
    }

    /// <summary>Reads until the body has gone out, or as much of its answer has come as is read ahead.</summary>
    public void Watch()
    {
        lock (state)
        {
            if (watching)
                return;
            watching = true;
        }

        _ = WatchAsync();
    }

    /// <summary>After a failed write: reads what has come before the failure.</summary>
    /// <returns>Whether a final answer has begun.</returns>
    public async Task<bool> HasFinalAnswerAsync()
    {
        while (true)
        {
            Task reading;
            lock (state)
            {
                if (!inHead || ended || IsFull)
                    return !inHead && status > 0;
                reading = ReadOnAsync();
            }

            await reading.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    // Interim answers count too: a remote may send them without end. Inside the lock.
    private bool IsFull => ahead.Length >= (inHead ? mostHead + MostAhead : MostAhead);

    private async Task WatchAsync()
    {
        while (true)
        {
            Task reading;
            lock (state)
            {
                if (body is not { IsUnderWay: true, IsRefused: false } || ended || IsFull)
                {
                    watching = false;
                    return;
                }

                reading = ReadOnAsync();
            }

            await reading.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async ValueTask<int> TakeAsync(Memory<byte> buffer)
    {
        while (true)
        {
            Task reading;
            lock (state)
            {
                // What ended within a head is the client's to judge.
                var most = inHead && !ended ? interim : ahead.Length;
                if (most > 0)
                    return Take(buffer.Span, most);
                if (ended)
                {
                    fault?.Throw();
                    return 0;
                }

                reading = ReadOnAsync();
            }

            await reading.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private int Take(Span<byte> target, int most)
    {
        var taken = ahead.Take(target, most);
        interim = Math.Max(0, interim - taken);
        searched = Math.Max(0, searched - taken);
        return taken;
    }

    private async ValueTask<int> FinishAsync(Task<int> direct, Memory<byte> buffer)
    {
        var read = await direct;
        return read == PutAhead ? await TakeAsync(buffer) : read;
    }

    // A read into the client's own memory. Whether its bytes are the head of an answer that must be looked at is known when they come.
    private async Task<int> InspectAsync(ValueTask<int> reading, Memory<byte> buffer)
    {
        var read = await reading;
        lock (state)
        {
            if (!inHead || read == 0)
                return read;
            if (body is null && AnswerStart.IsPlain(buffer.Span[..read]))
            {
                inHead = false;
                return read;
            }

            ahead.Add(buffer.Span[..read]);
            Search();
        }

        EndBodyIfRefused();
        return PutAhead;
    }

    // Inside the lock.
    private Task ReadOnAsync() => pending.IsCompleted ? pending = ReadAheadAsync() : pending;

    private async Task ReadAheadAsync()
    {
        var bytes = ArrayPool<byte>.Shared.Rent(ReadBytes);
        try
        {
            // It ends with the connection.
            var read = await inner.ReadAsync(bytes);
            lock (state)
            {
                ended = read == 0;
                ahead.Add(bytes.AsSpan(0, read));
                Search();
            }
        }
        catch (Exception failed)
        {
            lock (state)
                (ended, fault) = (true, ExceptionDispatchInfo.Capture(failed));
        }

        ArrayPool<byte>.Shared.Return(bytes);
        EndBodyIfRefused();
    }

    // Inside the lock: looks for the end of the head of the final answer.
    private void Search()
    {
        while (inHead)
        {
            var end = AnswerStart.EndOf(ahead.Bytes, Math.Max(interim, searched));
            if (end < 0)
            {
                // The end may begin with what is there.
                searched = Math.Max(interim, ahead.Length - 3);
                inHead = ahead.Length - interim <= mostHead;
                return;
            }

            var head = ahead.Bytes[interim..end];
            status = AnswerStart.StatusOf(head);
            if (AnswerStart.IsInterim(status))
            {
                (interim, searched, status) = (end, end, 0);
                continue;
            }

            inHead = false;
            if (EndsConnection(head))
                ahead.Insert(interim + head.IndexOf((byte)'\n') + 1, AnswerStart.CloseLine);
        }
    }

    // After an error many a remote closes without a word, because it hasn't read the body; whether it has, nobody can tell.
    private bool EndsConnection(ReadOnlySpan<byte> head) => status > 0
        && (body is { IsUnderWay: true } || (status >= 400 && body is { Written: > SurelyRead }) || AnswerStart.HasForbiddenBody(status, head));

    // An error says that no more is wanted, and so does the end of the connection. With any other answer a remote may go on reading.
    private void EndBodyIfRefused()
    {
        EarlyAnswer refused;
        lock (state)
        {
            if (inHead || body is not { IsUnderWay: true } early || !(status >= 400 || (ended && status > 0)))
                return;
            refused = early;
        }

        stopWriting();
        refused.Refuse();
    }
}
