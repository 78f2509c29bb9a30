namespace MtlsFunctions.Accounts;

/// <summary>Those who wait, a bounded number altogether and of each network; networks take turns. For one thread at a time.</summary>
internal sealed class WaitingLine(int ofOneNetwork, int altogether)
{
    private readonly Dictionary<string, LinkedList<Waiter>> networks = [];
    private readonly LinkedList<string> turns = [];
    private int count;

    /// <returns>Null when there are too many already.</returns>
    public Waiter? TryAdd(string network)
    {
        if (count >= altogether)
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

    /// <summary>Completes when it is this one's turn.</summary>
    public TaskCompletionSource Admitted { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
}
