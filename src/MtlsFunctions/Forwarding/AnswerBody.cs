using System.Buffers;

namespace MtlsFunctions.Forwarding;

/// <summary>The body of an answer on its way back: what is there goes on at once, and nothing but one buffer is held.</summary>
internal static class AnswerBody
{
    // What one TLS record holds.
    private const int BufferBytes = 16 * 1024;

    // Written but not flushed, at most.
    private const int MostWaiting = 64 * 1024;

    /// <exception cref="HttpRequestException">It is longer or shorter than its head said.</exception>
    /// <exception cref="IOException">The remote broke off.</exception>
    public static async Task CopyAsync(HttpContent content, HttpResponse response, Patience patience)
    {
        var (end, rest) = (patience.Token, response.ContentLength);
        await using var body = await content.ReadAsStreamAsync(end);
        var buffer = ArrayPool<byte>.Shared.Rent(BufferBytes);
        var waiting = 0;
        while (true)
        {
            var reading = body.ReadAsync(buffer, end);
            // The rest is still to come: what is here goes ahead, the head included.
            if ((!reading.IsCompleted && (waiting > 0 || !response.HasStarted)) || waiting >= MostWaiting)
            {
                await response.BodyWriter.FlushAsync(end);
                waiting = 0;
            }

            var read = await reading;
            // Over HTTP/2 the end of a body doesn't come from its length, and the client doesn't compare them.
            if (read > rest || (read == 0 && rest > 0))
                throw new HttpRequestException(HttpRequestError.InvalidResponse, "The answer's body is not as long as its Content-Length says.");
            if (read == 0)
                break;
            rest -= read;
            patience.Moved();
            if (!response.HasStarted)
                await response.StartAsync(end);
            response.BodyWriter.Write(buffer.AsSpan(0, read));
            waiting += read;
        }

        // The web server ends chunks with a flush of its own. What is left of an answer with a length it may keep until the connection ends.
        if (waiting > 0 && response.ContentLength is not null)
            await response.BodyWriter.FlushAsync(end);
        // Only here: after a failure somebody may still write to it.
        ArrayPool<byte>.Shared.Return(buffer);
    }
}
