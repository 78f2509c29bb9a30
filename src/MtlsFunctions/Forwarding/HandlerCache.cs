using System.Collections.Concurrent;

namespace MtlsFunctions.Forwarding;

/// <summary>
/// The warm handlers of this process: static, so that every invocation, whatever function instance serves it, finds the
/// connections of the one before. Each identity's handler is made once however many ask at the same time; a failure is not kept.
/// </summary>
public sealed class HandlerCache(IOptions<ForwardingOptions> options, TimeProvider clock)
{
    private static readonly ConcurrentDictionary<HandlerKey, Lazy<Task<Outcome<WarmHandler>>>> Handlers = new();
    private static readonly TimeSpan SweepInterval = TimeSpan.FromMinutes(1);

    private long nextSweep;

    /// <param name="make">Makes the handler when there is none; not cancelled by one impatient caller.</param>
    /// <returns>A handler that the caller leaves when done, and whether it was warm.</returns>
    public async ValueTask<Outcome<(WarmHandler Handler, bool Warm)>> RentAsync(
        HandlerKey key, Func<Task<Outcome<WarmHandler>>> make, CancellationToken cancellation)
    {
        SweepIfDue();
        while (true)
        {
            if (!Handlers.TryGetValue(key, out var entry))
                entry = Handlers.GetOrAdd(key, new Lazy<Task<Outcome<WarmHandler>>>(make));
            var warm = entry is { IsValueCreated: true, Value.IsCompletedSuccessfully: true };
            Outcome<WarmHandler> made;
            try
            {
                made = await entry.Value.WaitAsync(cancellation);
            }
            catch when (entry.Value.IsFaulted)
            {
                Remove(key, entry);
                throw;
            }

            if (!made.TryGet(out var handler, out var failure))
            {
                Remove(key, entry);
                return failure;
            }

            if (handler.TryEnter(clock.GetUtcNow()))
                return (handler, warm);
            Remove(key, entry);
        }
    }

    private static void Remove(HandlerKey key, Lazy<Task<Outcome<WarmHandler>>> entry) =>
        Handlers.TryRemove(KeyValuePair.Create(key, entry));

    private void SweepIfDue()
    {
        var now = clock.GetUtcNow();
        var due = Volatile.Read(ref nextSweep);
        if (now.UtcTicks < due && Handlers.Count <= options.Value.MaxHandlers)
            return;
        if (Interlocked.CompareExchange(ref nextSweep, (now + SweepInterval).UtcTicks, due) == due)
            Sweep(now);
    }

    // Ended and idle ones go, then the least recently used above the limit; below it by a tenth, so that this isn't done for each.
    private void Sweep(DateTimeOffset now)
    {
        var idleSince = (now - options.Value.HandlerIdleTimeout).UtcTicks;
        var settled = new List<(HandlerKey Key, Lazy<Task<Outcome<WarmHandler>>> Entry, WarmHandler Handler)>();
        foreach (var (key, entry) in Handlers)
        {
            if (ReferenceEquals(key.Settings, options.Value) && entry is { IsValueCreated: true, Value.IsCompletedSuccessfully: true }
                && Finished(entry).TryGet(out var handler, out _))
                settled.Add((key, entry, handler));
        }

        var surplus = settled.Count > options.Value.MaxHandlers ? settled.Count - (options.Value.MaxHandlers * 9 / 10) : 0;
        foreach (var (position, (key, entry, handler)) in settled.OrderBy(one => one.Handler.LastUsed).Index())
        {
            if (position >= surplus && handler.Ends > now && handler.LastUsed > idleSince)
                continue;
            Remove(key, entry);
            handler.Retire();
        }
    }

    // Only called for tasks that have completed.
    private static Outcome<WarmHandler> Finished(Lazy<Task<Outcome<WarmHandler>>> entry)
    {
        var task = entry.Value;
        return task.IsCompletedSuccessfully ? task.GetAwaiter().GetResult() : throw new InvalidOperationException("The handler is still being made.");
    }
}
