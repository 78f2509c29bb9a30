using System.Diagnostics.Metrics;
using System.Text.RegularExpressions;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using MtlsFunctions.Shared;

namespace MtlsFunctions.Tests.Conventions;

/// <summary>docs/metrics.md lists the instruments of the code, and nothing else.</summary>
public sealed partial class MetricsDocumentTests
{
    [Fact]
    public void Every_instrument_is_listed_with_its_kind_and_unit() => Assert.Equal(
        Instruments().Select(one => (one.Name, KindOf(one), one.Unit!)).Order(),
        Row().Matches(File.ReadAllText(Repository.PathOf("docs", "metrics.md")))
            .Select(row => (row.Groups["name"].Value, row.Groups["kind"].Value, row.Groups["unit"].Value)).Order());

    [Fact]
    public void Every_instrument_says_what_it_measures() => Assert.All(Instruments(), one => Assert.NotEmpty(one.Description!));

    // Whatever takes a meter factory makes its instruments when it is made.
    private static List<Instrument> Instruments()
    {
        var found = new List<Instrument>();
        using var meters = new Meters();
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, _) =>
        {
            if (instrument.Meter.Scope == meters)
                found.Add(instrument);
        };
        listener.Start();
        using var services = new ServiceCollection()
            .AddSingleton<IMeterFactory>(meters).AddSingleton<TimeProvider>(new FakeTimeProvider()).AddLogging().AddOptions().BuildServiceProvider();
        foreach (var type in typeof(Gateway).Assembly.GetTypes().Where(Measures))
            ActivatorUtilities.CreateInstance(services, type);
        Assert.All(found, one => Assert.Equal(Telemetry.Name, one.Meter.Name));
        return found;
    }

    private static bool Measures(Type type) => type.GetConstructors()
        .Any(constructor => constructor.GetParameters().Any(parameter => parameter.ParameterType == typeof(IMeterFactory)));

    private static string KindOf(Instrument instrument) => instrument.GetType().Name.Split('`')[0].ToLowerInvariant();

    [GeneratedRegex(@"^\| `(?<name>[a-z_.]+)` \| (?<kind>[a-z]+), (?<unit>[^ ]+) \|", RegexOptions.Multiline)]
    private static partial Regex Row();
}
