using MtlsFunctions.Shared;

namespace MtlsFunctions.EndToEndTests.Forwarding.Wire;

/// <summary>Answers over HTTP/1.1 that HTTP doesn't allow: a caller gets what can be had of them, or is told what is wrong.</summary>
public sealed class ForbiddenAnswersTests(Http1Fixture shared) : IClassFixture<Http1Fixture>
{
    private static readonly string[] Framings = ["Content-Length: 2\r\n\r\nok", "Transfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n", "Content-Length: 0\r\n\r\n", "\r\nok"];

    public static TheoryData<string, string, string> Bodiless => new(
        from status in new[] { "204 No Content", "205 Reset Content", "304 Not Modified", "HEAD" }
        from framing in Framings
        from caller in new[] { "GET", "POST" }
        where status != "HEAD" || caller == "GET"
        select (status == "HEAD" ? "200 OK" : status, framing, status == "HEAD" ? "HEAD" : caller));

    [Theory]
    [MemberData(nameof(Bodiless))]
    public async Task A_body_where_none_may_be_is_dropped_and_the_next_answer_is_the_next_requests(string status, string framing, string method)
    {
        await using var remote = new RawRemote(shared.Gateway.Pki.IssueServer(), number =>
            number == 0 ? $"HTTP/1.1 {status}\r\nETag: \"x\"\r\n{framing}" : "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nnext");
        await using var caller = await RawCaller.ConnectAsync(shared.Gateway);
        await caller.SendAsync(method, remote.Url, method == "POST" ? ["Content-Length: 1"] : [], method == "POST" ? "x" : "");
        var head = await caller.ReadHeadAsync();

        Assert.Equal(($"HTTP/1.1 {status}", "\"x\"", "upstream"), (head.FirstLine, head["ETag"], head["LP-response-origin"]));
        Assert.Equal(status[..3] switch { "204" => null, "205" => "0", _ => head["Content-Length"] }, head["Content-Length"]);
        // The caller's connection goes on, with nothing left over on it or on the remote's.
        await caller.SendAsync("GET", remote.Url, []);
        Assert.Equal("next", (await caller.ReadAnswerAsync()).Body);
    }

    [Theory]
    [InlineData("000 X")]
    [InlineData("099 X")]
    [InlineData("001 X")]
    [InlineData("101 Switching Protocols")]
    public Task A_status_that_is_no_answers_is_told(string status) => ToldAsync($"HTTP/1.1 {status}\r\nContent-Length: 2\r\n\r\nok");

    [Theory]
    [InlineData("Transfer-Encoding: gzip, chunked")]
    [InlineData("Transfer-Encoding: gzip\r\nTransfer-Encoding: chunked")]
    [InlineData("Transfer-Encoding: chunked\r\nTransfer-Encoding: gzip")]
    [InlineData("Transfer-Encoding: chunked, chunked")]
    [InlineData("Transfer-Encoding: gzip")]
    [InlineData("Transfer-Encoding: xchunked")]
    [InlineData("Content-Length: 5\r\nContent-Length: 6")]
    [InlineData("Content-Length: 5, 6")]
    [InlineData("Content-Length: five")]
    [InlineData("Content-Length: -5")]
    [InlineData("Content-Length: +5")]
    [InlineData("Content-Length: 0x5")]
    [InlineData("Content-Length: 99999999999999999999")]
    [InlineData("Content-Length:")]
    public Task A_framing_that_two_readers_could_read_differently_is_told(string framing) =>
        ToldAsync($"HTTP/1.1 200 OK\r\n{framing}\r\n\r\n5\r\nhello\r\n0\r\n\r\n");

    [Theory]
    [InlineData("not a size\r\n")]
    [InlineData("-5\r\nhello\r\n")]
    [InlineData("\r\n")]
    [InlineData("0x5\r\nhello\r\n")]
    [InlineData("FFFFFFFFFFFFFFFFF\r\nhello\r\n")]
    [InlineData(";\r\nhello\r\n")]
    public Task A_chunk_whose_size_is_no_number_is_told(string chunk) =>
        ToldAsync($"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n{chunk}");

    [Fact]
    public Task A_chunks_line_without_an_end_is_told() =>
        ToldAsync($"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5;{new string('x', 20_000)}");

    [Theory]
    [InlineData("Content-Length: 5\r\nContent-Length: 5")]
    [InlineData("Content-Length: 5\r\ncontent-length: 5\r\nContent-Length: 5")]
    public async Task A_length_that_is_there_twice_arrives_once(string lengths)
    {
        await using var remote = new RawRemote(shared.Gateway.Pki.IssueServer(), $"HTTP/1.1 200 OK\r\n{lengths}\r\n\r\nhello");
        await using var caller = await RawCaller.ConnectAsync(shared.Gateway);
        for (var round = 0; round < 2; round++)
        {
            await caller.SendAsync("GET", remote.Url, []);
            var (head, body) = await caller.ReadAnswerAsync();
            Assert.Equal(("HTTP/1.1 200 OK", "5", "hello"), (head.FirstLine, head["Content-Length"], body));
        }
    }

    [Theory]
    [InlineData(200_000, null)]
    [InlineData(300_000, "response-headers-too-large")]
    public async Task A_head_is_passed_on_up_to_the_limit_and_told_beyond(int length, string? code)
    {
        var lines = string.Concat(Enumerable.Range(0, length / 1_000).Select(number => $"X-{number:D4}: {new string('x', 990)}\r\n"));
        await using var remote = new RawRemote(shared.Gateway.Pki.IssueServer(), $"HTTP/1.1 200 OK\r\n{lines}Content-Length: 5\r\n\r\nhello");
        await using var caller = await RawCaller.ConnectAsync(shared.Gateway);
        await caller.SendAsync("GET", remote.Url, []);
        var (head, body) = await caller.ReadAnswerAsync();

        Assert.Equal((code is null ? "HTTP/1.1 200 OK" : "HTTP/1.1 424 Failed Dependency", code), (head.FirstLine, head["LP-error-from-transport"]));
        Assert.Equal(code is null, body == "hello");
        Assert.Equal(code is null ? length / 1_000 : 0, head.Headers.Count(line => line.StartsWith("X-", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_URL_has_8192_characters_to_the_remote_as_in_the_header()
    {
        await using var remote = new RawRemote(shared.Gateway.Pki.IssueServer());
        var url = $"{remote.Url}/?q=".PadRight(8_192, 'x');
        await using var caller = await RawCaller.ConnectAsync(shared.Gateway);
        await caller.SendAsync("GET", url, []);

        Assert.Equal("HTTP/1.1 200 OK", (await caller.ReadHeadAsync()).FirstLine);
        Assert.Equal($"GET {new Uri(url).PathAndQuery} HTTP/1.1", Assert.Single(remote.Received).Head.FirstLine);
    }

    private async Task ToldAsync(string answer)
    {
        await using var remote = new FaultyServer(Faults.AnswerRaw(answer), shared.Gateway.Pki.IssueServer());
        await using var caller = await RawCaller.ConnectAsync(shared.Gateway);
        await caller.SendAsync("GET", remote.Url, []);
        var (head, body) = await caller.ReadAnswerAsync();

        Assert.Equal(("HTTP/1.1 424 Failed Dependency", "gateway", "protocol-error"), (head.FirstLine, head["LP-response-origin"], head["LP-error-from-transport"]));
        Assert.Contains("remote-unreachable", body, StringComparison.Ordinal);
    }
}
