namespace MtlsFunctions.Forwarding;

/// <summary>How an HTTP/2 connection ends, in an order that loses no request: first what became of each, then the end.</summary>
internal sealed partial class Http2Connection
{
    private const int NoError = 0;

    private static readonly TimeSpan LastMoment = TimeSpan.FromSeconds(1);

    private readonly Lock gate = new();
    private TaskCompletionSource interrupted = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Http2End wanted;
    private Task<int>? coming;
    private bool said;

    /// <returns>False at the end of the connection.</returns>
    private async ValueTask<bool> FillAsync()
    {
        try
        {
            if (await IsInterruptedAsync() is { } end)
                return Say(end);
            var read = await Inner.ReadAsync(incoming.Room());
            if (read > 0)
            {
                incoming.Came(read);
                return true;
            }
        }
        catch (Exception fault) when (fault is not Http2SilenceException && incoming.HasAnswered)
        {
            streams.Close();
            // Somebody waits for an answer that won't come.
            if (!streams.NoneOwed)
                throw;
        }

        streams.Close();
        if (!incoming.HasAnswered || !incoming.IsBetweenFrames || !streams.NoneOwed)
            return false;
        // Requests that were about to use it are told to use another. Then it ends: when the client lets go of it, which is soon.
        if (!said)
            return Say(Http2End.NothingWentOut);
        await Task.WhenAny(disposed.Task, Task.Delay(LastMoment, clock));
        return false;
    }

    private async ValueTask<Http2End?> IsInterruptedAsync()
    {
        // Without bytes first: a connection that waits needs no buffer.
        coming ??= Inner.ReadAsync(Memory<byte>.Empty).AsTask();
        Task interruption;
        lock (gate)
            interruption = interrupted.Task;
        if (!coming.IsCompleted || interruption.IsCompleted)
            await Task.WhenAny(interruption, coming);
        lock (gate)
        {
            if (interrupted.Task.IsCompleted)
            {
                interrupted = new(TaskCreationOptions.RunContinuationsAsynchronously);
                return wanted;
            }
        }

        await coming;
        coming = null;
        return null;
    }

    private void Interrupt(Http2End end)
    {
        lock (gate)
        {
            wanted = end;
            interrupted.TrySetResult();
        }
    }

    private bool Say(Http2End end)
    {
        if (end != Http2End.NoMoreRequests)
            streams.Close();
        if (end == Http2End.Dead || !incoming.IsBetweenFrames)
            throw new Http2SilenceException();
        said = true;
        incoming.Put(end == Http2End.NoMoreRequests
            ? Http2Frame.GoAway(int.MaxValue, NoError)
            : Http2Frame.GoAway(streams.LastSent, NoError));
        return true;
    }

    private async Task PingAsync(long octets)
    {
        await writing.WaitAsync();
        try
        {
            await Inner.WriteAsync(Http2Frame.Ping(octets));
        }
        catch (Exception fault) when (fault is IOException or ObjectDisposedException or InvalidOperationException)
        {
            // Then nothing answers it either.
        }
        finally
        {
            writing.Release();
        }
    }

    private void Let()
    {
        if (!disposed.TrySetResult())
            return;
        liveness.Dispose();
        ended(this);
    }
}

internal enum Http2End
{
    /// <summary>No new request is to use it; those under way go on.</summary>
    NoMoreRequests,

    /// <summary>What was about to go out hasn't, and can go over another.</summary>
    NothingWentOut,

    /// <summary>Nobody is there any more, and requests wait.</summary>
    Dead,
}

/// <summary>The remote has not answered a PING in time: what is between it and us has forgotten the connection.</summary>
public sealed class Http2SilenceException() : IOException("The connection is silent: the remote did not answer a PING.");
