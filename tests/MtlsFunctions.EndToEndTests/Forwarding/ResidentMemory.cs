using System.Globalization;

namespace MtlsFunctions.EndToEndTests.Forwarding;

/// <summary>How far a process's resident memory has risen above what it was when this was made: at its highest, whatever it is now.</summary>
internal sealed class ResidentMemory
{
    private readonly string folder;
    private readonly long before;

    public ResidentMemory(int process)
    {
        folder = $"/proc/{process}";
        before = Read("VmRSS");
        // From here on the system keeps a new peak.
        File.WriteAllText($"{folder}/clear_refs", "5");
    }

    public static bool CanBeMeasured => File.Exists("/proc/self/clear_refs");

    public long GrownBy => Read("VmHWM") - before;

    // VmRSS:     12345 kB
    private long Read(string name) => 1024 * long.Parse(
        File.ReadLines($"{folder}/status").Single(line => line.StartsWith(name, StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries)[^2].Split('\t')[^1],
        CultureInfo.InvariantCulture);
}
