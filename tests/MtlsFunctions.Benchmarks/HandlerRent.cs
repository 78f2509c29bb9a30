using BenchmarkDotNet.Attributes;
using Microsoft.Extensions.Options;
using MtlsFunctions.Forwarding;

namespace MtlsFunctions.Benchmarks;

/// <summary>The handler of an identity that is warm, taken and given back.</summary>
[MemoryDiagnoser]
public class HandlerRent
{
    private Workbench bench = null!;
    private HandlerCache cache = null!;
    private HandlerFactory factory = null!;
    private ForwardingOptions options = null!;

    [GlobalSetup]
    public async Task StartAsync()
    {
        bench = await Workbench.StartAsync();
        (cache, factory, options) = (bench.Get<HandlerCache>(), bench.Get<HandlerFactory>(), bench.Get<IOptions<ForwardingOptions>>().Value);
        await RentAsync();
    }

    [Benchmark]
    public async ValueTask RentAsync()
    {
        var key = new HandlerKey(options, Workbench.Account, bench.Certificate.Id, bench.Certificate.Thumbprint, bench.Certificate.Version, TrustedCa: null);
        var rented = await cache.RentAsync(key, () => Task.FromResult<Outcome<WarmHandler>>(factory.Create(certificate: null)), CancellationToken.None);
        rented.OrThrow().Handler.Leave();
    }

    [GlobalCleanup]
    public async Task EndAsync() => await bench.DisposeAsync();
}
