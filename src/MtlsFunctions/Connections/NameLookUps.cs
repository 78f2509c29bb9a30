using System.Net;
using System.Net.Sockets;

namespace MtlsFunctions.Connections;

/// <summary>
/// Look-ups of names, by the system's own resolver: hosts file, search domains, name service switch and private zones count as the
/// platform has them. It blocks its thread for as long as a name server says nothing, so it runs on threads of its own, few for each
/// account. However many ask for one name, it is looked up once. docs/decisions.md says why this is no DNS client of our own.
/// </summary>
public sealed class NameLookUps
{
    private const int Threads = 64;
    private const int ThreadsOfOne = 4;

    private readonly Lock sync = new();
    private readonly FairThreads threads = new("name look-up", Threads, ThreadsOfOne);
    private readonly Dictionary<string, LookUp> underWay = new(StringComparer.OrdinalIgnoreCase);
    private readonly KnownNames known = new();
    private readonly TimeProvider clock;
    private readonly Func<string, IPAddress[]> resolve;

    public NameLookUps(TimeProvider clock)
        : this(clock, Dns.GetHostAddresses)
    {
    }

    /// <param name="resolve">May block; the system's, but for tests of name servers that say nothing.</param>
    internal NameLookUps(TimeProvider clock, Func<string, IPAddress[]> resolve) => (this.clock, this.resolve) = (clock, resolve);

    /// <param name="owner">On whose behalf: whose share of threads it takes.</param>
    /// <exception cref="SocketException">There is no such name.</exception>
    /// <exception cref="NameTimeoutException">It wasn't answered before <paramref name="cancellation"/>, or too many of this owner wait.</exception>
    public async Task<IPAddress[]> FindAsync(string owner, string name, CancellationToken cancellation)
    {
        Task<IPAddress[]> found;
        lock (sync)
        {
            found = known.Find(name, clock.GetUtcNow()) ?? Join(owner, name).Addresses;
        }

        try
        {
            return await found.WaitAsync(cancellation);
        }
        catch (OperationCanceledException gone)
        {
            throw new NameTimeoutException(name, gone);
        }
    }

    // One that still waits for its turn in another's line would wait for that one's silent names: it gets a place in this line too.
    private LookUp Join(string owner, string name)
    {
        if (!underWay.TryGetValue(name, out var lookUp))
            lookUp = new LookUp(owner, name);
        if (!lookUp.TryJoin(owner))
            return lookUp;
        if (!threads.TryRun(owner, () => Run(lookUp)))
            throw new NameTimeoutException(name);
        underWay[name] = lookUp;
        return lookUp;
    }

    private void Run(LookUp lookUp)
    {
        lock (sync)
        {
            if (!lookUp.TryStart())
                return;
        }

        IPAddress[] addresses = [];
        Exception? fault = null;
        try
        {
            addresses = resolve(lookUp.Name);
        }
        catch (ArgumentException)
        {
            // Too long, or otherwise no name at all.
            fault = new SocketException((int)SocketError.HostNotFound);
        }
        catch (Exception failed)
        {
            // For whoever asked: on this thread nobody would hear of it.
            fault = failed;
        }

        lock (sync)
        {
            underWay.Remove(lookUp.Name);
            known.Keep(lookUp.Owner, lookUp.Name, lookUp.Addresses, fault is null, clock.GetUtcNow());
        }

        lookUp.End(addresses, fault);
    }

    private sealed class LookUp(string owner, string name)
    {
        private readonly TaskCompletionSource<IPAddress[]> ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly HashSet<string> waiting = new(StringComparer.Ordinal);
        private bool started;

        public string Owner => owner;

        public string Name => name;

        public Task<IPAddress[]> Addresses => ended.Task;

        /// <returns>True for an owner that has no place in a line for it yet.</returns>
        public bool TryJoin(string who) => !started && waiting.Add(who);

        public bool TryStart() => !started && (started = true);

        public void End(IPAddress[] addresses, Exception? fault)
        {
            if (fault is null)
                ended.SetResult(addresses);
            else
                ended.SetException(fault);
            // Nobody may be left who waits for it.
            _ = ended.Task.Exception;
        }
    }
}

/// <summary>No name server answered in time whether there is such a name.</summary>
public sealed class NameTimeoutException(string name, Exception? cause = null) : Exception($"The look-up of {name} did not end in time.", cause);
