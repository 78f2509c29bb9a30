namespace MtlsFunctions.Connections;

/// <summary>
/// A few threads of their own, for work that would hold a thread of the pool, which all accounts share. Each owner has a bounded number
/// at a time and a bounded line of its own, and those who wait take turns, so one that fills its line waits for itself alone.
/// </summary>
/// <param name="isHard">The work computes and doesn't wait, so its threads go below everything else.</param>
internal sealed class FairThreads(string name, int most, int mostOfOne, bool isHard = false, int mostWaitingOfOne = 256, int mostWaiting = 4_096)
{
    // The C library's resolver needs less; only what is touched counts.
    private const int StackBytes = 512 * 1024;

    private readonly Lock sync = new();
    private readonly Dictionary<string, Line> lines = new(StringComparer.Ordinal);
    private readonly Queue<Line> turns = new();
    private int threads;
    private int waiting;

    /// <param name="work">Must not throw; runs on a thread of this class.</param>
    /// <returns>False when too much waits already.</returns>
    public bool TryRun(string owner, Action work)
    {
        lock (sync)
        {
            if (!lines.TryGetValue(owner, out var line))
                line = new Line(owner);
            if (waiting >= mostWaiting || line.Waiting.Count >= mostWaitingOfOne)
                return false;
            lines[owner] = line;
            waiting++;
            line.Waiting.Enqueue(work);
            LineUp(line);
            if (threads == most || turns.Count == 0)
                return true;
            threads++;
        }

        Start();
        return true;
    }

    private void Start()
    {
        try
        {
            new Thread(() => Work(isOwn: true), StackBytes) { IsBackground = true, Name = name }.UnsafeStart();
        }
        catch
        {
            // No thread of its own could be had: better one of the pool than none.
            ThreadPool.UnsafeQueueUserWorkItem(static pool => pool.Work(isOwn: false), this, preferLocal: false);
        }
    }

    private void Work(bool isOwn)
    {
        if (isHard && isOwn)
            LowPriorityThread.Lower();
        Line? mine = null;
        while (Next(ref mine) is { } work)
            work();
    }

    // The thread ends when nobody waits: work comes seldom, and a new thread costs less than one that is kept.
    private Action? Next(ref Line? mine)
    {
        lock (sync)
        {
            if (mine is not null)
                Leave(mine);
            if (!turns.TryDequeue(out mine))
            {
                threads--;
                return null;
            }

            mine.IsInTurn = false;
            mine.Running++;
            waiting--;
            var work = mine.Waiting.Dequeue();
            LineUp(mine);
            return work;
        }
    }

    private void Leave(Line line)
    {
        line.Running--;
        LineUp(line);
        if (line.Running == 0 && line.Waiting.Count == 0)
            lines.Remove(line.Owner);
    }

    private void LineUp(Line line)
    {
        if (line.IsInTurn || line.Waiting.Count == 0 || line.Running >= mostOfOne)
            return;
        line.IsInTurn = true;
        turns.Enqueue(line);
    }

    private sealed class Line(string owner)
    {
        public string Owner => owner;

        public Queue<Action> Waiting { get; } = new();

        public int Running { get; set; }

        public bool IsInTurn { get; set; }
    }
}
