using Microsoft.AspNetCore.Server.Kestrel.Https;
using MtlsFunctions.Shared;

namespace MtlsFunctions.EndToEndTests.Forwarding.Wire;

/// <summary>A caller who goes away takes the request along at once, wherever it is.</summary>
public sealed class LeavingTests(AccountsFixture shared) : IClassFixture<AccountsFixture>
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_caller_who_leaves_while_the_remote_thinks_takes_the_request_along()
    {
        var (reached, left) = (Signal.New(), Signal.New());
        await using var remote = Remote(reached, left);
        await using var caller = await RawCaller.ConnectAsync(shared.Gateway);
        await caller.SendAsync("POST", remote.Url, ["Content-Length: 5"], "hello");
        await reached.Task.WaitAsync(Patience, Cancellation);

        caller.Reset();

        await left.Task.WaitAsync(Patience, Cancellation);
    }

    [Fact]
    public async Task So_does_one_who_leaves_in_the_middle_of_the_answer()
    {
        var (reached, left) = (Signal.New(), Signal.New());
        await using var remote = Remote(reached, left, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n");
        await using var caller = await RawCaller.ConnectAsync(shared.Gateway);
        await caller.SendAsync("GET", remote.Url, []);
        await caller.ReadHeadAsync();
        await caller.ReadChunkAsync();

        caller.Reset();

        await left.Task.WaitAsync(Patience, Cancellation);
    }

    [Theory]
    [InlineData("Content-Length: 100", "hello")]
    [InlineData("Transfer-Encoding: chunked", "5\r\nhello\r\n")]
    public async Task So_does_one_who_leaves_in_the_middle_of_the_request(string framing, string part)
    {
        var (reached, left) = (Signal.New(), Signal.New());
        await using var remote = Remote(reached, left);
        await using var caller = await RawCaller.ConnectAsync(shared.Gateway);
        await caller.SendAsync("POST", remote.Url, [framing], part);
        await reached.Task.WaitAsync(Patience, Cancellation);

        caller.Reset();

        await left.Task.WaitAsync(Patience, Cancellation);
    }

    [Fact]
    public async Task Over_HTTP_2_the_stream_is_reset()
    {
        var (reached, left) = (Signal.New(), Signal.New());
        await using var remote = await MtlsServer.StartAsync(shared.Gateway.Pki, options =>
        {
            options.ClientCertificates = ClientCertificateMode.NoCertificate;
            options.Handler = async context =>
            {
                await using var leaving = context.RequestAborted.Register(left.SetResult);
                reached.SetResult();
                await left.Task;
            };
        });
        await using var caller = await RawCaller.ConnectAsync(shared.Gateway);
        await caller.SendAsync("GET", remote.Url, []);
        await reached.Task.WaitAsync(Patience, Cancellation);

        caller.Reset();

        await left.Task.WaitAsync(Patience, Cancellation);
    }

    /// <summary>Takes the head of a request, answers with this much, and tells when the gateway has left.</summary>
    private FaultyServer Remote(TaskCompletionSource reached, TaskCompletionSource left, string answer = "") => new(async (stream, ending) =>
    {
        await Faults.ReadHead(stream, ending);
        await RawHttp.WriteAsync(stream, answer, ending);
        reached.SetResult();
        await UntilClosedAsync(stream, left, ending);
    }, shared.Gateway.Pki.IssueServer());

    private static async Task UntilClosedAsync(Stream stream, TaskCompletionSource closed, CancellationToken ending)
    {
        try
        {
            await stream.CopyToAsync(Stream.Null, ending);
        }
        catch (IOException)
        {
            // A reset is a way to leave too.
        }

        closed.SetResult();
    }
}
