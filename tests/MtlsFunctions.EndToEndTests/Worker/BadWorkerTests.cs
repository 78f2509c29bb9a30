using FunctionsTestHost;
using FunctionsTestHost.Protocol;
using Grpc.Net.Client;
using MtlsFunctions.Shared;

namespace MtlsFunctions.EndToEndTests.Worker;

/// <summary>A worker that can't be used ends in one clear error with its output, within the time limit, and leaves nothing running.</summary>
public sealed class BadWorkerTests : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("mtlsfunctions-test-");

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private string Arguments => Path.Combine(folder.FullName, "arguments");

    [Theory]
    [InlineData("echo out of luck; exit 3", "exit code 3", "out of luck")]
    [InlineData("echo complaint >&2; exit 0", "exit code 0", "complaint")]
    [InlineData("echo waiting; exec sleep 1000", "had not loaded its functions after 2 seconds", "waiting")]
    [InlineData("echo with a child; sleep 1000 & echo $! >> pids; exec sleep 1000", "had not loaded its functions after 2 seconds", "with a child")]
    public async Task A_worker_that_ends_or_hangs(string script, string expected, string output)
    {
        var fault = await NothingLeftAsync(StartAsync(script, TimeSpan.FromSeconds(2)));

        Assert.Contains(expected, fault.Message, StringComparison.Ordinal);
        Assert.Contains(output, fault.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null, "can't be read")]
    [InlineData("{", "can't be read")]
    [InlineData("{}", "names no executable")]
    [InlineData("""{"description":{"defaultExecutablePath":"/nowhere/dotnet","defaultWorkerPath":"a.dll"}}""", "doesn't start")]
    public async Task A_folder_that_names_nothing_to_start(string? config, string expected)
    {
        if (config is not null)
            await File.WriteAllTextAsync(Path.Combine(folder.FullName, "worker.config.json"), config, Stop);

        var fault = await Assert.ThrowsAsync<FunctionsHostException>(
            () => FunctionsHost.StartAsync(new FunctionsHostOptions { AppDirectory = folder.FullName }, Stop));

        Assert.Contains(expected, fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_worker_that_refuses_to_initialize()
    {
        var fault = await PlayAsync(new StreamingMessage { WorkerInitResponse = new() { Result = Failed("no runtime") } });

        Assert.Contains("refuses to initialize: Failure", fault.Message, StringComparison.Ordinal);
        Assert.Contains("no runtime", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_worker_without_functions() => Assert.Contains("no functions", (await PlayAsync(Good(), Functions())).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("{")]
    [InlineData("{}")]
    public async Task A_function_with_a_binding_that_is_none(string binding)
    {
        var function = new RpcFunctionMetadata { Name = "Broken", FunctionId = "1" };
        function.RawBindings.Add(binding);

        Assert.Contains("A binding of function Broken can't be read", (await PlayAsync(Good(), Functions(function))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_function_that_cannot_be_loaded()
    {
        var function = new RpcFunctionMetadata { Name = "Broken", FunctionId = "1" };
        function.RawBindings.Add("""{"name":"req","type":"httpTrigger","direction":"In"}""");

        var fault = await PlayAsync(Good(), Functions(function), new StreamingMessage { FunctionLoadResponse = new() { Result = Failed("no such method") } });

        Assert.Contains("Function Broken can't be loaded: Failure", fault.Message, StringComparison.Ordinal);
    }

    public void Dispose() => folder.Delete(recursive: true);

    private static StatusResult Failed(string why) => new() { Status = StatusResult.Types.Status.Failure, Exception = new RpcException { Message = why } };

    private static StatusResult Success() => new() { Status = StatusResult.Types.Status.Success };

    private static StreamingMessage Good() => new()
    {
        WorkerInitResponse = new() { Result = Success(), Capabilities = { ["HttpUri"] = "http://127.0.0.1:1" } },
    };

    private static StreamingMessage Functions(params RpcFunctionMetadata[] functions) => new()
    {
        FunctionMetadataResponse = new() { Result = Success(), FunctionMetadataResults = { functions } },
    };

    /// <summary>A process that only says how it was started, and a worker of this test that answers in its name.</summary>
    private async Task<FunctionsHostException> PlayAsync(params StreamingMessage[] answers)
    {
        var starting = StartAsync($"echo \"$@\" > {Arguments}.new; mv {Arguments}.new {Arguments}; exec sleep 1000", TimeSpan.FromSeconds(30));
        await Eventually.TrueAsync(() => File.Exists(Arguments));
        var arguments = (await File.ReadAllTextAsync(Arguments, Stop)).Split(' ', StringSplitOptions.TrimEntries);
        using var channel = GrpcChannel.ForAddress(arguments[1]);
        using var stream = new FunctionRpc.FunctionRpcClient(channel).EventStream(cancellationToken: Stop);
        await stream.RequestStream.WriteAsync(new StreamingMessage { StartStream = new StartStream { WorkerId = arguments[3] } }, Stop);
        foreach (var answer in answers)
        {
            Assert.True(await stream.ResponseStream.MoveNext(Stop));
            answer.RequestId = stream.ResponseStream.Current.RequestId;
            await stream.RequestStream.WriteAsync(answer, Stop);
        }

        return await NothingLeftAsync(starting);
    }

    /// <summary>The start fails, and none of the processes that wrote down their id is there any more.</summary>
    private async Task<FunctionsHostException> NothingLeftAsync(Task<FunctionsHost> starting)
    {
        var fault = await Assert.ThrowsAsync<FunctionsHostException>(() => starting);
        var ids = await File.ReadAllLinesAsync(Path.Combine(folder.FullName, "pids"), Stop);
        Assert.NotEmpty(ids);
        await Eventually.TrueAsync(() => !ids.Any(IsRunning));
        return fault;
    }

    // Who has ended and isn't asked for yet has no command line.
    private static bool IsRunning(string id) => File.Exists($"/proc/{id}/cmdline") && File.ReadAllText($"/proc/{id}/cmdline").Length > 0;

    private async Task<FunctionsHost> StartAsync(string script, TimeSpan limit)
    {
        await File.WriteAllTextAsync(Path.Combine(folder.FullName, "worker.sh"), $"echo $$ > pids\n{script}", Stop);
        await File.WriteAllTextAsync(
            Path.Combine(folder.FullName, "worker.config.json"), """{"description":{"defaultExecutablePath":"/bin/sh","defaultWorkerPath":"worker.sh"}}""", Stop);
        return await FunctionsHost.StartAsync(new FunctionsHostOptions { AppDirectory = folder.FullName, StartTimeout = limit }, Stop);
    }
}
