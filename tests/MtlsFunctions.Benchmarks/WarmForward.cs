using BenchmarkDotNet.Attributes;

namespace MtlsFunctions.Benchmarks;

/// <summary>A whole warm forward, one after the other: caller, gateway and remote endpoint share this process, and so the numbers.</summary>
[MemoryDiagnoser]
public class WarmForward : IAsyncDisposable
{
    private Workbench bench = null!;
    private HttpClient caller = null!;

    [GlobalSetup]
    public async Task StartAsync()
    {
        bench = await Workbench.StartAsync();
        caller = new HttpClient();
        caller.DefaultRequestHeaders.Add("Authorization", $"Bearer {bench.Token}");
        caller.DefaultRequestHeaders.Add("LP-service-name", Workbench.Service);
        caller.DefaultRequestHeaders.Add("LP-forward-url", bench.TargetOf(0));
        await SendAsync();
    }

    [Benchmark]
    public async Task<byte[]> SendAsync()
    {
        using var answer = await caller.PostAsync(bench.ForwardUrl, new ByteArrayContent([1, 2, 3]));
        return await answer.EnsureSuccessStatusCode().Content.ReadAsByteArrayAsync();
    }

    [GlobalCleanup]
    public async ValueTask DisposeAsync()
    {
        caller.Dispose();
        await bench.DisposeAsync();
        GC.SuppressFinalize(this);
    }
}
