using MtlsFunctions.Shared;

namespace MtlsFunctions.EndToEndTests.Forwarding.Wire;

/// <summary>An answer is whole for a caller who goes by its framing: nothing of it waits for the end of a connection.</summary>
public sealed class WholeAnswerTests(Http1Fixture shared) : IClassFixture<Http1Fixture>
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Theory]
    [InlineData(0, "Content-Length: 64", "")]
    [InlineData(1_000, "Content-Length: 64", "")]
    [InlineData(1_048_576, "Content-Length: 64", "")]
    [InlineData(0, "Transfer-Encoding: chunked", "40\r\n")]
    public async Task A_body_that_comes_after_its_head_goes_on_while_the_connections_stay(int request, string framing, string before)
    {
        var go = Signal.New();
        var body = new string('x', 64);
        await using var remote = new FaultyServer(async (stream, ending) =>
        {
            await Faults.ReadHead(stream, ending);
            await stream.ReadExactlyAsync(new byte[request], ending);
            await RawHttp.WriteAsync(stream, $"HTTP/1.1 200 OK\r\n{framing}\r\n\r\n", ending);
            await go.Task.WaitAsync(ending);
            await RawHttp.WriteAsync(stream, before + body + (before.Length > 0 ? "\r\n0\r\n\r\n" : ""), ending);
            await stream.CopyToAsync(Stream.Null, ending);
        }, shared.Gateway.Pki.IssueServer());
        await using var caller = await RawCaller.ConnectAsync(shared.Gateway);
        await caller.SendAsync("POST", remote.Url, [$"Content-Length: {request}"], new string('x', request));

        var head = await caller.ReadHeadAsync();
        go.SetResult();

        using var patience = Waiting();
        Assert.Contains(body, await RawHttp.ReadBodyAsync(caller.Stream, head, patience.Token), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(65_535)]
    [InlineData(65_537)]
    [InlineData(200_001)]
    [InlineData(10_000_001)]
    public async Task A_body_of_any_length_arrives_to_its_last_byte_while_the_connections_stay(int length)
    {
        await using var remote = new RawRemote(shared.Gateway.Pki.IssueServer(), $"HTTP/1.1 200 OK\r\nContent-Length: {length}\r\n\r\n{new string('x', length)}");
        using var patience = Waiting();
        await using var caller = await RawCaller.ConnectAsync(shared.Gateway);
        for (var round = 0; round < 2; round++)
        {
            await caller.SendAsync("GET", remote.Url, []);
            var head = await caller.ReadHeadAsync();
            Assert.Equal(length, (await RawHttp.ReadBodyAsync(caller.Stream, head, patience.Token)).Length);
        }

        Assert.Equal(1, remote.Connections);
    }

    [Theory]
    [InlineData("204 No Content", "")]
    [InlineData("304 Not Modified", "")]
    [InlineData("304 Not Modified", "Content-Length: 5\r\n")]
    [InlineData("200 OK", "Content-Length: 0\r\n")]
    public async Task An_answer_without_a_body_has_none_and_the_connections_go_on(string status, string length)
    {
        await using var remote = new RawRemote(shared.Gateway.Pki.IssueServer(), $"HTTP/1.1 {status}\r\nDate: never\r\nETag: \"x\"\r\n{length}\r\n");
        await using var caller = await RawCaller.ConnectAsync(shared.Gateway);
        for (var round = 0; round < 2; round++)
        {
            await caller.SendAsync("GET", remote.Url, []);
            var head = await caller.ReadHeadAsync();
            string[] expected = ["Date: never", "ETag: \"x\"", "LP-response-origin: upstream", .. length.Length > 0 ? [length.TrimEnd()] : Array.Empty<string>()];
            Assert.Equal($"HTTP/1.1 {status}", head.FirstLine);
            Assert.Equal(new RawHead("", expected).Sorted, head.Sorted);
        }

        Assert.Equal(1, remote.Connections);
    }

    private static CancellationTokenSource Waiting()
    {
        var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        patience.CancelAfter(Patience);
        return patience;
    }
}
