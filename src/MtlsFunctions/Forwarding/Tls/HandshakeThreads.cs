using MtlsFunctions.Connections;

namespace MtlsFunctions.Forwarding.Tls;

/// <summary>
/// Where handshakes with remotes are computed: on as many threads as there are cores, half of them at most for one account, and below
/// everything else. A signature with the largest keys takes a tenth of a second of a core, and whoever makes its remote close each
/// connection makes one for each request.
/// </summary>
public sealed class HandshakeThreads
{
    private readonly FairThreads threads;

    // Two at least, so that on a single core one account's signatures leave a thread to the others.
    public HandshakeThreads()
        : this(Math.Max(2, Environment.ProcessorCount))
    {
    }

    internal HandshakeThreads(int atOnce) => threads = new FairThreads("handshake", atOnce, Math.Max(1, atOnce / 2), isHard: true);

    /// <returns>Over <paramref name="connection"/>, which it owns: what lies above goes on on these threads until its handshake is done.</returns>
    internal Stream Over(Stream connection, string owner) => new HandshakeStream(connection, threads, owner);
}
