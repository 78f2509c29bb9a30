using System.Collections.Concurrent;
using MtlsFunctions.Certificates;

namespace MtlsFunctions.Forwarding;

/// <summary>
/// The warm handlers of this process: static, so that every invocation, whatever function instance serves it, finds the
/// connections of the one before. Each identity's handler is made once however many ask at the same time; a failure is not kept.
/// </summary>
public sealed class HandlerCache(IOptions<ForwardingOptions> options, HandlerMetrics metrics, CertificateMetrics certificates, TimeProvider clock)
{
    private static readonly ConcurrentDictionary<HandlerKey, Slot> Slots = new();
    private static readonly TimeSpan SweepInterval = TimeSpan.FromMinutes(1);

    private long nextSweep;

    /// <returns>The warm handler, which the caller leaves when done; null when there is none.</returns>
    public WarmHandler? TryRent(HandlerKey key)
    {
        var now = clock.GetUtcNow();
        SweepIfDue(now);
        if (!Slots.TryGetValue(key, out var slot) || slot.Ready is not { } ready || !ready.TryEnter(now))
            return null;
        metrics.Hit();
        return ready;
    }

    /// <returns>The most recently used handler of another version of the same certificate, while that is valid; null when there is none.</returns>
    public WarmHandler? TryRentOtherVersion(HandlerKey key)
    {
        var now = clock.GetUtcNow();
        return Slots
            .Where(slot => slot.Key.IsOtherVersionOf(key) && slot.Value.Ready is { } ready && ready.Ends > now)
            .OrderByDescending(slot => slot.Value.Ready!.LastUsed)
            .Select(slot => slot.Value.Ready!)
            .FirstOrDefault(ready => ready.TryEnter(now));
    }

    /// <param name="make">Makes the handler when there is none; not cancelled by one impatient caller.</param>
    /// <returns>A handler that the caller leaves when done, and whether it was warm.</returns>
    public async ValueTask<Outcome<(WarmHandler Handler, bool Warm)>> RentAsync(
        HandlerKey key, Func<Task<Outcome<WarmHandler>>> make, CancellationToken cancellation)
    {
        SweepIfDue(clock.GetUtcNow());
        while (true)
        {
            if (!Slots.TryGetValue(key, out var slot))
                slot = Slots.GetOrAdd(key, new Slot(key, () => MakeAsync(key, make)));
            if (slot.Ready is { } ready && ready.TryEnter(clock.GetUtcNow()))
            {
                metrics.Hit();
                return (ready, true);
            }

            metrics.Missed();
            if (!(await slot.MadeAsync().WaitAsync(cancellation)).TryGet(out var made, out var failure))
                return failure;
            if (made.TryEnter(clock.GetUtcNow()))
                return (made, false);
            // Retired between the look and the entry: the next round makes a new one.
            slot.Remove();
        }
    }

    private async Task<Outcome<WarmHandler>> MakeAsync(HandlerKey key, Func<Task<Outcome<WarmHandler>>> make)
    {
        var outcome = await make();
        if (outcome.TryGet(out var handler, out _))
        {
            metrics.Made();
            LookAt(key, handler);
            // Counting takes every lock of the dictionary, so a warm request doesn't.
            if (Slots.Count > options.Value.MaxHandlers)
                Sweep(clock.GetUtcNow());
        }

        return outcome;
    }

    private void LookAt(HandlerKey key, WarmHandler handler)
    {
        if (key.CertificateId is { } certificate)
            certificates.LookedAt(key.Account, certificate, handler.Ends);
    }

    private void SweepIfDue(DateTimeOffset now)
    {
        var due = Volatile.Read(ref nextSweep);
        if (now.UtcTicks >= due && Interlocked.CompareExchange(ref nextSweep, (now + SweepInterval).UtcTicks, due) == due)
            Sweep(now);
    }

    // Ended and idle ones go; above the limit, of the accounts that hold more than their share, those used longest ago. Below it by a tenth,
    // so that this isn't done for each.
    private void Sweep(DateTimeOffset now)
    {
        var idleSince = (now - options.Value.HandlerIdleTimeout).UtcTicks;
        var ready = Slots.Values
            .Where(slot => slot.Ready is not null && ReferenceEquals(slot.Settings, options.Value))
            .ToArray();
        var surplus = ready.Length > options.Value.MaxHandlers
            ? FairShare.Surplus(ready, slot => slot.Key.Account.Value, _ => 1, slot => slot.Ready!.LastUsed, options.Value.MaxHandlers * 9 / 10).ToHashSet()
            : [];
        foreach (var slot in ready)
        {
            var handler = slot.Ready!;
            LookAt(slot.Key, handler);
            var reason = handler.Ends <= now ? "expired" : handler.LastUsed <= idleSince ? "idle" : surplus.Contains(slot) ? "surplus" : null;
            // Of two that sweep at once one takes it away.
            if (reason is null || !slot.Remove())
                continue;
            metrics.Evicted(reason);
            handler.Retire();
        }
    }

    private sealed class Slot
    {
        private readonly HandlerKey key;
        private readonly Lazy<Task<Outcome<WarmHandler>>> made;
        private volatile WarmHandler? ready;

        public Slot(HandlerKey key, Func<Task<Outcome<WarmHandler>>> make)
        {
            this.key = key;
            made = new Lazy<Task<Outcome<WarmHandler>>>(() => MakeAsync(make));
        }

        public HandlerKey Key => key;

        public ForwardingOptions Settings => key.Settings;

        /// <summary>Null while it is being made.</summary>
        public WarmHandler? Ready => ready;

        public Task<Outcome<WarmHandler>> MadeAsync() => made.Value;

        public bool Remove() => Slots.TryRemove(KeyValuePair.Create(key, this));

        // Removes itself unless it succeeds, whoever still waits: the next one tries again.
        private async Task<Outcome<WarmHandler>> MakeAsync(Func<Task<Outcome<WarmHandler>>> make)
        {
            try
            {
                var outcome = await make();
                if (outcome.TryGet(out var handler, out _))
                    ready = handler;
                return outcome;
            }
            finally
            {
                if (ready is null)
                    Remove();
            }
        }
    }
}
