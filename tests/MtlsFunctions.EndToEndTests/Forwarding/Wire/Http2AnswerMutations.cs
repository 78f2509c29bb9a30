using System.Globalization;
using MtlsFunctions.EndToEndTests.Forwarding.Interleaving;

namespace MtlsFunctions.EndToEndTests.Forwarding.Wire;

/// <summary>Answers over HTTP/2 that a seed makes odd, wrong or damaged: heads, frames, their order and their bytes.</summary>
internal static class Http2AnswerMutations
{
    private const byte PushPromise = 5;
    private const byte Ping = 6;
    private const byte WindowUpdate = 8;
    private const byte Continuation = 9;
    private const byte Padded = 8;

    private static readonly string[] Statuses =
        ["200", "201", "204", "205", "206", "299", "304", "400", "404", "424", "500", "503", "599", "600", "999", "000", "099", "100", "101", "103", "199", "20", "2000", "abc", "", "-20", " 200", "200 OK"];

    private static readonly (string Name, string Value)[] Fields =
    [
        ("x-a", "1"), ("X-Upper", "1"), ("x-empty", ""), ("", "nameless"), ("x y", "1"), ("x:y", "1"), ("x\u00e9", "1"), ("x-nul", "a\0b"), ("x-lf", "a\nb"), ("x-cr", "a\r\nb: c"), ("x-latin", "\u00e9\u00ff"), ("x-space", " a "),
        ("x-long", new string('v', 60_000)), ("x-longer", new string('v', 300_000)), ("content-length", "5"), ("content-length", "4"), ("content-length", "6"), ("content-length", "0"), ("content-length", "x"), ("content-length", "5, 5"), ("content-length", ""),
        ("transfer-encoding", "chunked"), ("transfer-encoding", "gzip"), ("connection", "close"), ("connection", "content-length"), ("keep-alive", "timeout=1"), ("upgrade", "h2c"), ("te", "trailers"), ("trailer", "x"),
        (":status", "200"), (":status", "404"), (":path", "/"), (":odd", "1"), ("set-cookie", "a=1"), ("date", "never"), ("content-type", "//;;="), ("lp-response-origin", "gateway"), ("lp-error-from-transport", "x"),
    ];

    public static MutatedAnswer Of(Draws draws, int stream)
    {
        if (draws.OneIn(5))
            return Sound(draws, stream);
        var status = draws.OneOf(Statuses);
        List<(string Name, string Value)> head = [.. draws.OneIn(10) ? Array.Empty<(string, string)>() : [(":status", status)]];
        for (var more = draws.Below(4); more > 0; more--)
            head.Insert(draws.OneIn(8) ? 0 : head.Count, draws.OneOf(Fields));
        List<byte[]> frames = [.. HeadersOf(stream, draws.OneIn(6) ? Http2Script.EndStream : (byte)0, head), .. Rest(draws, stream)];
        if (draws.OneIn(6))
            (frames[0], frames[^1]) = (frames[^1], frames[0]);
        byte[] bytes = [.. frames.SelectMany(frame => frame)];
        for (var flips = draws.OneIn(3) ? draws.Below(4) : 0; flips > 0; flips--)
            bytes[draws.Below(bytes.Length)] = (byte)draws.Below(256);
        return new MutatedAnswer(draws.OneIn(8) ? bytes[..draws.Below(bytes.Length)] : bytes, 0, null, draws.OneIn(6));
    }

    // What is longer than a frame goes on in others.
    private static IEnumerable<byte[]> HeadersOf(int stream, byte flags, IEnumerable<(string Name, string Value)> head)
    {
        var parts = Http2Script.Block(head).Chunk(16_384).DefaultIfEmpty([]).ToArray();
        return parts.Select((part, number) => Http2Script.Frame(
            number == 0 ? Http2Script.Headers : Continuation, (byte)((number == 0 ? flags : 0) | (number == parts.Length - 1 ? Http2Script.EndHeaders : 0)), stream, part));
    }

    private static byte[][] Rest(Draws draws, int stream) => draws.Below(18) switch
    {
        0 => [Http2Script.ResetFrame(stream, draws.Below(16))],
        1 => [Http2Script.DataFrame(stream, "hello"), Http2Script.ResetFrame(stream, draws.Below(16))],
        2 => [Http2Script.DataFrame(stream, "hello", Http2Script.EndStream), Http2Script.ResetFrame(stream, 0)],
        3 => [Http2Script.Frame(Http2Script.GoAway, 0, 0, [0, 0, 0, 0, 0, 0, 0, (byte)draws.Below(14)])],
        4 => [Http2Script.DataFrame(stream, "hello"), .. HeadersOf(stream, Http2Script.EndStream, [("x-sum", "1")])],
        5 => [Http2Script.DataFrame(stream, "hello"), .. HeadersOf(stream, 0, [(":status", "200")])],
        6 => [Http2Script.DataFrame(stream + 2, "hello", Http2Script.EndStream)],
        7 => [Http2Script.DataFrame(0, "hello", Http2Script.EndStream)],
        8 => [Http2Script.Frame(PushPromise, Http2Script.EndHeaders, stream, [0, 0, 0, 2])],
        9 => [Http2Script.Frame(WindowUpdate, 0, stream, [0, 0, 0, 0])],
        10 => [Http2Script.Frame(Ping, 0, 0, [1, 2, 3])],
        11 => [Http2Script.Frame(Http2Script.Data, Padded | Http2Script.EndStream, stream, [200, 1, 2])],
        12 => [Http2Script.Frame(Continuation, Http2Script.EndHeaders, stream, [])],
        13 => [Http2Script.Frame(200, 255, stream, [1, 2, 3]), Http2Script.DataFrame(stream, "hello", Http2Script.EndStream)],
        14 => [Http2Script.DataFrame(stream, new string('d', 20_000), Http2Script.EndStream)],
        15 => [Http2Script.DataFrame(stream, "hello")],
        16 => [Http2Script.Frame(Http2Script.Settings, 0, 0, [0, 4, 255, 255, 255, 255])],
        _ => [Http2Script.DataFrame(stream, "hello", Http2Script.EndStream)],
    };

    private static MutatedAnswer Sound(Draws draws, int stream)
    {
        var status = draws.OneOf([200, 201, 206, 299, 400, 404, 424, 500, 503, 599, 600, 999]);
        (string, string) field = draws.OneOf([("x-a", "1"), ("x-latin", "\u00e9"), ("content-length", "5"), ("set-cookie", "a=1"), ("lp-error-from-transport", "x")]);
        return new MutatedAnswer(
            [.. Http2Script.HeadersFrame(stream, 0, (":status", status.ToString(CultureInfo.InvariantCulture)), field), .. Http2Script.DataFrame(stream, "hello", Http2Script.EndStream)],
            status, "hello", Reset: false);
    }
}
