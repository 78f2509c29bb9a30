using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;

namespace MtlsFunctions.EndToEndTests.Forwarding.Interleaving;

/// <summary>Sends forwards and keeps what came of them.</summary>
internal sealed class Forwards
{
    private int count;

    public ConcurrentQueue<Sent> All { get; } = new();

    public int Count => Volatile.Read(ref count);

    public async Task SendAsync(ChangingAccount account, Place place, Draws draws)
    {
        var (number, stops, posts) = (Interlocked.Increment(ref count), draws.OneIn(2), draws.OneIn(2));
        var at = Stopwatch.GetTimestamp();
        var answer = await account.Client.ForwardAsync(
            posts ? HttpMethod.Post : HttpMethod.Get, place.Url, place.Service, posts ? new StringContent($"{number}") : null,
            (Sent.NumberHeader, $"{number}"), ("LP-stop-if-certificate-not-found", stops ? "true" : "false"));
        var until = Stopwatch.GetTimestamp();
        var error = answer.Header("LP-error-from-transport") ?? (answer.Status == HttpStatusCode.OK ? null : answer.ProblemType);
        All.Enqueue(new Sent(
            number, account, place, stops, at, until, answer.Status, error, answer.Status == HttpStatusCode.OK ? (string?)answer.Json["thumbprint"] : null));
    }
}
