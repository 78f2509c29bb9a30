using BenchmarkDotNet.Attributes;
using MtlsFunctions.Mappings;

namespace MtlsFunctions.Benchmarks;

/// <summary>What is mapped for a triplet, known already, with few and with many others known beside it.</summary>
[MemoryDiagnoser]
public class MappingLookUp
{
    private const int Few = 10;
    private const int Many = 50_000;

    private Workbench small = null!;
    private Workbench large = null!;
    private RuntimeView few = null!;
    private RuntimeView many = null!;
    private ServiceName service = null!;
    private TargetUrl ofFew = null!;
    private TargetUrl ofMany = null!;

    [GlobalSetup]
    public async Task StartAsync()
    {
        service = ServiceName.OfId("2");
        (small, large) = (await Workbench.StartAsync(Few), await Workbench.StartAsync(Many));
        (few, many) = (small.Get<RuntimeView>(), large.Get<RuntimeView>());
        for (var mapping = 0; mapping < Few; mapping++)
            ofFew = await SeeAsync(few, small.TargetOf(mapping));
        for (var mapping = 0; mapping < Many; mapping++)
            ofMany = await SeeAsync(many, large.TargetOf(mapping));
    }

    [Benchmark(Baseline = true)]
    public ValueTask<Resolution> AmongTenAsync() => few.ResolveAsync(Workbench.Account, service, ofFew, CancellationToken.None);

    [Benchmark]
    public ValueTask<Resolution> AmongFiftyThousandAsync() => many.ResolveAsync(Workbench.Account, service, ofMany, CancellationToken.None);

    [GlobalCleanup]
    public async Task EndAsync()
    {
        await small.DisposeAsync();
        await large.DisposeAsync();
    }

    private async Task<TargetUrl> SeeAsync(RuntimeView view, string url)
    {
        var target = TargetUrl.Parse(url).OrThrow();
        var resolution = await view.ResolveAsync(Workbench.Account, service, target, CancellationToken.None);
        return resolution.Mapping?.Url == url ? target : throw new InvalidOperationException($"{url} is not mapped.");
    }
}
