using MtlsFunctions.Certificates;

namespace MtlsFunctions.Forwarding;

/// <summary>
/// The certificates of the warm handlers, each loaded once with its key, however many handlers (one for each trust) present it. It ends
/// with the last of them. Bounded by the handlers, and a failure is not kept.
/// </summary>
public sealed class LoadedCertificates
{
    private readonly Lock sync = new();
    private readonly Dictionary<HandlerKey, Entry> entries = [];

    /// <summary>Certificates in memory now, those that are being loaded included.</summary>
    public int Count
    {
        get
        {
            lock (sync)
                return entries.Count;
        }
    }

    /// <param name="identity">Of a handler that will present it; its trust makes no difference here.</param>
    /// <param name="load">Loads it where nobody has.</param>
    /// <returns>A certificate of the caller's own, to be disposed when its handler ends.</returns>
    public async Task<Outcome<ClientCertificate>> RentAsync(HandlerKey identity, Func<Task<Outcome<ClientCertificate>>> load)
    {
        var key = identity with { TrustedCa = null };
        Entry? entry;
        lock (sync)
        {
            if (!entries.TryGetValue(key, out entry))
                entries[key] = entry = new Entry(load);
            entry.Users++;
        }

        var isRented = false;
        try
        {
            if (!(await entry.Loading.Value).TryGet(out var certificate, out var failure))
                return failure;
            isRented = true;
            return new ClientCertificate(certificate.Leaf, certificate.Intermediates, () => Leave(key, entry, certificate));
        }
        finally
        {
            if (!isRented)
                Forget(key, entry);
        }
    }

    private void Leave(HandlerKey key, Entry entry, ClientCertificate certificate)
    {
        lock (sync)
        {
            if (--entry.Users > 0)
                return;
            entries.Remove(key);
        }

        certificate.Dispose();
    }

    // Whoever waited for the same gets the same failure; the next one tries again.
    private void Forget(HandlerKey key, Entry entry)
    {
        lock (sync)
        {
            if (entries.TryGetValue(key, out var present) && present == entry)
                entries.Remove(key);
        }
    }

    private sealed class Entry(Func<Task<Outcome<ClientCertificate>>> load)
    {
        public Lazy<Task<Outcome<ClientCertificate>>> Loading { get; } = new(load);

        /// <summary>Handlers that have it or wait for it.</summary>
        public int Users { get; set; }
    }
}
