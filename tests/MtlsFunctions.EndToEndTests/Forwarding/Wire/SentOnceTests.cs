using System.Collections.Concurrent;
using MtlsFunctions.Shared;

namespace MtlsFunctions.EndToEndTests.Forwarding.Wire;

/// <summary>How often a remote that closes connections gets the same request: it may have acted on the first one.</summary>
public sealed class SentOnceTests(Http1Fixture shared) : IClassFixture<Http1Fixture>
{
    public static TheoryData<string> Methods => ["GET", "HEAD", "OPTIONS", "PUT", "DELETE", "POST", "PATCH"];

    [Theory]
    [MemberData(nameof(Methods))]
    public async Task On_a_new_connection_no_request_is_sent_twice(string method)
    {
        var heads = new ConcurrentQueue<RawHead>();
        await using var remote = new FaultyServer(
            async (stream, ending) => heads.Enqueue(await RawHttp.ReadHeadAsync(stream, ending)), shared.Gateway.Pki.IssueServer());

        Assert.Equal("connection-closed", await CodeAsync(method, remote.Url, []));
        Assert.Equal("connection-closed", await CodeAsync(method, remote.Url, ["Content-Length: 5"], "hello"));
        Assert.Equal("connection-closed", await CodeAsync(method, remote.Url, ["Content-Length: 5", "Expect: 100-continue"]));

        Assert.Equal((3, 3), (heads.Count, remote.Connections));
    }

    [Theory]
    [InlineData("GET", true)]
    [InlineData("HEAD", true)]
    [InlineData("OPTIONS", true)]
    [InlineData("PUT", true)]
    [InlineData("DELETE", true)]
    [InlineData("POST", false)]
    [InlineData("PATCH", false)]
    public async Task On_a_connection_that_has_answered_before_only_what_is_idempotent_is_sent_again(string method, bool again)
    {
        var heads = new ConcurrentQueue<RawHead>();
        await using var remote = ClosingTheFirstOnItsSecondRequest(heads);
        await AnsweredAsync("GET", remote.Url, []);

        if (again)
            await AnsweredAsync(method, remote.Url, []);
        else
            Assert.Equal("connection-closed", await CodeAsync(method, remote.Url, []));

        Assert.Equal(again ? 3 : 2, heads.Count);
        Assert.Equal(again ? 2 : 1, remote.Connections);
    }

    [Theory]
    [InlineData("POST", "Expect: 100-continue")]
    [InlineData("PATCH", "expect: 100-Continue")]
    [InlineData("POST", "X-Expect: nothing")]
    public async Task Nor_is_one_with_a_body_that_may_not_have_gone_out(string method, string expect)
    {
        var heads = new ConcurrentQueue<RawHead>();
        await using var remote = ClosingTheFirstOnItsSecondRequest(heads);
        await AnsweredAsync("GET", remote.Url, []);

        Assert.Equal("connection-closed", await CodeAsync(method, remote.Url, ["Content-Length: 5", expect], "hello"));

        Assert.Equal(2, heads.Count);
    }

    [Fact]
    public async Task An_answer_that_breaks_off_is_no_reason_to_ask_again()
    {
        foreach (var begun in new[] { "H", "HTTP/1.1 200", "HTTP/1.1 200 OK\r\nContent-", "HTTP/1.1 100 Continue\r\n\r\n" })
        {
            await using var remote = new FaultyServer(Faults.AnswerRaw(begun), shared.Gateway.Pki.IssueServer());
            Assert.Equal("connection-closed", await CodeAsync("GET", remote.Url, []));
            Assert.Equal(1, remote.Connections);
        }
    }

    private FaultyServer ClosingTheFirstOnItsSecondRequest(ConcurrentQueue<RawHead> heads)
    {
        var connections = 0;
        return new FaultyServer(
            async (stream, ending) =>
            {
                var first = Interlocked.Increment(ref connections) == 1;
                for (var request = 0; ; request++)
                {
                    heads.Enqueue(await RawHttp.ReadHeadAsync(stream, ending));
                    if (first && request == 1)
                        return;
                    await RawHttp.WriteAsync(stream, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", ending);
                }
            },
            shared.Gateway.Pki.IssueServer());
    }

    private async Task AnsweredAsync(string method, string url, string[] headers) =>
        Assert.Equal("HTTP/1.1 200 OK", (await AskAsync(method, url, headers, "")).FirstLine);

    private async Task<string?> CodeAsync(string method, string url, string[] headers, string body = "")
    {
        var head = await AskAsync(method, url, headers, body);
        Assert.StartsWith("HTTP/1.1 424 ", head.FirstLine, StringComparison.Ordinal);
        return head["LP-error-from-transport"];
    }

    private async Task<RawHead> AskAsync(string method, string url, string[] headers, string body)
    {
        await using var caller = await RawCaller.ConnectAsync(shared.Gateway);
        await caller.SendAsync(method, url, headers, body);
        return await caller.ReadHeadAsync();
    }
}
