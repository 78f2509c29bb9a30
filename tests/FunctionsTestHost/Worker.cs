using FunctionsTestHost.Protocol;
using Google.Protobuf.WellKnownTypes;

namespace FunctionsTestHost;

/// <summary>What a host asks of a worker, one question at a time, and what it makes of the answers.</summary>
internal sealed class Worker(WorkerStream stream, string appDirectory)
{
    private const string HostVersion = "4.1037.0";

    public IReadOnlyDictionary<string, string> Capabilities { get; private set; } = new Dictionary<string, string>();

    /// <summary>The worker's own HTTP server.</summary>
    public Uri HttpUri => new(Capabilities["HttpUri"]);

    /// <exception cref="InvalidOperationException">It refuses, or has no HTTP server of its own.</exception>
    public async Task InitAsync(CancellationToken cancellation)
    {
        var request = new WorkerInitRequest { HostVersion = HostVersion, WorkerDirectory = appDirectory, FunctionAppDirectory = appDirectory };
        var answer = (await AskAsync(new StreamingMessage { WorkerInitRequest = request }, cancellation)).WorkerInitResponse;
        Demand(answer?.Result, "The worker refuses to initialize");
        Capabilities = new Dictionary<string, string>(answer!.Capabilities);
        if (!Capabilities.ContainsKey("HttpUri"))
            throw new InvalidOperationException("The worker has no HTTP server of its own; this host knows no other kind.");
    }

    /// <returns>Every function, loaded.</returns>
    /// <exception cref="InvalidOperationException">It has none, or one of them can't be read or loaded.</exception>
    public async Task<IReadOnlyList<HostedFunction>> LoadAsync(CancellationToken cancellation)
    {
        var request = new FunctionsMetadataRequest { FunctionAppDirectory = appDirectory };
        var answer = (await AskAsync(new StreamingMessage { FunctionsMetadataRequest = request }, cancellation)).FunctionMetadataResponse;
        Demand(answer?.Result, "The worker doesn't tell its functions");
        if (answer!.FunctionMetadataResults.Count == 0)
            throw new InvalidOperationException("The worker has no functions.");
        var functions = new List<HostedFunction>();
        foreach (var metadata in answer.FunctionMetadataResults)
        {
            var function = Read(metadata);
            if (functions.Any(other => string.Equals(other.Name, function.Name, StringComparison.OrdinalIgnoreCase)))
                throw new InvalidOperationException($"Two functions are named {function.Name}.");
            functions.Add(function);
        }

        foreach (var function in functions)
        {
            var load = new FunctionLoadRequest { FunctionId = function.Id, Metadata = function.Metadata };
            Demand((await AskAsync(new StreamingMessage { FunctionLoadRequest = load }, cancellation)).FunctionLoadResponse?.Result, $"Function {function.Name} can't be loaded");
        }

        return functions;
    }

    public async Task<StatusResult> InvokeAsync(string invocationId, HostedFunction function, IEnumerable<KeyValuePair<string, object?>> route)
    {
        var request = new InvocationRequest { InvocationId = invocationId, FunctionId = function.Id, TraceContext = new RpcTraceContext(), RetryContext = new RetryContext() };
        request.InputData.Add(new ParameterBinding { Name = (string)function.HttpTrigger!["name"]!, Data = new TypedData { Http = new RpcHttp() } });
        foreach (var (name, value) in route)
            request.TriggerMetadata[name] = new TypedData { String = Convert.ToString(value, System.Globalization.CultureInfo.InvariantCulture) ?? "" };
        var answer = await stream.AskAsync(invocationId, new StreamingMessage { RequestId = invocationId, InvocationRequest = request }, CancellationToken.None);
        return answer.InvocationResponse.Result;
    }

    public void Cancel(string invocationId)
    {
        if (Capabilities.ContainsKey("HandlesInvocationCancelMessage"))
            stream.Send(new StreamingMessage { InvocationCancel = new InvocationCancel { InvocationId = invocationId } });
    }

    public void Terminate(TimeSpan grace) =>
        stream.Send(new StreamingMessage { WorkerTerminate = new WorkerTerminate { GracePeriod = Duration.FromTimeSpan(grace) } });

    private static HostedFunction Read(RpcFunctionMetadata metadata)
    {
        try
        {
            return HostedFunction.Of(metadata);
        }
        catch (FormatException fault)
        {
            throw new InvalidOperationException(fault.Message, fault);
        }
    }

    private static void Demand(StatusResult? result, string otherwise)
    {
        if (result?.Status != StatusResult.Types.Status.Success)
            throw new InvalidOperationException($"{otherwise}: {(result is null ? "it answered something else" : $"{result.Status} {result.Result} {result.Exception?.Message}".TrimEnd())}.");
    }

    private Task<StreamingMessage> AskAsync(StreamingMessage question, CancellationToken cancellation)
    {
        question.RequestId = Guid.NewGuid().ToString();
        return stream.AskAsync(question.RequestId, question, cancellation);
    }
}
