using MtlsFunctions.Shared;

namespace MtlsFunctions.EndToEndTests.Forwarding.Wire;

/// <summary>A caller who asks with "Expect: 100-continue" whether to go on is asking the remote, not the gateway.</summary>
public sealed class ExpectContinueTests(AccountsFixture shared) : IClassFixture<AccountsFixture>
{
    private static readonly string[] Asking = ["Content-Length: 5", "Expect: 100-continue"];

    [Fact]
    public async Task Who_is_told_to_go_on_sends_the_body()
    {
        var seen = Signal.New<(string? Expect, string Body)>();
        await using var remote = new FaultyServer(
            async (stream, ending) =>
            {
                var head = await RawHttp.ReadHeadAsync(stream, ending);
                await RawHttp.WriteAsync(stream, "HTTP/1.1 100 Continue\r\n\r\n", ending);
                seen.SetResult((head["Expect"], await RawHttp.ReadBodyAsync(stream, head, ending)));
                await RawHttp.WriteAsync(stream, "HTTP/1.1 201 Created\r\nContent-Length: 0\r\n\r\n", ending);
            },
            shared.Gateway.Pki.IssueServer());
        await using var caller = await RawCaller.ConnectAsync(shared.Gateway);

        await caller.SendAsync("POST", remote.Url, Asking);
        Assert.Equal("HTTP/1.1 100 Continue", (await caller.ReadHeadAsync()).FirstLine);
        await caller.SendRawAsync("hello");

        Assert.Equal("HTTP/1.1 201 Created", (await caller.ReadHeadAsync()).FirstLine);
        Assert.Equal(("100-continue", "hello"), await seen.Task.WaitAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Who_is_refused_hears_that_without_having_sent_it()
    {
        var came = Signal.New<int>();
        await using var remote = Refusing(async (stream, ending) => came.SetResult(await stream.ReadAsync(new byte[1], ending)));
        await using var caller = await RawCaller.ConnectAsync(shared.Gateway);

        await caller.SendAsync("PUT", remote.Url, ["Content-Length: 1025", "Expect: 100-continue"]);
        var head = await caller.ReadHeadAsync();

        Assert.Equal(("HTTP/1.1 417 Expectation Failed", "upstream"), (head.FirstLine, head["LP-response-origin"]));
        Assert.Equal(0, await came.Task.WaitAsync(TestContext.Current.CancellationToken));
    }

    /// <summary>The HTTP client's own rule for at most 1,024 bytes; docs/forwarding.md says so.</summary>
    [Fact]
    public async Task A_small_body_is_asked_for_all_the_same_to_keep_the_connection()
    {
        await using var remote = Refusing(async (stream, ending) => await RawHttp.ReadExactlyAsync(stream, 1_024, ending));
        await using var caller = await RawCaller.ConnectAsync(shared.Gateway);

        await caller.SendAsync("PUT", remote.Url, ["Content-Length: 1024", "Expect: 100-continue"]);
        Assert.Equal("HTTP/1.1 100 Continue", (await caller.ReadHeadAsync()).FirstLine);
        await caller.SendRawAsync(new string('x', 1_024));

        Assert.Equal("HTTP/1.1 417 Expectation Failed", (await caller.ReadHeadAsync()).FirstLine);
    }

    /// <summary>RFC 9110 section 10.1.1: nobody waits for ever.</summary>
    [Fact]
    public async Task A_remote_that_does_not_know_the_question_gets_the_body_all_the_same()
    {
        await using var remote = new RawRemote(shared.Gateway.Pki.IssueServer());
        await using var caller = await RawCaller.ConnectAsync(shared.Gateway);

        await caller.SendAsync("POST", remote.Url, Asking);
        Assert.Equal("HTTP/1.1 100 Continue", (await caller.ReadHeadAsync()).FirstLine);
        await caller.SendRawAsync("hello");

        Assert.Equal("HTTP/1.1 200 OK", (await caller.ReadHeadAsync()).FirstLine);
        Assert.Equal("hello", Assert.Single(remote.Received).Body);
    }

    private FaultyServer Refusing(Func<Stream, CancellationToken, Task> then) => new(
        async (stream, ending) =>
        {
            await RawHttp.ReadHeadAsync(stream, ending);
            await RawHttp.WriteAsync(stream, "HTTP/1.1 417 Expectation Failed\r\nContent-Length: 0\r\n\r\n", ending);
            await then(stream, ending);
        },
        shared.Gateway.Pki.IssueServer());
}
