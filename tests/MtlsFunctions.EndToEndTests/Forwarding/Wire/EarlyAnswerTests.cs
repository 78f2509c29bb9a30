using System.Text;
using MtlsFunctions.Shared;

namespace MtlsFunctions.EndToEndTests.Forwarding.Wire;

/// <summary>Remotes over HTTP/1.1 that answer before they have read the body: an answer that was there is passed on.</summary>
public sealed class EarlyAnswerTests(Http1Fixture shared) : IClassFixture<Http1Fixture>
{
    private const string Refusal = "HTTP/1.1 401 Unauthorized\r\nX-Early: 1\r\nContent-Length: 5\r\n\r\nearly";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(Refusal, 90_000, true)]
    [InlineData(Refusal, 200_000, true)]
    [InlineData(Refusal, 5_000_000, true)]
    [InlineData(Refusal, 200_000, false)]
    [InlineData(Refusal, 5_000_000, false)]
    [InlineData("HTTP/1.1 200 OK\r\nX-Early: 1\r\nContent-Length: 5\r\n\r\nearly", 5_000_000, true)]
    [InlineData("HTTP/1.1 200 OK\r\nX-Early: 1\r\nContent-Length: 5\r\n\r\nearly", 5_000_000, false)]
    [InlineData("HTTP/1.1 413 Too Large\r\nX-Early: 1\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nearly\r\n0\r\n\r\n", 5_000_000, true)]
    [InlineData("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 413 Too Large\r\nX-Early: 1\r\nContent-Length: 5\r\n\r\nearly", 5_000_000, true)]
    [InlineData("HTTP/1.0 403 Forbidden\r\nX-Early: 1\r\nContent-Length: 5\r\n\r\nearly", 5_000_000, true)]
    public async Task An_answer_is_passed_on_whose_remote_closes_or_resets_with_the_body_unread(string answer, int length, bool reset)
    {
        await using var remote = new FaultyServer(Faults.AnswerRaw(answer), shared.Gateway.Pki.IssueServer(), reset);
        foreach (var framing in new[] { $"Content-Length: {length}", "Transfer-Encoding: chunked" })
        {
            await using var caller = await RawCaller.ConnectAsync(shared.Gateway);
            var sending = caller.SendAsync("POST", remote.Url, [framing], Body(framing, length));
            var (head, body) = await caller.ReadAnswerAsync();

            Assert.Equal(("1", "early"), (head["X-Early"], head["Transfer-Encoding"] is null ? body : RawHttp.Decode(body)));
            await sending;
            await NextAsync(caller);
        }

        // Nothing is sent twice, and the connection of such an answer isn't used again.
        Assert.Equal(2, remote.Connections);
    }

    [Theory]
    [InlineData("Content-Length: 5000000")]
    [InlineData("Transfer-Encoding: chunked")]
    public async Task A_remote_that_answers_and_reads_nothing_holds_nobody_up(string framing)
    {
        await using var remote = new FaultyServer(
            async (stream, ending) =>
            {
                await Faults.AnswerRaw(Refusal)(stream, ending);
                await Faults.Hang(stream, ending);
            },
            shared.Gateway.Pki.IssueServer());
        await using var caller = await RawCaller.ConnectAsync(shared.Gateway);
        var sending = caller.SendAsync("POST", remote.Url, [framing], Body(framing, 5_000_000));

        Assert.Equal("early", (await caller.ReadAnswerAsync()).Body);
        await sending;
        await NextAsync(caller);
    }

    [Fact]
    public async Task A_caller_who_has_not_sent_everything_gets_the_answer_and_goes_on()
    {
        var seen = Signal.New<string>();
        await using var remote = new FaultyServer(
            async (stream, ending) =>
            {
                await Faults.ReadHead(stream, ending);
                await RawHttp.ReadExactlyAsync(stream, 5, ending);
                await RawHttp.WriteAsync(stream, Refusal, ending);
                seen.SetResult(await RestAsync(stream, ending));
            },
            shared.Gateway.Pki.IssueServer());
        await using var caller = await RawCaller.ConnectAsync(shared.Gateway);
        await caller.SendAsync("POST", remote.Url, ["Content-Length: 100000"], "begin");

        Assert.Equal("early", (await caller.ReadAnswerAsync()).Body);
        await caller.SendRawAsync(new string('x', 99_995));
        await NextAsync(caller);
        Assert.Equal("", await seen.Task.WaitAsync(Patience, Cancellation));
    }

    [Fact]
    public async Task What_a_remote_gets_of_a_body_that_it_has_refused_is_a_beginning_of_it()
    {
        var seen = Signal.New<string>();
        await using var remote = new FaultyServer(
            async (stream, ending) =>
            {
                await Faults.AnswerRaw(Refusal)(stream, ending);
                seen.SetResult(await RestAsync(stream, ending));
            },
            shared.Gateway.Pki.IssueServer());
        await using var caller = await RawCaller.ConnectAsync(shared.Gateway);
        var body = string.Concat(Enumerable.Range(0, 1_000_000).Select(number => $"{number:D8}"));
        var sending = caller.SendAsync("POST", remote.Url, [$"Content-Length: {body.Length}"], body);

        Assert.Equal("early", (await caller.ReadAnswerAsync()).Body);
        await sending;
        Assert.StartsWith(await seen.Task.WaitAsync(Patience, Cancellation), body, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nearly")]
    [InlineData("HTTP/1.1 302 Found\r\nConnection: close\r\nContent-Length: 5\r\n\r\nearly")]
    public async Task A_remote_that_answers_well_and_reads_on_gets_the_whole_body(string answer)
    {
        var seen = Signal.New<string>();
        await using var remote = new FaultyServer(
            async (stream, ending) =>
            {
                await Faults.AnswerRaw(answer)(stream, ending);
                seen.SetResult(await RawHttp.ReadExactlyAsync(stream, 5_000_000, ending));
            },
            shared.Gateway.Pki.IssueServer());
        await using var caller = await RawCaller.ConnectAsync(shared.Gateway);
        var sending = caller.SendAsync("POST", remote.Url, ["Content-Length: 5000000"], new string('x', 5_000_000));

        Assert.Equal(new string('x', 5_000_000), await seen.Task.WaitAsync(Patience, Cancellation));
        Assert.Equal("early", (await caller.ReadAnswerAsync()).Body);
        await sending;
    }

    [Theory]
    [InlineData("")]
    [InlineData("HTTP/1.1 100 Continue\r\n\r\n")]
    [InlineData("HTTP/1.1 102 Processing\r\nX-A: 1\r\n\r\n")]
    [InlineData("HTTP/1.1 401 Unauthorized\r\nContent-Le")]
    public async Task What_is_no_final_answer_is_none(string part)
    {
        await using var remote = new FaultyServer(Faults.AnswerRaw(part), shared.Gateway.Pki.IssueServer(), reset: true);
        await using var caller = await RawCaller.ConnectAsync(shared.Gateway);
        await caller.SendAsync("POST", remote.Url, ["Content-Length: 5000000"], new string('x', 5_000_000));

        Assert.Equal("connection-closed", (await caller.ReadHeadAsync())["LP-error-from-transport"]);
        Assert.Equal(1, remote.Connections);
    }

    [Fact]
    public async Task Who_was_told_to_continue_and_is_refused_in_the_middle_hears_it()
    {
        await using var remote = new FaultyServer(
            async (stream, ending) =>
            {
                await Faults.ReadHead(stream, ending);
                await RawHttp.WriteAsync(stream, "HTTP/1.1 100 Continue\r\n\r\n", ending);
                await RawHttp.ReadExactlyAsync(stream, 1_000, ending);
                await RawHttp.WriteAsync(stream, Refusal, ending);
            },
            shared.Gateway.Pki.IssueServer(),
            reset: true);
        await using var caller = await RawCaller.ConnectAsync(shared.Gateway);
        await caller.SendAsync("POST", remote.Url, ["Content-Length: 5000000", "Expect: 100-continue"]);
        Assert.Equal("HTTP/1.1 100 Continue", (await caller.ReadHeadAsync()).FirstLine);
        var sending = caller.SendRawAsync(new string('x', 5_000_000));

        Assert.Equal("early", (await caller.ReadAnswerAsync()).Body);
        await sending;
    }

    [Theory]
    [InlineData("200 OK", 5_000_000, 1)]
    [InlineData("401 Unauthorized", 60_000, 1)]
    [InlineData("401 Unauthorized", 70_000, 3)] // whether it was read, nobody can tell
    public async Task A_connection_whose_answers_come_after_the_body_is_used_on(string status, int length, int connections)
    {
        await using var remote = new RawRemote(shared.Gateway.Pki.IssueServer(), $"HTTP/1.1 {status}\r\nContent-Length: 4\r\n\r\nlate");
        await using var caller = await RawCaller.ConnectAsync(shared.Gateway);
        for (var round = 0; round < 3; round++)
        {
            await caller.SendAsync("POST", remote.Url, [$"Content-Length: {length}"], new string('x', length));
            Assert.Equal("late", (await caller.ReadAnswerAsync()).Body);
        }

        Assert.Equal((connections, 3), (remote.Connections, remote.Received.Count));
    }

    [Fact]
    public async Task A_204_with_a_length_ends_its_connection_before_its_body_can_pass_for_an_answer()
    {
        await using var remote = new FaultyServer(
            async (stream, ending) =>
            {
                var request = await Faults.ReadHead(stream, ending);
                if (request.Contains("first", StringComparison.Ordinal))
                {
                    await RawHttp.WriteAsync(stream, "HTTP/1.1 204 No Content\r\nContent-Length: 38\r\n\r\n", ending);
                    await Faults.ReadHead(stream, ending);
                }

                await RawHttp.WriteAsync(stream, $"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n{(request.Contains("first", StringComparison.Ordinal) ? "wrong" : "right")}", ending);
            },
            shared.Gateway.Pki.IssueServer());
        await using var caller = await RawCaller.ConnectAsync(shared.Gateway);
        await caller.SendAsync("GET", $"{remote.Url}/first", []);
        Assert.Equal("HTTP/1.1 204 No Content", (await caller.ReadHeadAsync()).FirstLine);
        await caller.SendAsync("GET", $"{remote.Url}/second", []);
        Assert.Equal("right", (await caller.ReadAnswerAsync()).Body);
    }

    private static string Body(string framing, int length)
    {
        var body = new string('x', length);
        return framing.StartsWith("Transfer", StringComparison.Ordinal) ? $"{length:x}\r\n{body}\r\n0\r\n\r\n" : body;
    }

    /// <summary>The caller's connection is as good as before.</summary>
    private async Task NextAsync(RawCaller caller)
    {
        await using var other = new RawRemote(shared.Gateway.Pki.IssueServer(), "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nnext");
        await caller.SendAsync("GET", other.Url, []);
        Assert.Equal("next", (await caller.ReadAnswerAsync()).Body);
    }

    private static async Task<string> RestAsync(Stream stream, CancellationToken ending)
    {
        using var rest = new MemoryStream();
        try
        {
            await stream.CopyToAsync(rest, ending);
        }
        catch (IOException)
        {
            // Reset: what came before it counts.
        }

        return Encoding.Latin1.GetString(rest.ToArray());
    }
}
