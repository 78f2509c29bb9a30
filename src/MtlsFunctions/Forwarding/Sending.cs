using System.Net;
using System.Security.Cryptography;

namespace MtlsFunctions.Forwarding;

/// <summary>
/// A request out, again where the remote says that it has not processed it. The client does that three times by itself; some
/// servers end connections so often that many requests at a time need more.
/// </summary>
internal static class Sending
{
    // Two hundred callers of a server that ends each connection after ten requests need nearly as many.
    private const int MostConnections = 12;

    // A remote that has too much to do isn't helped by more.
    private const int MostRefusals = 3;

    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMilliseconds(200);

    /// <param name="canGoAgain">Whether its body can be sent once more, whole.</param>
    public static async Task<HttpResponseMessage> SendAsync(
        WarmHandler remote, HttpRequestMessage request, Func<bool> canGoAgain, TimeProvider clock, CancellationToken cancellation)
    {
        var endpoint = request.RequestUri!;
        SentOnce.Begin(request);
        for (var round = 1; ; round++)
        {
            if (remote.Endpoints.WantsHttp1(endpoint))
                request.Version = HttpVersion.Version11;
            try
            {
                return await remote.Invoker.SendAsync(request, cancellation);
            }
            catch (Exception fault) when (Unprocessed.AsksForHttp1(fault) && request.Version.Major > 1)
            {
                remote.Endpoints.NoteHttp1(endpoint);
                // Whether or not there was room to remember it: once.
                request.Version = HttpVersion.Version11;
                if (!canGoAgain())
                    throw;
            }
            catch (Exception fault) when (MayGoAgain(fault, round) && canGoAgain() && !cancellation.IsCancellationRequested)
            {
                // All that were refused come back at once.
                var pause = Math.Min(FirstPause.Ticks << round, LongestPause.Ticks) * RandomNumberGenerator.GetInt32(50, 150) / 100;
                await Task.Delay(TimeSpan.FromTicks(pause), clock, cancellation);
            }
        }
    }

    private static bool MayGoAgain(Exception fault, int round) =>
        Unprocessed.Says(fault) && round < (Unprocessed.IsRefusal(fault) ? MostRefusals : MostConnections);
}
