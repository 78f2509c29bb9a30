using System.Text;
using MtlsFunctions.EndToEndTests.Forwarding.Interleaving;

namespace MtlsFunctions.EndToEndTests.Forwarding.Wire;

/// <param name="Bytes">As they go over the wire.</param>
/// <param name="Text">The body of an answer that must come through whole; null where anything but a fault of the gateway's own will do.</param>
internal sealed record MutatedAnswer(byte[] Bytes, int Status, string? Text, bool Reset);

/// <summary>Answers over HTTP/1.1 that a seed makes odd, wrong or damaged in one to three ways.</summary>
internal static class AnswerMutations
{
    private static readonly string[] Statuses =
        ["200", "201", "204", "205", "206", "299", "301", "304", "307", "400", "401", "404", "418", "424", "500", "503", "599", "600", "999", "000", "001", "099", "100", "101", "103", "199"];

    private static readonly string[] BadFirstLines =
        ["HTTP/1.1 20 OK", "HTTP/1.1 2000 OK", "HTTP/1.1 abc OK", "HTTP/1.1 -20 OK", "HTTP/1.1", "", "HTTP/2.0 200 OK", "http/1.1 200 OK", "HTP/1.1 200 OK", "HTTP/1.1  200 OK", "HTTP/1.9 200 OK", "ICY 200 OK", "HTTP/1.1\t200\tOK", "HTTP/11 200 OK"];

    private static readonly string[] Reasons = ["", " ", " OK", " Not Found", " caf\u00e9", " \u0001\u007f", " " + new string('r', 10_000), " \t", " <script>", " a\rb", " \0"];

    private static readonly string[] Lines =
    [
        "X-A: 1", "x-a: 2", "X-Empty:", "X Y: 1", ": none", "X-No-Colon", " folded", "\tfolded", "X-Ctl\u0001: 1", "X-Nul: a\0b", "X-Bell: a\u0007b", "X-Cr: a\rb", "X-Del: \u007f", "X-Latin: \u00e9\u00ff\u0080",
        "X-Long: " + new string('v', 100_000), "X-Longer: " + new string('v', 300_000), new string('n', 70_000) + ": 1", "X\u00e9: 1", "X-Colon : 1", "\"X\": 1", "X/Y: 1",
        "Content-Length: 5", "Content-Length: 3", "Content-Length: -1", "Content-Length: +5", "Content-Length: 5.0", "Content-Length:", "Content-Length: 5, 5", "Content-Length: 18446744073709551616", "content-length: 0",
        "Transfer-Encoding: chunked", "Transfer-Encoding: gzip, chunked", "Transfer-Encoding: chunked, gzip", "Transfer-Encoding: CHUNKED", "Transfer-Encoding: identity", "Transfer-Encoding:", "Transfer-Encoding: \u000bchunked",
        "Connection: close", "Connection: Content-Length, Transfer-Encoding", "Connection: \u00e9, ,,", "Keep-Alive: timeout=0, max=x", "Upgrade: websocket", "Trailer: Content-Length", "Proxy-Authenticate: Basic",
        "Set-Cookie: a=1; \u00e9", "Set-Cookie:", "Date: never", "Server:", "Content-Type: //;;=", "Content-Encoding: gzip", "Content-Range: bytes 9-1/x", "Location: \u00e9://", "LP-response-origin: gateway", "LP-error-from-transport: x",
        "Alt-Svc: clear", "Retry-After: -1", "WWW-Authenticate: Basic realm=\"", "Strict-Transport-Security: \0", ":status: 200", "HTTP/1.1 200 OK", "Age: 99999999999999999999",
    ];

    private static readonly string[] BadChunks =
        ["5\r\nhello\r\n", "5;ext=\"a\"\r\nhello\r\n0\r\n\r\n", "005\r\nhello\r\n0\r\n\r\n", "A\r\nhello\r\n0\r\n\r\n", "5\nhello\n0\n\n", "5\r\nhelloXX0\r\n\r\n", "x\r\nhello\r\n", "-5\r\nhello\r\n", "FFFFFFFFFFFFFFFF\r\nhello",
            "5 \r\nhello\r\n0\r\n\r\n", "5\r\nhello\r\n0\r\nX-T: 1\r\n\r\n", "5\r\nhello\r\n0\r\nbad\r\n\r\n", "5\r\nhello\r\n0\r\nContent-Length: 9\r\n\r\n", "5;" + new string('e', 20_000) + "\r\nhello\r\n0\r\n\r\n", "0\r\n\r\n", "", "5\r\nhello\r\n0\r\n\r\nHTTP/1.1 200 OK\r\n\r\n"];

    private static readonly string[] Bodies = ["", "hello", "hel", "hello and more", "5\r\nhello\r\n0\r\n\r\n", new string('b', 70_000)];

    public static MutatedAnswer Of(Draws draws)
    {
        if (draws.OneIn(5))
            return Sound(draws);
        var first = draws.OneIn(6) ? draws.OneOf(BadFirstLines) : $"HTTP/1.{(draws.OneIn(5) ? 0 : 1)} {draws.OneOf(Statuses)}{draws.OneOf(Reasons)}";
        var head = new StringBuilder(draws.OneIn(20) ? "HTTP/1.1 100 Continue\r\n\r\n" : "").Append(first).Append("\r\n");
        for (var more = draws.Below(4); more > 0; more--)
            head.Append(draws.OneOf(Lines)).Append(draws.OneIn(15) ? "\n" : "\r\n");
        if (draws.OneIn(50))
            head.Insert(head.Length, string.Concat(Enumerable.Repeat("X-Many: 1\r\n", 30_000)));
        var chunked = draws.OneIn(3);
        if (!draws.OneIn(4))
            head.Append(chunked ? "Transfer-Encoding: chunked\r\n" : "Content-Length: 5\r\n");
        var bytes = Encoding.Latin1.GetBytes($"{head}\r\n{(chunked ? draws.OneOf(BadChunks) : draws.OneOf(Bodies))}");
        for (var flips = draws.OneIn(3) ? draws.Below(4) : 0; flips > 0; flips--)
            bytes[draws.Below(bytes.Length)] = (byte)draws.Below(256);
        if (draws.OneIn(8))
            bytes = bytes[..draws.Below(bytes.Length)];
        return new MutatedAnswer(bytes, 0, null, draws.OneIn(6));
    }

    private static MutatedAnswer Sound(Draws draws)
    {
        string[] statuses = ["200", "201", "206", "299", "301", "400", "404", "424", "500", "503", "599", "600", "999"];
        string[] headers = ["X-A: 1", "X-Latin: \u00e9\u00ff", "Set-Cookie: a=1", "Connection: X-A", "Content-Type: //;;=", "Content-Length: 5", "LP-error-from-transport: x"];
        var (status, chunked) = (draws.OneOf(statuses), draws.OneIn(2));
        var head = $"HTTP/1.1 {status} Odd\r\n{draws.OneOf(headers)}\r\n{(chunked ? "Transfer-Encoding: chunked" : "Content-Length: 5")}\r\n\r\n";
        return new MutatedAnswer(Encoding.Latin1.GetBytes(head + (chunked ? "2\r\nhe\r\n3;x\r\nllo\r\n0\r\n\r\n" : "hello")), int.Parse(status, null), "hello", Reset: false);
    }
}
