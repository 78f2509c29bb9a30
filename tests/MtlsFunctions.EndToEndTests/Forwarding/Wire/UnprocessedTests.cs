using System.Collections.Concurrent;
using System.Net.Security;
using System.Security.Cryptography;
using MtlsFunctions.Shared;

namespace MtlsFunctions.EndToEndTests.Forwarding.Wire;

/// <summary>What a remote says that it has not processed (RFC 9113 sections 6.8 and 8.7) goes again; what it may have, doesn't.</summary>
public sealed class UnprocessedTests(AccountsFixture shared) : IClassFixture<AccountsFixture>
{
    private const int NoError = 0;
    private const int StreamClosed = 5;
    private const int Refused = 7;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static TheoryData<string, int> Requests => new()
    {
        { "GET", 0 }, { "POST", 0 }, { "POST", 5 }, { "POST", 60_000 }, { "PUT", 65_535 }, { "PATCH", 4_097 }, { "DELETE", 0 },
    };

    [Theory]
    [MemberData(nameof(Requests))]
    public async Task A_stream_above_the_last_one_goes_again_on_a_new_connection(string method, int length)
    {
        await using var remote = new FirstConnection(shared, (stream, _, ending) => Http2Frames.GoAwayAsync(stream, 0, NoError, ending));
        var body = RandomNumberGenerator.GetBytes(length);

        Assert.Equal("HTTP/1.1 200 OK", await SendAsync(method, remote.Url, body));

        Assert.Equal(2, remote.Connections);
        Assert.Equal(body, Assert.Single(remote.Answered));
    }

    [Theory]
    [MemberData(nameof(Requests))]
    public async Task A_stream_that_is_refused_goes_again(string method, int length)
    {
        await using var remote = new FirstConnection(shared, (stream, id, ending) => Http2Frames.ResetAsync(stream, id, Refused, ending));
        var body = RandomNumberGenerator.GetBytes(length);

        Assert.Equal("HTTP/1.1 200 OK", await SendAsync(method, remote.Url, body));

        Assert.Equal(body, Assert.Single(remote.Answered));
    }

    [Fact]
    public async Task One_that_is_refused_while_its_body_still_comes_goes_again_with_all_of_it()
    {
        var refused = Signal.New();
        await using var remote = new FirstConnection(
            shared,
            async (stream, id, ending) =>
            {
                await Http2Frames.ResetAsync(stream, id, Refused, ending);
                refused.SetResult();
            },
            waitsForBody: false);
        await using var caller = await RawCaller.ConnectAsync(shared.Gateway);

        await caller.SendAsync("POST", remote.Url, ["Content-Length: 10"], "hello");
        await refused.Task.WaitAsync(Cancellation);
        await caller.SendRawAsync("world");

        var head = await caller.ReadHeadAsync();
        Assert.Equal(("HTTP/1.1 200 OK", null), (head.FirstLine, head["LP-error-from-transport"]));
        Assert.Equal("helloworld"u8.ToArray(), Assert.Single(remote.Answered));
    }

    [Fact]
    public async Task A_large_body_goes_again_when_the_remote_has_taken_no_more_than_its_first_window()
    {
        await using var remote = new FirstConnection(
            shared, (stream, _, ending) => Http2Frames.GoAwayAsync(stream, 0, NoError, ending), waitsForBody: false, window: 1 << 20, windowAtFirst: 65_535);
        var body = RandomNumberGenerator.GetBytes(900_000);

        Assert.Equal("HTTP/1.1 200 OK", await SendAsync("POST", remote.Url, body));

        Assert.Equal(body, Assert.Single(remote.Answered));
    }

    [Fact]
    public async Task A_large_body_that_has_gone_out_does_not_and_the_code_says_that_nothing_happened()
    {
        await using var remote = new FirstConnection(
            shared, (stream, id, ending) => Http2Frames.ResetAsync(stream, id, Refused, ending), window: 1 << 20, windowAtFirst: 1 << 20);

        Assert.Equal("request-not-processed", await CodeAsync("POST", remote.Url, new byte[200_000]));

        Assert.Empty(remote.Answered);
    }

    [Theory]
    [InlineData("GET")]
    [InlineData("POST")]
    public async Task A_remote_that_refuses_for_ever_is_left_alone_after_a_few_times(string method)
    {
        var requests = 0;
        await using var remote = Http2(async (stream, ending) =>
        {
            while (true)
            {
                var (id, _) = await Http2Frames.ReadRequestAsync(stream, ending);
                Interlocked.Increment(ref requests);
                await Http2Frames.ResetAsync(stream, id, Refused, ending);
            }
        });

        Assert.Equal("request-not-processed", await CodeAsync(method, remote.Url, []));

        Assert.InRange(requests, 2, 12);
    }

    /// <summary>0 and 8: ended without an answer. 2: an error of the server. 1: a protocol error.</summary>
    [Theory]
    [InlineData(NoError)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(8)]
    public async Task A_stream_that_ends_for_another_reason_is_not_sent_again(int error)
    {
        await using var remote = new FirstConnection(shared, (stream, id, ending) => Http2Frames.ResetAsync(stream, id, error, ending));

        Assert.NotEqual("request-not-processed", await CodeAsync("GET", remote.Url, []));

        Assert.Empty(remote.Answered);
    }

    [Theory]
    [InlineData("GET")]
    [InlineData("POST")]
    public async Task A_stream_that_a_GOAWAY_counts_in_is_not_sent_again_when_no_answer_comes(string method)
    {
        await using var remote = new FirstConnection(shared, (stream, id, ending) => Http2Frames.GoAwayAsync(stream, id, NoError, ending), closes: true);

        Assert.NotEqual("request-not-processed", await CodeAsync(method, remote.Url, []));

        Assert.Equal((0, 1), (remote.Answered.Count, remote.Connections));
    }

    [Fact]
    public async Task An_answer_that_is_whole_stands_whatever_the_remote_says_of_the_rest_of_the_request()
    {
        await using var remote = Http2(async (stream, ending) =>
        {
            var head = await Http2Frames.ReadAsync(stream, ending);
            while (head.Type != Http2Frames.Headers)
                head = await Http2Frames.ReadAsync(stream, ending);
            await Http2Frames.AnswerAsync(stream, head.Stream, ending);
            await Http2Frames.ResetAsync(stream, head.Stream, StreamClosed, ending);
            await Http2Frames.ReadRequestAsync(stream, ending, after: head.Stream);
        });

        Assert.Equal("HTTP/1.1 200 OK", await SendAsync("POST", remote.Url, new byte[500_000]));
    }

    private FaultyServer Http2(Func<Stream, CancellationToken, Task> script) => new(
        async (stream, ending) =>
        {
            await Http2Frames.BeginAsync(stream, ending);
            await script(stream, ending);
        },
        shared.Gateway.Pki.IssueServer(),
        configure: tls => tls.ApplicationProtocols = [SslApplicationProtocol.Http2]);

    private async Task<string> SendAsync(string method, string url, byte[] body, params string[] headers) => (await AskAsync(method, url, body, headers)).FirstLine;

    private async Task<string?> CodeAsync(string method, string url, byte[] body)
    {
        var head = await AskAsync(method, url, body, []);
        Assert.StartsWith("HTTP/1.1 424 ", head.FirstLine, StringComparison.Ordinal);
        return head["LP-error-from-transport"];
    }

    private async Task<RawHead> AskAsync(string method, string url, byte[] body, string[] headers)
    {
        await using var caller = await RawCaller.ConnectAsync(shared.Gateway);
        await caller.SendAsync(method, url, body.Length == 0 && method == "GET" ? headers : [$"Content-Length: {body.Length}", .. headers]);
        await caller.Stream.WriteAsync(body, Cancellation);
        var head = await caller.ReadHeadAsync();
        return head.FirstLine == "HTTP/1.1 100 Continue" ? await caller.ReadHeadAsync() : head;
    }

    /// <summary>A remote whose first connection says something about its first request; whatever comes after that is answered.</summary>
    private sealed class FirstConnection : IAsyncDisposable
    {
        private readonly FaultyServer server;
        private int requests;
        private int connections;

        public FirstConnection(
            AccountsFixture shared, Func<Stream, int, CancellationToken, Task> says, bool waitsForBody = true, bool closes = false,
            int window = 65_535, int windowAtFirst = 65_535)
        {
            server = new FaultyServer(
                async (stream, ending) =>
                {
                    await Http2Frames.BeginAsync(stream, ending);
                    var credit = Interlocked.Increment(ref connections) == 1 ? windowAtFirst : window;
                    // SETTINGS_INITIAL_WINDOW_SIZE, and as much for the connection.
                    await Http2Frames.WriteAsync(stream, Http2Frames.Settings, 0, 0, [0, 4, .. Http2Frames.Number(credit)], ending);
                    await Http2Frames.WriteAsync(stream, Http2Frames.WindowUpdate, 0, 0, Http2Frames.Number(credit), ending);
                    while (true)
                    {
                        if (Interlocked.Increment(ref requests) == 1)
                        {
                            var frame = await Http2Frames.ReadAsync(stream, ending);
                            while (frame.Type != Http2Frames.Headers)
                                frame = await Http2Frames.ReadAsync(stream, ending);
                            if (waitsForBody && (frame.Flags & Http2Frames.EndStream) == 0)
                                await Http2Frames.ReadRequestAsync(stream, ending, after: frame.Stream);
                            await says(stream, frame.Stream, ending);
                            if (closes)
                                return;
                            continue;
                        }

                        var (id, body) = await Http2Frames.ReadRequestAsync(stream, ending);
                        Answered.Enqueue(body);
                        await Http2Frames.AnswerAsync(stream, id, ending);
                    }
                },
                shared.Gateway.Pki.IssueServer(),
                configure: tls => tls.ApplicationProtocols = [SslApplicationProtocol.Http2]);
        }

        public ConcurrentQueue<byte[]> Answered { get; } = new();

        public int Connections => server.Connections;

        public string Url => server.Url;

        public ValueTask DisposeAsync() => server.DisposeAsync();
    }
}
