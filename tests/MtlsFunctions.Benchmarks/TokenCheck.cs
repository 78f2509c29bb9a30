using BenchmarkDotNet.Attributes;
using MtlsFunctions.Authorization;

namespace MtlsFunctions.Benchmarks;

/// <summary>A bearer token that was seen before.</summary>
[MemoryDiagnoser]
public class TokenCheck
{
    private Workbench bench = null!;
    private BearerTokens tokens = null!;
    private string token = "";

    [GlobalSetup]
    public async Task StartAsync()
    {
        bench = await Workbench.StartAsync();
        (tokens, token) = (bench.Get<BearerTokens>(), bench.Token);
        await VerifyAsync();
    }

    [Benchmark]
    public async Task<Caller> VerifyAsync() => (await tokens.VerifyAsync(token, CancellationToken.None)).OrThrow();

    [GlobalCleanup]
    public async Task EndAsync() => await bench.DisposeAsync();
}
