using System.Diagnostics.Metrics;

namespace MtlsFunctions.Shared;

/// <summary>Makes the meters of one test, so that no other test's measurements are among its own.</summary>
public sealed class Meters : IMeterFactory
{
    private readonly List<Meter> made = [];

    public Meter Create(MeterOptions options)
    {
        var meter = new Meter(new MeterOptions(options.Name) { Scope = this });
        made.Add(meter);
        return meter;
    }

    public void Dispose()
    {
        foreach (var meter in made)
            meter.Dispose();
    }
}
