using System.Collections.Concurrent;

namespace MtlsFunctions.Forwarding;

/// <summary>What one identity has learnt about the endpoints that it calls: their HTTP/2 connections, and who wants HTTP/1.1 instead.</summary>
internal sealed class RemoteEndpoints(TimeProvider clock)
{
    private const int MostHttp1 = 100;

    // Then HTTP/2 is tried again: configurations change.
    private static readonly TimeSpan Http1For = TimeSpan.FromMinutes(10);

    private readonly ConcurrentDictionary<Http2Connection, string> connections = new();
    private readonly ConcurrentDictionary<string, DateTimeOffset> http1 = new();
    private volatile bool anyHttp1;

    public void Add(Http2Connection connection, Uri endpoint) => connections[connection] = endpoint.Authority;

    public void Remove(Http2Connection connection) => connections.TryRemove(connection, out _);

    /// <summary>A request has waited in vain since then: no new one uses a connection to this endpoint that has been silent all the while.</summary>
    public void LeaveSilent(Uri endpoint, long since)
    {
        foreach (var (connection, authority) in connections)
        {
            if (authority == endpoint.Authority)
                connection.LeaveIfSilentSince(since);
        }
    }

    // Most identities never meet one, and the endpoint's name is made anew each time.
    public bool WantsHttp1(Uri endpoint) => anyHttp1 && http1.TryGetValue(endpoint.Authority, out var until) && until > clock.GetUtcNow();

    public void NoteHttp1(Uri endpoint)
    {
        var now = clock.GetUtcNow();
        if (http1.Count >= MostHttp1)
        {
            foreach (var (old, until) in http1)
            {
                if (until <= now)
                    http1.TryRemove(old, out _);
            }
        }

        if (http1.Count < MostHttp1)
            http1[endpoint.Authority] = now + Http1For;
        anyHttp1 = true;
    }
}
