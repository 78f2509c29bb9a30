using System.IO.Pipelines;
using Microsoft.Extensions.Time.Testing;
using MtlsFunctions.Forwarding;
using MtlsFunctions.Forwarding.EarlyAnswers;

namespace MtlsFunctions.Tests.Forwarding;

/// <summary>However the sending of a body ends, the caller's reader can be read on: by the web server, which drains it.</summary>
public sealed class RequestBodyTests : IDisposable
{
    private readonly Pipe caller = new();
    private readonly Patience patience = new(new ForwardingOptions(), new FakeTimeProvider(), TestContext.Current.CancellationToken);
    private readonly EarlyAnswer early = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task The_callers_reader_can_be_read_on_when_the_remote_ends_the_request_while_more_is_waited_for(bool refuses)
    {
        using var remoteEnds = new CancellationTokenSource();
        using var body = new RequestBody(caller.Reader, patience, early, The.KeptBodies());
        body.Headers.ContentLength = 10;
        using var remote = new MemoryStream();
        await caller.Writer.WriteAsync(new byte[] { 1, 2, 3 }, Cancellation);
        var sending = body.CopyToAsync(remote, null, remoteEnds.Token);

        if (refuses)
            early.Refuse();
        else
            await remoteEnds.CancelAsync();
        await Task.WhenAny(sending);
        await body.EndAsync();

        Assert.Equal(refuses, sending.IsCompletedSuccessfully);
        Assert.Equal(refuses ? 10 : 3, remote.Length);
        await caller.Writer.WriteAsync(new byte[] { 4 }, Cancellation);
        Assert.Equal(1, (await caller.Reader.ReadAsync(Cancellation)).Buffer.Length);
    }

    [Fact]
    public async Task After_the_end_of_an_exchange_its_body_is_not_begun()
    {
        using var body = new RequestBody(caller.Reader, patience, early, The.KeptBodies());
        await body.EndAsync();

        await Assert.ThrowsAsync<InvalidOperationException>(() => body.CopyToAsync(Stream.Null, Cancellation));
        Assert.False(body.IsHalfRead);
    }

    [Fact]
    public async Task What_a_caller_goes_on_sending_is_read_to_its_end()
    {
        using var body = new RequestBody(caller.Reader, patience, early, The.KeptBodies());
        await caller.Writer.WriteAsync(new byte[] { 1, 2, 3 }, Cancellation);
        early.Refuse();
        await body.CopyToAsync(Stream.Null, Cancellation);
        await body.EndAsync();

        var draining = body.DrainAsync();
        await caller.Writer.WriteAsync(new byte[] { 4, 5, 6 }, Cancellation);
        Assert.False(draining.IsCompleted);
        await caller.Writer.CompleteAsync();
        await draining;
    }

    public void Dispose() => patience.Dispose();
}
