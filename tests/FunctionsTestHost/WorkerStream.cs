using System.Collections.Concurrent;
using System.Threading.Channels;
using FunctionsTestHost.Protocol;
using Grpc.Core;
using RpcException = Grpc.Core.RpcException;

namespace FunctionsTestHost;

/// <summary>The one stream between host and worker: sends, and pairs each answer with its question.</summary>
internal sealed class WorkerStream(string workerId, WorkerOutput output) : FunctionRpc.FunctionRpcBase
{
    private readonly Channel<StreamingMessage> outgoing = Channel.CreateUnbounded<StreamingMessage>(new() { SingleReader = true });
    private readonly ConcurrentDictionary<string, TaskCompletionSource<StreamingMessage>> questions = new();
    private readonly TaskCompletionSource connected = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile bool over;

    /// <summary>Ends when the worker has said who it is.</summary>
    public Task Connected => connected.Task;

    public void Send(StreamingMessage message) => outgoing.Writer.TryWrite(message);

    /// <param name="id">Of the answer: the request's, or that of the invocation.</param>
    /// <exception cref="IOException">The stream ended before the answer.</exception>
    public async Task<StreamingMessage> AskAsync(string id, StreamingMessage question, CancellationToken cancellation)
    {
        var answer = questions.GetOrAdd(id, _ => new(TaskCreationOptions.RunContinuationsAsynchronously));
        try
        {
            if (over)
                throw Ended();
            Send(question);
            return await answer.Task.WaitAsync(cancellation);
        }
        finally
        {
            questions.TryRemove(id, out _);
        }
    }

    public override async Task EventStream(
        IAsyncStreamReader<StreamingMessage> requestStream, IServerStreamWriter<StreamingMessage> responseStream, ServerCallContext context)
    {
        if (!await requestStream.MoveNext(context.CancellationToken) || requestStream.Current.StartStream?.WorkerId != workerId)
            throw new RpcException(new Status(StatusCode.PermissionDenied, "This host waits for another worker."));
        connected.TrySetResult();
        var writing = WriteAsync(responseStream, context.CancellationToken);
        try
        {
            while (await requestStream.MoveNext(context.CancellationToken))
                Hear(requestStream.Current);
        }
        catch (Exception fault) when (fault is IOException or OperationCanceledException)
        {
            output.Add($"[host] The stream broke: {fault.Message}");
        }
        finally
        {
            over = true;
            outgoing.Writer.TryComplete();
            foreach (var question in questions.Values)
                question.TrySetException(Ended());
        }

        await writing;
    }

    private static IOException Ended() => new("The worker's stream has ended.");

    private async Task WriteAsync(IServerStreamWriter<StreamingMessage> stream, CancellationToken cancellation)
    {
        try
        {
            await foreach (var message in outgoing.Reader.ReadAllAsync(cancellation))
                await stream.WriteAsync(message, cancellation);
        }
        catch (Exception fault) when (fault is IOException or OperationCanceledException or InvalidOperationException)
        {
            output.Add($"[host] The stream can't be written: {fault.Message}");
        }
    }

    private void Hear(StreamingMessage message)
    {
        if (message.RpcLog is { } log)
            output.Add($"[{log.Level}] {log.Category}: {log.Message} {log.Exception?.Message}".TrimEnd());
        else if (questions.TryGetValue(message.InvocationResponse?.InvocationId ?? message.RequestId, out var question))
            question.TrySetResult(message);
    }
}
