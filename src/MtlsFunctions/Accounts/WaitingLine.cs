namespace MtlsFunctions.Accounts;

/// <summary>Those who wait, a bounded number altogether and of each network; networks take turns. For one thread at a time.</summary>
internal sealed class WaitingLine(int ofOneNetwork, int altogether)
{
    private readonly Dictionary<string, LinkedList<Waiter>> networks = [];
    private readonly LinkedList<string> turns = [];
    private int count;

    /// <summary>When all places are taken, the last one of the network with most of them gives way to a network with fewer.</summary>
    /// <returns>Null when there are too many already.</returns>
    public Waiter? TryAdd(string network)
    {
        if (count >= altogether && !MakeRoom(networks.GetValueOrDefault(network)?.Count ?? 0))
            return null;
        if (!networks.TryGetValue(network, out var waiting))
        {
            networks[network] = waiting = [];
            turns.AddLast(network);
        }

        if (waiting.Count >= ofOneNetwork)
            return null;
        var waiter = new Waiter(network);
        waiting.AddLast(waiter);
        count++;
        return waiter;
    }

    private bool MakeRoom(int own)
    {
        var longest = networks.Values.MaxBy(waiting => waiting.Count)!;
        if (longest.Count <= own + 1)
            return false;
        var last = longest.Last!.Value;
        Remove(last);
        last.End(admitted: false);
        return true;
    }

    /// <returns>The first one of the network whose turn it is, who is no longer in line; null when nobody waits.</returns>
    public Waiter? Next()
    {
        if (turns.First is not { } turn)
            return null;
        var waiter = networks[turn.Value].First!.Value;
        turns.RemoveFirst();
        turns.AddLast(turn);
        Remove(waiter);
        return waiter;
    }

    /// <returns>False for one who was no longer in line.</returns>
    public bool Remove(Waiter waiter)
    {
        if (!networks.TryGetValue(waiter.Network, out var waiting) || !waiting.Remove(waiter))
            return false;
        count--;
        if (waiting.Count > 0)
            return true;
        networks.Remove(waiter.Network);
        turns.Remove(waiter.Network);
        return true;
    }
}

/// <summary>One who waits.</summary>
internal sealed class Waiter(string network)
{
    public string Network => network;

    private readonly TaskCompletionSource<bool> ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Whether it got its turn, when the waiting is over.</summary>
    public Task<bool> Ended => ended.Task;

    public bool IsAdmitted { get; private set; }

    public void End(bool admitted)
    {
        IsAdmitted = admitted;
        ended.SetResult(admitted);
    }
}
