using System.IO.Pipelines;
using System.Net;

namespace MtlsFunctions.Forwarding;

/// <summary>The body of a caller's request on its way out: what has come goes on at once, nothing is held.</summary>
internal sealed class RequestBody(PipeReader caller, Patience patience) : HttpContent
{
    private readonly TaskCompletionSource ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int readers;

    /// <summary>Being read now. It may never be: a remote that was asked whether to go on can answer without it.</summary>
    public bool IsUnderWay => readers > 0 && !ended.Task.IsCompleted;

    /// <summary>When no more of it is read; never fails.</summary>
    public Task Ended => readers > 0 ? ended.Task : Task.CompletedTask;

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
        for (var complete = false; !complete;)
        {
            if (!TryRead(out var read))
            {
                // The rest is still to come: what was written goes ahead, the head included.
                await remote.FlushAsync(cancellation);
                read = await ReadAsync(cancellation);
            }

            try
            {
                foreach (var part in read.Buffer)
                    await remote.WriteAsync(part, cancellation);
            }
            finally
            {
                // Also after a failure: the web server goes on from here.
                caller.AdvanceTo(read.Buffer.End);
            }

            patience.Moved();
            complete = read.IsCompleted;
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
        try
        {
            return await caller.ReadAsync(cancellation);
        }
        catch (Exception fault) when (!cancellation.IsCancellationRequested)
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
