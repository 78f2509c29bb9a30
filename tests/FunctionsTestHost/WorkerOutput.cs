using System.Collections.Concurrent;

namespace FunctionsTestHost;

/// <summary>The last lines that a worker has written: output, error output and what it logs over the stream.</summary>
internal sealed class WorkerOutput
{
    private const int Kept = 500;
    private readonly ConcurrentQueue<string> lines = new();

    public string Text => string.Join('\n', lines);

    public void Add(string? line)
    {
        if (line is null)
            return;
        lines.Enqueue(line);
        while (lines.Count > Kept)
            lines.TryDequeue(out _);
    }
}
