using System.Net;
using System.Text;
using MtlsFunctions.EndToEndTests.Authorization;
using MtlsFunctions.EndToEndTests.Contract;

namespace MtlsFunctions.EndToEndTests.HostileInput;

/// <summary>Bytes that are not quite HTTP. The server refuses most of them before any function; none may get past both.</summary>
[Collection(nameof(HostileGateway))]
public sealed class HostileHttpTests(HostileGateway hostile)
{
    private const string Chunked = "Transfer-Encoding: chunked";

    /// <summary>Header lines and a body, sent to every method that reads one.</summary>
    private static readonly Dictionary<string, (string[] Headers, string Body)> Bodies = new()
    {
        ["a chunk size that is no number"] = ([Chunked], "zz\r\n[]\r\n0\r\n\r\n"),
        ["a negative chunk size"] = ([Chunked], "-1\r\n[]\r\n0\r\n\r\n"),
        ["a chunk size with a sign"] = ([Chunked], "+2\r\n[]\r\n0\r\n\r\n"),
        ["a chunk size that overflows"] = ([Chunked], "fffffffffffffffff\r\n[]\r\n0\r\n\r\n"),
        ["a chunk longer than it says"] = ([Chunked], "1\r\n[]\r\n0\r\n\r\n"),
        ["a chunk size without its line end"] = ([Chunked], "2[]0"),
        ["chunks ended by line feeds"] = ([Chunked], "2\n[]\n0\n\n"),
        ["a trailer that is no header"] = ([Chunked], "2\r\n[]\r\n0\r\nno header\r\n\r\n"),
        ["a chunk extension of a hundred kilobytes"] = ([Chunked], $"2;{new string('e', 100_000)}\r\n[]\r\n0\r\n\r\n"),
        ["chunked twice"] = (["Transfer-Encoding: chunked, chunked"], "2\r\n[]\r\n0\r\n\r\n"),
        ["chunked, then something else"] = (["Transfer-Encoding: chunked, identity"], "2\r\n[]\r\n0\r\n\r\n"),
        ["a transfer encoding that isn't one"] = (["Transfer-Encoding: xchunked"], "2\r\n[]\r\n0\r\n\r\n"),
        ["a negative length"] = (["Content-Length: -1"], "[]"),
        ["a length with a sign"] = (["Content-Length: +2"], "[]"),
        ["a length that is no number"] = (["Content-Length: two"], "[]"),
        ["a length that overflows"] = (["Content-Length: 99999999999999999999"], "[]"),
        ["a length of an exabyte"] = (["Content-Length: 1152921504606846976"], "[]"),
        ["two lengths"] = (["Content-Length: 2", "Content-Length: 3"], "[]"),
        ["two lengths in one line"] = (["Content-Length: 2, 2"], "[]"),
        ["a length beside broken chunks"] = (["Content-Length: 2", Chunked], "zz\r\n"),
        ["a length beside chunks"] = (["Content-Length: 5", Chunked], "2\r\n[]\r\n0\r\n\r\n"),
    };

    /// <summary>Lines after the request line; to every method.</summary>
    private static readonly Dictionary<string, string[]> Heads = new()
    {
        ["a thousand headers"] = [.. Enumerable.Range(0, 1000).Select(at => $"X-{at}: x")],
        ["a header of 40 kilobytes"] = [$"X: {new string('x', 40_000)}"],
        ["a header name of 40 kilobytes"] = [$"{new string('x', 40_000)}: x"],
        ["a header without a colon"] = ["nothing"],
        ["a header with a blank in its name"] = ["X Y: z"],
        ["a blank before the colon"] = ["Content-Length : 0"],
        ["a header that goes on in the next line"] = ["X: a", " b"],
        ["a header without a name"] = [": x"],
        ["NUL in a header"] = ["X: a\0b"],
        ["a bare carriage return in a header"] = ["X: a\rX-Injected: b"],
        ["two hosts"] = ["Host: other.example"],
        ["a host with a path"] = ["Host: a/b"],
    };

    private static readonly string[] Lines =
    [
        "", "GET", "GET /", "GET  / HTTP/1.1", "GET /health\0 HTTP/1.1", "GET http:// HTTP/1.1", "GET health HTTP/1.1", "\u0016\u0003\u0001\u0002",
        "GET /%00 HTTP/1.1", "G\0T /health HTTP/1.1", "get@ /health HTTP/1.1", "CONNECT remote.example:443 HTTP/1.1", "OPTIONS * HTTP/1.1",
        $"GET /{new string('a', 20_000)} HTTP/1.1", $"GET /health?{new string('a', 20_000)} HTTP/1.1", $"{new string('G', 20_000)} / HTTP/1.1",
        "TRACE /mtls/account/demo HTTP/1.1", "PROPFIND /mtls/account/demo/certificates HTTP/1.1", "DEBUG /mtls/account/demo HTTP/1.1",
        "GET //mtls/account/demo/certificates HTTP/1.1", "GET /mtls//account/demo/certificates HTTP/1.1", "GET /mtls/account/demo/certificates/. HTTP/1.1x",
    ];

    public static TheoryData<string> BodyRows => [.. Bodies.Keys];

    public static TheoryData<string> HeadRows => [.. Heads.Keys];

    public static TheoryData<int> LineRows => [.. Enumerable.Range(0, Lines.Length)];

    [Theory]
    [MemberData(nameof(BodyRows))]
    public async Task A_body_whose_framing_lies_is_refused(string name)
    {
        var (headers, body) = Bodies[name];
        var answers = new List<(string, Answer)>();
        foreach (var method in hostile.Operations.Where(method => TypeOf(method) is not null))
            answers.Add(($"{method}", await SendAsync($"{method.Method} {PathOf(method)} HTTP/1.1", body, ["Host: gateway", $"Content-Type: {TypeOf(method)}", .. headers])));

        Assert.NotEmpty(answers);
        await hostile.AreRefusedAsync(answers, byServer: true);
    }

    [Theory]
    [MemberData(nameof(BodyRows))]
    public async Task A_forward_whose_framing_lies_is_refused_or_framed_anew(string name)
    {
        var (headers, body) = Bodies[name];
        var before = hostile.Remote.Received.Count;

        var answer = await SendAsync("POST /mtls/account/demo HTTP/1.1", body,
            ["Host: gateway", $"LP-forward-url: {hostile.Remote.Url}", "LP-service-name: WEBHOOKS", .. headers]);

        Assert.Null(answer.Header("LP-message-from-transport"));
        var seen = hostile.Remote.Received.Skip(before).ToArray();
        if (seen is [])
        {
            await hostile.AreRefusedAsync([(name, answer)], byServer: true);
            return;
        }

        // Who is lenient here is the server; the remote gets what was understood, framed by us.
        Assert.Equal((HttpStatusCode.OK, "[]"), (answer.Status, Encoding.Latin1.GetString(Assert.Single(seen).Body)));
        Assert.DoesNotContain(seen[0].Headers, header => header.Key.Contains("Content-Length", StringComparison.OrdinalIgnoreCase) && header.Value is not ["2"]);
    }

    [Theory]
    [MemberData(nameof(HeadRows))]
    public async Task A_head_that_is_malformed_or_a_bomb_is_refused(string name)
    {
        var answers = new List<(string, Answer)>();
        foreach (var method in hostile.Operations)
            answers.Add(($"{method}", await SendAsync($"{method.Method} {PathOf(method)} HTTP/1.1", "", ["Host: gateway", .. Heads[name]])));

        await hostile.AreRefusedAsync(answers, byServer: true);
    }

    [Theory]
    [MemberData(nameof(LineRows))]
    public async Task A_request_line_that_is_none_is_refused(int row) =>
        await hostile.AreRefusedAsync([(Lines[row], await SendAsync(Lines[row], "", ["Host: gateway"]))], byServer: true);

    private Task<Answer> SendAsync(string line, string body, IEnumerable<string> headers) => RawHttp.SendAsync(hostile.Gateway.Url,
        Encoding.Latin1.GetBytes(string.Join("\r\n", [line, hostile.Authorization, "Connection: close", .. headers, "", body])));

    private static string? TypeOf(ApiOperation method) => new[] { "application/json", "application/x-www-form-urlencoded", "multipart/form-data" }
        .FirstOrDefault(type => method.RequestSchema(type) is not null) is { } type ? type == "multipart/form-data" ? $"{type}; boundary=part" : type : null;

    private static string PathOf(ApiOperation method) =>
        ApiOperation.ShapeOf(method.Path.Replace("{accountId}", HostileGateway.Account, StringComparison.Ordinal)).Replace("{}", "1", StringComparison.Ordinal);
}
