using MtlsFunctions.Certificates;

namespace MtlsFunctions.Forwarding;

/// <summary>
/// The connections of one identity, with the certificate they present: one immutable pair. Counts its users, so that it can be
/// retired while requests are in flight: the last one out disposes it.
/// </summary>
public sealed class WarmHandler(HttpMessageInvoker invoker, ClientCertificate? certificate)
{
    private readonly ClientCertificate? certificate = certificate;

    // 1 for the cache itself.
    private int users = 1;
    private int retired;
    private long lastUsed;
    private long lastNoted;
    private long standsInUntil;

    public HttpMessageInvoker Invoker => invoker;

    internal RemoteEndpoints Endpoints { get; init; } = new(TimeProvider.System);

    /// <summary>When the certificate ends; never for plain TLS. Known after it has been disposed, too: whoever sweeps may look at one that another has just retired.</summary>
    public DateTimeOffset Ends { get; } = certificate?.NotAfter ?? DateTimeOffset.MaxValue;

    /// <summary>A newer version of its certificate could not be loaded; until then this one is used without another try.</summary>
    public DateTimeOffset StandsInUntil
    {
        get => new(Volatile.Read(ref standsInUntil), TimeSpan.Zero);
        set => Volatile.Write(ref standsInUntil, value.UtcTicks);
    }

    /// <summary>UTC ticks.</summary>
    public long LastUsed => Volatile.Read(ref lastUsed);

    /// <returns>False when it has been retired.</returns>
    public bool TryEnter(DateTimeOffset now)
    {
        int seen;
        do
        {
            seen = Volatile.Read(ref users);
            if (seen == 0 || Volatile.Read(ref retired) != 0)
                return false;
        }
        while (Interlocked.CompareExchange(ref users, seen + 1, seen) != seen);
        Volatile.Write(ref lastUsed, now.UtcTicks);
        return true;
    }

    /// <returns>True once in each period, for one of all who ask.</returns>
    public bool IsFirstUseIn(TimeSpan period, DateTimeOffset now)
    {
        var last = Volatile.Read(ref lastNoted);
        return now.UtcTicks - last >= period.Ticks && Interlocked.CompareExchange(ref lastNoted, now.UtcTicks, last) == last;
    }

    public void Leave()
    {
        if (Interlocked.Decrement(ref users) > 0)
            return;
        invoker.Dispose();
        certificate?.Dispose();
    }

    /// <summary>No new users; it ends with the last one.</summary>
    public void Retire()
    {
        if (Interlocked.Exchange(ref retired, 1) == 0)
            Leave();
    }
}
