using System.IO.Pipelines;
using System.Net;
using MtlsFunctions.Forwarding.EarlyAnswers;

namespace MtlsFunctions.Forwarding;

/// <summary>The body of a caller's request on its way out: what has come goes on at once, nothing is held.</summary>
internal sealed class RequestBody(PipeReader caller, Patience patience, EarlyAnswer early) : HttpContent
{
    // What the connection drops.
    private static readonly byte[] Nothing = new byte[64 * 1024];

    private readonly TaskCompletionSource ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int readers;
    private volatile bool begun;
    private volatile bool complete;
    private long written;

    /// <summary>Being read now. It may never be: a remote that was asked whether to go on can answer without it.</summary>
    public bool IsUnderWay => readers > 0 && !ended.Task.IsCompleted;

    /// <summary>Its reading has begun, and more is to come.</summary>
    public bool IsHalfRead => begun && !complete;

    /// <summary>No more of it is read from here on, but what is under way goes on.</summary>
    /// <returns>When that is over; never fails.</returns>
    public Task EndAsync()
    {
        // Whoever comes first. A body that hasn't begun is never begun.
        return Interlocked.Increment(ref readers) == 1 ? Task.CompletedTask : ended.Task;
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

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        // What has been read can't be read again, so what the client would send a second time were not the caller's body.
        if (Interlocked.Increment(ref readers) > 1)
            throw new InvalidOperationException("The body has gone out once, and is not sent twice.");
        // Over HTTP/2 the remote can end the request alone, and then its token isn't ours.
        using var either = cancellationToken == patience.Token ? null : CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, patience.Token);
        try
        {
            await CopyAsync(stream, either?.Token ?? cancellationToken);
            patience.Sent();
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

    private async Task CopyAsync(Stream remote, CancellationToken cancellation)
    {
        early.BeginBody();
        begun = true;
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

            try
            {
                foreach (var part in read.Buffer)
                {
                    await remote.WriteAsync(part, cancellation);
                    written += part.Length;
                }

                complete = read.IsCompleted;
            }
            finally
            {
                // Also after a failure: the web server goes on from here.
                caller.AdvanceTo(read.Buffer.End);
            }

            patience.Moved();
        }

        if (!complete)
            await CountRestAsync(remote, cancellation);
        early.EndBody();
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
