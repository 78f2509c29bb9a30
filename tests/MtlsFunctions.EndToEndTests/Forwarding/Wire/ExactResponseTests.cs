using System.Text;
using MtlsFunctions.Shared;

namespace MtlsFunctions.EndToEndTests.Forwarding.Wire;

/// <summary>What a caller sees of a remote's answer, over raw sockets on both sides.</summary>
public sealed class ExactResponseTests(AccountsFixture shared) : IClassFixture<AccountsFixture>
{
    [Fact]
    public async Task Every_header_that_belongs_to_the_answer_arrives_and_nothing_else()
    {
        string[] theirs =
        [
            "Date: never", "Server: odd/1.0 ((server", "Via: 1.1 remote", "X-Empty:", "X-Utf8: caf\u00c3\u00a9", "X-Latin1: caf\u00e9 \u00ff\u0080", "X-Spaces: a   b", "X_Odd~!#$%&'*+^`|: 1",
            "Set-Cookie: a=1; Path=/; Secure", "Set-Cookie: a=2, b=3", "Set-Cookie: a=1; Path=/; Secure", "WWW-Authenticate: Basic realm=\"x\"", "WWW-Authenticate: Bearer", "Link: </a>", "Link: </b>", "Vary: a", "Vary: b",
            "ETag: \"x\"", "Last-Modified: once", "Expires: -1", "Cache-Control: no-store", "Retry-After: soon", "Strict-Transport-Security: max-age=1", "Alt-Svc: h3=\":443\"", "Content-Type: application/json; charset=odd", "Content-Encoding: gzip",
            "Content-Language: de", "Content-Disposition: attachment; filename=\"caf\u00e9\"", "Content-Range: bytes 0-4/5", "Content-Location: /y", "Content-Length: 5", "Allow: GET, X", "Accept-Ranges: none", "Location: /x", "X-Powered-By: y", "X-Forwarded-For: theirs",
        ];
        string[] ofTheConnection =
        [
            "Connection: keep-alive, X-Named", "Connection: x-named-too", "X-Named: 1", "X-Named-Too: 2", "Keep-Alive: timeout=60", "Proxy-Authenticate: Basic", "Proxy-Connection: keep-alive", "Trailer: X-Sum", "Upgrade: h2c",
            "LP-response-origin: gateway", "LP-message-from-transport: x", "lp-error-from-transport: y",
        ];
        var (head, body) = await AskAsync($"HTTP/1.1 200 OK\r\n{string.Join("\r\n", [.. theirs, .. ofTheConnection])}\r\n\r\nhello");

        Assert.Equal("HTTP/1.1 200 OK", head.FirstLine);
        Assert.Equal(new RawHead("", [.. theirs, "LP-response-origin: upstream"]).Sorted, head.Sorted);
        Assert.Equal("hello", body);
    }

    [Theory]
    [InlineData("200 OK")]
    [InlineData("200 Fine")]
    [InlineData("201 Created")]
    [InlineData("299 Odd")]
    [InlineData("301 Moved Permanently")]
    [InlineData("307 Temporary Redirect")]
    [InlineData("401 Unauthorized")]
    [InlineData("407 Proxy Authentication Required")]
    [InlineData("418 I'm a teapot")]
    [InlineData("424 Failed Dependency")]
    [InlineData("451 Unavailable For Legal Reasons")]
    [InlineData("500 Internal Server Error")]
    [InlineData("503 Not Now")]
    [InlineData("599 Odd")]
    public async Task Status_and_reason_arrive_as_they_are(string status)
    {
        await using var remote = new RawRemote(shared.Gateway.Pki.IssueServer(), $"HTTP/1.1 {status}\r\nLocation: https://127.0.0.1:1/\r\nWWW-Authenticate: Basic\r\nContent-Length: 2\r\n\r\nok");
        var (head, body) = await AskAsync(remote, "POST", ["Content-Length: 1"], "x");

        Assert.Equal(($"HTTP/1.1 {status}", "ok", "https://127.0.0.1:1/"), (head.FirstLine, body, head["Location"]));
        Assert.Single(remote.Received); // no redirect is followed, no challenge answered
    }

    [Theory]
    [InlineData("Content-Length: 5\r\n")]
    [InlineData("Transfer-Encoding: chunked\r\n")]
    [InlineData("")]
    public async Task The_answer_to_HEAD_has_no_body(string framing)
    {
        await using var remote = new RawRemote(shared.Gateway.Pki.IssueServer(), $"HTTP/1.1 200 OK\r\n{framing}X-Head: 1\r\n\r\n");
        await using var caller = await RawCaller.ConnectAsync(shared.Gateway);
        for (var round = 0; round < 2; round++)
        {
            await caller.SendAsync("HEAD", remote.Url, []);
            var head = await caller.ReadHeadAsync();
            Assert.Equal(("HTTP/1.1 200 OK", "1"), (head.FirstLine, head["X-Head"]));
            if (framing.StartsWith("Content", StringComparison.Ordinal))
                Assert.Equal("5", head["Content-Length"]);
        }
    }

    [Fact]
    public async Task Interim_answers_are_for_one_connection_only()
    {
        var (head, body) = await AskAsync(
            "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 102 Processing\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello");
        Assert.Equal(("HTTP/1.1 200 OK", "hello", null), (head.FirstLine, body, head["Link"]));
    }

    [Fact]
    public async Task A_chunked_body_arrives_chunked_and_its_trailers_are_lost_over_HTTP_1()
    {
        var (head, body) = await AskAsync("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: X-Sum\r\n\r\n5;ext=\"1\"\r\nhello\r\n6\r\n world\r\n0\r\nX-Sum: 1\r\n\r\n");

        Assert.Equal(("chunked", null, null), (head["Transfer-Encoding"], head["Content-Length"], head["Trailer"]));
        Assert.Equal("hello world", RawHttp.Decode(body));
        Assert.DoesNotContain("X-Sum", body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_length_beside_chunks_counts_for_nothing()
    {
        var (head, body) = await AskAsync("HTTP/1.1 200 OK\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\nb\r\nhello world\r\n0\r\n\r\n");

        Assert.Equal(("chunked", null, "hello world"), (head["Transfer-Encoding"], head["Content-Length"], RawHttp.Decode(body)));
    }

    [Theory]
    [InlineData("HTTP/1.1")]
    [InlineData("HTTP/1.0")]
    public async Task A_body_that_ends_with_the_connection_arrives_whole(string version)
    {
        await using var remote = new FaultyServer(Faults.AnswerRaw($"{version} 200 OK\r\nX-Old: 1\r\n\r\nhello world"), shared.Gateway.Pki.IssueServer());
        await using var caller = await RawCaller.ConnectAsync(shared.Gateway);
        await caller.SendAsync("GET", remote.Url, []);
        var (head, body) = await caller.ReadAnswerAsync();

        Assert.Equal(("1", "hello world"), (head["X-Old"], RawHttp.Decode(body)));
    }

    [Fact]
    public async Task Compressed_bytes_stay_as_they_are()
    {
        using var packed = new MemoryStream();
        await using (var gzip = new System.IO.Compression.GZipStream(packed, System.IO.Compression.CompressionLevel.Optimal, leaveOpen: true))
            await gzip.WriteAsync(new byte[10_000], TestContext.Current.CancellationToken);
        var bytes = Encoding.Latin1.GetString(packed.ToArray());

        var (head, body) = await AskAsync($"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: {bytes.Length}\r\n\r\n{bytes}");

        Assert.Equal(("gzip", bytes), (head["Content-Encoding"], body));
    }

    [Theory]
    [InlineData(70_000)]
    [InlineData(16 * 1024 * 1024 - 1)]
    [InlineData(16 * 1024 * 1024)]
    public async Task Every_byte_arrives_the_last_ones_too(int length)
    {
        var bytes = new string([.. Enumerable.Range(0, length).Select(value => (char)(value % 256))]);
        Assert.Equal(bytes, (await AskAsync($"HTTP/1.1 200 OK\r\nContent-Length: {bytes.Length}\r\n\r\n{bytes}")).Body);
    }

    [Fact]
    public async Task Server_sent_events_arrive_one_by_one()
    {
        var events = Enumerable.Range(0, 3).Select(_ => Signal.New()).ToArray();
        await using var remote = new FaultyServer(async (stream, ending) =>
        {
            await Faults.ReadHead(stream, ending);
            await RawHttp.WriteAsync(stream, "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n", ending);
            foreach (var (number, next) in events.Index())
            {
                await next.Task.WaitAsync(ending);
                await RawHttp.WriteAsync(stream, $"9\r\ndata: {number}\n\n\r\n", ending);
            }

            await RawHttp.WriteAsync(stream, "0\r\n\r\n", ending);
        }, shared.Gateway.Pki.IssueServer());
        await using var caller = await RawCaller.ConnectAsync(shared.Gateway);
        await caller.SendAsync("GET", remote.Url, ["Accept: text/event-stream"]);

        foreach (var (number, next) in events.Index())
        {
            next.SetResult();
            if (number == 0)
                Assert.Equal("text/event-stream", (await caller.ReadHeadAsync())["Content-Type"]);
            Assert.Equal($"9\r\ndata: {number}\n\n\r\n", await caller.ReadChunkAsync());
        }

        Assert.Equal("0\r\n\r\n", await caller.ReadChunkAsync());
    }

    [Fact]
    public async Task The_head_of_an_answer_does_not_wait_for_its_body()
    {
        var go = Signal.New();
        await using var remote = new FaultyServer(async (stream, ending) =>
        {
            await Faults.ReadHead(stream, ending);
            await RawHttp.WriteAsync(stream, "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n", ending);
            await go.Task.WaitAsync(ending);
            await RawHttp.WriteAsync(stream, "hello", ending);
        }, shared.Gateway.Pki.IssueServer());
        await using var caller = await RawCaller.ConnectAsync(shared.Gateway);
        await caller.SendAsync("GET", remote.Url, []);

        var head = await caller.ReadHeadAsync();
        go.SetResult();

        Assert.Equal("hello", await RawHttp.ReadBodyAsync(caller.Stream, head, TestContext.Current.CancellationToken));
    }

    private async Task<(RawHead Head, string Body)> AskAsync(string answer)
    {
        await using var remote = new RawRemote(shared.Gateway.Pki.IssueServer(), answer);
        return await AskAsync(remote, "GET", [], "");
    }

    private async Task<(RawHead Head, string Body)> AskAsync(RawRemote remote, string method, string[] headers, string rest)
    {
        await using var caller = await RawCaller.ConnectAsync(shared.Gateway);
        await caller.SendAsync(method, remote.Url, headers, rest);
        return await caller.ReadAnswerAsync();
    }
}
