using System.Collections.Concurrent;
using System.Globalization;
using System.Net.Mime;
using Microsoft.AspNetCore.Http;

namespace MtlsFunctions.Shared;

/// <summary>Stands before the handler of an imitated vault and lets requests suffer.</summary>
/// <param name="answer">The handler of what suffers nothing.</param>
/// <param name="error">Answers with that status (403, 429 or 503) and the body that the real server sends.</param>
public sealed class VaultFaults(RequestDelegate answer, Func<HttpContext, int, Task> error)
{
    private readonly Lock turn = new();
    private VaultFault fault = VaultFault.None;
    private int left;
    private TaskCompletionSource suffered = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int requests;

    /// <summary>Requests that have arrived, whatever became of them.</summary>
    public int Requests => Volatile.Read(ref requests);

    /// <summary>What the handler itself broke on: faults of the imitation, which must not pass for the vault's.</summary>
    public ConcurrentQueue<Exception> Surprises { get; } = new();

    /// <summary>Done when a request has met the fault that was set last.</summary>
    public Task Suffered
    {
        get
        {
            lock (turn)
                return suffered.Task;
        }
    }

    /// <summary>What happens to the next requests, instead of what happened so far.</summary>
    public void Suffer(VaultFault next)
    {
        lock (turn)
        {
            (fault, left) = (next, next.Times);
            suffered = new(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }

    public async Task AnswerAsync(HttpContext context)
    {
        Interlocked.Increment(ref requests);
        switch (Take())
        {
            case null:
                await AnswerProperlyAsync(context);
                break;
            case { Kind: VaultFaultKind.ServerError }:
                await error(context, StatusCodes.Status503ServiceUnavailable);
                break;
            case { Kind: VaultFaultKind.Forbidden }:
                await error(context, StatusCodes.Status403Forbidden);
                break;
            case { Kind: VaultFaultKind.Throttled } throttled:
                if (throttled.RetryAfter is { } wait)
                    context.Response.Headers.RetryAfter = ((int)wait.TotalSeconds).ToString(CultureInfo.InvariantCulture);
                await error(context, StatusCodes.Status429TooManyRequests);
                break;
            case { Kind: VaultFaultKind.Silent }:
                await KeepSilentAsync(context);
                break;
            case { Kind: VaultFaultKind.Garbage }:
                context.Response.ContentType = MediaTypeNames.Text.Html;
                await context.Response.WriteAsync("<html><body>Please sign in to the network.</body></html>");
                break;
            case { Kind: VaultFaultKind.CutShort }:
                context.Response.ContentType = MediaTypeNames.Application.Json;
                context.Response.ContentLength = 1000;
                await context.Response.WriteAsync("{\"value\":\"");
                await context.Response.Body.FlushAsync();
                context.Abort();
                break;
            case { Kind: VaultFaultKind.LostAnswer }:
                context.Response.Body = Stream.Null;
                await AnswerProperlyAsync(context);
                context.Abort();
                break;
            case { Kind: VaultFaultKind.LateAnswer }:
                context.Response.Body = Stream.Null;
                await AnswerProperlyAsync(context);
                await KeepSilentAsync(context);
                break;
        }
    }

    private async Task AnswerProperlyAsync(HttpContext context)
    {
        try
        {
            await answer(context);
        }
        catch (Exception fault) when (!context.RequestAborted.IsCancellationRequested)
        {
            Surprises.Enqueue(fault);
            throw;
        }
    }

    private VaultFault? Take()
    {
        lock (turn)
        {
            if (left == 0)
                return null;
            left--;
            suffered.TrySetResult();
            return fault;
        }
    }

    private static Task KeepSilentAsync(HttpContext context)
    {
        var gone = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        context.RequestAborted.Register(gone.SetResult);
        return gone.Task;
    }
}
