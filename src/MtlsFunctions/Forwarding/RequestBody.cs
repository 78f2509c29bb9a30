using System.IO.Pipelines;
using System.Net;
using MtlsFunctions.Forwarding.EarlyAnswers;

namespace MtlsFunctions.Forwarding;

/// <summary>
/// The body of a caller's request on its way out: what has come goes on at once. Its first bytes are kept until the answer begins,
/// so that it can go out again when the remote says that it has not processed the request; a larger one that has gone out can't.
/// </summary>
internal sealed class RequestBody(PipeReader caller, Patience patience, EarlyAnswer early, KeptBodies budget) : HttpContent
{
    // What the connection drops.
    private static readonly byte[] Nothing = new byte[64 * 1024];

    private readonly Lock gate = new();
    private readonly KeptBody kept = new(budget);
    private TaskCompletionSource? reading;
    private bool over;
    private volatile bool forgotten;
    private volatile bool begun;
    private volatile bool complete;
    private long written;

    /// <summary>Being read now. It may never be: a remote that was asked whether to go on can answer without it.</summary>
    public bool IsUnderWay => reading is { Task.IsCompleted: false };

    /// <summary>Its reading has begun, and more is to come.</summary>
    public bool IsHalfRead => begun && !complete;

    /// <summary>No more of it is read from here on, but what is under way goes on.</summary>
    /// <returns>When that is over; never fails.</returns>
    public Task EndAsync()
    {
        // Whoever comes first. A body that hasn't begun is never begun.
        lock (gate)
        {
            over = true;
            return reading?.Task ?? Task.CompletedTask;
        }
    }

    /// <summary>After <see cref="EndAsync"/>: reads what the caller goes on sending, for as long as nothing may move, and drops it.</summary>
    public async Task DrainAsync()
    {
        patience.Moved();
        while (!complete && !patience.IsOver && CallersFault is null)
        {
            // A caller who breaks off has had the answer all the same.
            if (await TryReadRestAsync() is { } read)
            {
                caller.AdvanceTo(read.Buffer.End);
                complete = read.IsCompleted;
            }
        }
    }

    /// <summary>Why the caller's body could not be read to its end.</summary>
    public Exception? CallersFault { get; private set; }

    /// <summary>All that has gone out so far can go out again.</summary>
    public bool CanGoAgain => kept.IsWhole && CallersFault is null;

    /// <summary>The answer has begun: there is no more need to send it again.</summary>
    public void Forget()
    {
        forgotten = true;
        if (!IsUnderWay)
            kept.Dispose();
    }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        // The client has given up the stream before, but may not have waited for this.
        await (reading?.Task ?? Task.CompletedTask);
        if (!CanGoAgain)
            throw new BodyGoneException();
        TaskCompletionSource ended;
        lock (gate)
        {
            if (over)
                throw new InvalidOperationException("The exchange is over: the body is not begun.");
            ended = reading = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        // Over HTTP/2 the remote can end the request alone, and then its token isn't ours.
        using var either = cancellationToken == patience.Token ? null : CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, patience.Token);
        try
        {
            await CopyAsync(stream, either?.Token ?? cancellationToken);
            patience.Sent();
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested && !patience.IsOver && written != Headers.ContentLength)
        {
            // The remote has ended the request while the caller's body was waited for. Why, the client says only to who writes.
            await stream.WriteAsync(new byte[1], cancellationToken);
            throw;
        }
        finally
        {
            ended.SetResult();
        }
    }

    // As the caller's headers say.
    protected override bool TryComputeLength(out long length)
    {
        length = 0;
        return false;
    }

    protected override void Dispose(bool disposing)
    {
        kept.Dispose();
        base.Dispose(disposing);
    }

    private async Task CopyAsync(Stream remote, CancellationToken cancellation)
    {
        early.BeginBody();
        begun = true;
        written = kept.Bytes.Length;
        if (written > 0)
            await remote.WriteAsync(kept.Bytes, cancellation);
        while (!complete && !early.IsRefused)
        {
            if (!TryRead(out var read))
            {
                // The rest is still to come: what was written goes ahead, the head included.
                await remote.FlushAsync(cancellation);
                early.Watch?.Invoke();
                read = await ReadAsync(cancellation);
            }

            if (read.IsCanceled)
            {
                caller.AdvanceTo(read.Buffer.Start);
                cancellation.ThrowIfCancellationRequested();
                continue;
            }

            var taken = read.Buffer.Start;
            try
            {
                foreach (var part in read.Buffer)
                {
                    await remote.WriteAsync(part, cancellation);
                    // What a write didn't take in full stays with the caller, and is there when the rest goes out again.
                    Keep(part.Span);
                    taken = read.Buffer.GetPosition(part.Length, taken);
                }

                complete = read.IsCompleted;
            }
            finally
            {
                // Also after a failure: from here it goes on, here or in the web server.
                caller.AdvanceTo(taken);
            }

            patience.Moved();
        }

        if (!complete)
            await CountRestAsync(remote, cancellation);
        early.EndBody();
    }

    private void Keep(ReadOnlySpan<byte> part)
    {
        written += part.Length;
        if (forgotten)
            kept.Dispose();
        else
            kept.Add(part);
    }

    // The connection drops what comes now, but the client takes no body for sent that is shorter than its length.
    private async Task CountRestAsync(Stream remote, CancellationToken cancellation)
    {
        for (var rest = (Headers.ContentLength ?? 0) - written; rest > 0; rest -= Nothing.Length)
            await remote.WriteAsync(Nothing.AsMemory(0, (int)Math.Min(rest, Nothing.Length)), cancellation);
    }

    private async Task<ReadResult?> TryReadRestAsync()
    {
        try
        {
            await using var ending = patience.Token.UnsafeRegister(static reader => ((PipeReader)reader!).CancelPendingRead(), caller);
            return await caller.ReadAsync(CancellationToken.None);
        }
        catch (Exception fault)
        {
            CallersFault = fault;
            return null;
        }
    }

    private bool TryRead(out ReadResult read)
    {
        try
        {
            return caller.TryRead(out read);
        }
        catch (Exception fault)
        {
            throw EndedEarly(fault);
        }
    }

    private async ValueTask<ReadResult> ReadAsync(CancellationToken cancellation)
    {
        // Not with the token: a read that ends with it can't be followed by another, neither here nor by the web server.
        await using var ending = cancellation.UnsafeRegister(static reader => ((PipeReader)reader!).CancelPendingRead(), caller);
        try
        {
            var reading = caller.ReadAsync(CancellationToken.None).AsTask();
            if (await Task.WhenAny(reading, early.Refused) != reading)
                caller.CancelPendingRead();
            return await reading;
        }
        catch (Exception fault)
        {
            throw EndedEarly(fault);
        }
    }

    // The client must see a failure of its own, or it would end the request as if it were whole.
    private IOException EndedEarly(Exception fault)
    {
        CallersFault = fault;
        return new IOException("The caller's body ended early.", fault);
    }
}
