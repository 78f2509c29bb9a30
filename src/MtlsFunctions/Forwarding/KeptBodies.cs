using System.Diagnostics.Metrics;

namespace MtlsFunctions.Forwarding;

/// <summary>
/// How many bytes of request bodies are kept in memory, for all requests of this instance together, so that a request that its
/// remote has not processed can be sent again. Who gets none goes out all the same, but once.
/// </summary>
public sealed class KeptBodies
{
    private readonly long most;
    private readonly UpDownCounter<long> measured;
    private long taken;

    public KeptBodies(IOptions<ForwardingOptions> options, IMeterFactory meters)
    {
        most = options.Value.KeptBodyBytes;
        measured = meters.Create(Telemetry.Name).CreateUpDownCounter<long>(
            "mtls.forward.body.kept", "By", "Memory that holds the beginnings of request bodies until their answers begin.");
    }

    /// <returns>False when the budget has no room for them.</returns>
    public bool TryTake(int bytes)
    {
        if (Interlocked.Add(ref taken, bytes) > most)
        {
            Interlocked.Add(ref taken, -bytes);
            return false;
        }

        measured.Add(bytes);
        return true;
    }

    public void GiveBack(int bytes)
    {
        Interlocked.Add(ref taken, -bytes);
        measured.Add(-bytes);
    }
}
