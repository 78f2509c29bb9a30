using System.Text;

namespace MtlsFunctions.Shared;

/// <summary>Scripts for <see cref="FaultyServer"/>. Those that answer read the head of the request first, as a server does.</summary>
public static class Faults
{
    /// <summary>Takes the request and hangs up.</summary>
    public static Task CloseBeforeAnswer(Stream stream, CancellationToken ending) => ReadHead(stream, ending);

    /// <summary>Hangs up without reading anything.</summary>
    public static Task CloseAtOnce(Stream stream, CancellationToken ending) => Task.CompletedTask;

    /// <summary>Promises 1,000 bytes and leaves after 10; with reset: true on the server, rudely.</summary>
    public static Task BreakInMidBody(Stream stream, CancellationToken ending) =>
        AnswerRaw("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n0123456789")(stream, ending);

    /// <summary>Something that isn't HTTP.</summary>
    public static Task Garbage(Stream stream, CancellationToken ending) =>
        AnswerRaw("\0\u0001SSH-2.0 is this where I log in?\r\n\r\n")(stream, ending);

    /// <summary>Takes the request and keeps silent for as long as the caller or the test stays.</summary>
    public static async Task NeverAnswer(Stream stream, CancellationToken ending)
    {
        await ReadHead(stream, ending);
        await stream.CopyToAsync(Stream.Null, ending);
    }

    /// <summary>Reads nothing, answers nothing, never hangs up: without TLS, a handshake that doesn't begin.</summary>
    public static Task Hang(Stream stream, CancellationToken ending) => Task.Delay(Timeout.Infinite, ending);

    /// <summary>Exactly this text for an answer, then hangs up.</summary>
    public static Func<Stream, CancellationToken, Task> AnswerRaw(string answer) => async (stream, ending) =>
    {
        await ReadHead(stream, ending);
        await stream.WriteAsync(Encoding.Latin1.GetBytes(answer), ending);
        await stream.FlushAsync(ending);
    };

    /// <returns>The request line and the headers. Reads byte by byte, so that a body stays in the stream.</returns>
    public static async Task<string> ReadHead(Stream stream, CancellationToken ending)
    {
        var head = new StringBuilder();
        var one = new byte[1];
        while (!EndsWithEmptyLine(head))
        {
            await stream.ReadExactlyAsync(one, ending);
            head.Append((char)one[0]);
        }

        return head.ToString();
    }

    private static bool EndsWithEmptyLine(StringBuilder head) =>
        head.Length >= 4 && head[^1] == '\n' && head[^2] == '\r' && head[^3] == '\n' && head[^4] == '\r';
}
