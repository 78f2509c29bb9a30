using System.Net.Sockets;
using Microsoft.Extensions.Time.Testing;
using MtlsFunctions.Forwarding;
using MtlsFunctions.Forwarding.Tls;

namespace MtlsFunctions.Tests.Forwarding.Tls;

/// <summary>What the HTTP client learns of a new connection that the remote ends, whichever of its reads and writes meets the end first.</summary>
public sealed class NewConnectionTests
{
    // error:0A000418:SSL routines::tlsv1 alert unknown ca
    private static readonly Exception Alert = new IOException("x", new InvalidOperationException("y") { HResult = 0x0A000418 });
    private static readonly Exception Reset = new IOException("x", new SocketException((int)SocketError.ConnectionReset));
    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(300);

    [Fact]
    public async Task A_write_that_fails_reads_what_the_remote_said_before()
    {
        await using var connection = Make(new Scripted { OnRead = () => throw Alert, OnWrite = () => throw Reset }, asked: true);
        Assert.Equal("tls-certificate-refused", CodeOf(await Assert.ThrowsAsync<TlsEndedException>(() => WriteAsync(connection))));
    }

    [Theory]
    [InlineData(true, "tls-closed-after-handshake")]
    [InlineData(false, "connection-closed")]
    public async Task A_reset_is_a_refusal_only_where_a_certificate_was_asked_for(bool asked, string code)
    {
        await using var connection = Make(new Scripted { OnRead = () => throw Reset }, asked);
        Assert.Equal(code, CodeOf(await Assert.ThrowsAsync<TlsEndedException>(() => ReadAsync(connection))));
        await using var written = Make(new Scripted { OnRead = () => throw Reset, OnWrite = () => throw Reset }, asked);
        Assert.Equal(code, CodeOf(await Assert.ThrowsAsync<TlsEndedException>(() => WriteAsync(written))));
    }

    /// <summary>Over HTTP/2 the loop that reads puts everything away, and the client reports the write.</summary>
    [Fact]
    public async Task The_end_that_the_reader_met_is_what_the_writer_and_the_request_tell()
    {
        var connection = Make(new Scripted { OnRead = () => throw Alert, OnWrite = () => throw new ObjectDisposedException("stream") }, asked: true);
        using var request = new HttpRequestMessage();
        connection.IsFor(request);
        await Assert.ThrowsAsync<TlsEndedException>(() => ReadAsync(connection));
        await connection.DisposeAsync();

        Assert.Equal("tls-certificate-refused", CodeOf(await Assert.ThrowsAsync<TlsEndedException>(() => WriteAsync(connection))));
        Assert.Equal("tls-certificate-refused", CodeOf(NewConnection.Explain(request, new HttpRequestException("no reason"))));
        using var other = new HttpRequestMessage();
        Assert.Equal("connection-closed", CodeOf(NewConnection.Explain(other, new HttpRequestException(HttpRequestError.ResponseEnded))));
    }

    [Fact]
    public async Task What_we_put_away_ourselves_is_no_end_of_the_remotes()
    {
        var reading = new TaskCompletionSource<byte[]>();
        var connection = Make(new Scripted { OnRead = () => reading.Task }, asked: true);
        using var request = new HttpRequestMessage();
        connection.IsFor(request);
        var first = ReadAsync(connection);
        await connection.DisposeAsync();
        reading.SetException(Reset);

        Assert.Equal(0, await first);
        var fault = new TaskCanceledException();
        Assert.Same(fault, NewConnection.Explain(request, fault));
    }

    [Fact]
    public async Task The_verdict_is_waited_for_a_moment_and_what_comes_instead_is_kept()
    {
        await using var refused = Make(new Scripted { OnRead = () => throw Alert }, asked: true);
        await Assert.ThrowsAsync<TlsEndedException>(() => refused.AwaitVerdictAsync(Moment, TimeProvider.System, Cancellation));
        await using var closed = Make(new Scripted { OnRead = () => Task.FromResult<byte[]>([]) }, asked: true);
        await Assert.ThrowsAsync<TlsEndedException>(() => closed.AwaitVerdictAsync(Moment, TimeProvider.System, Cancellation));

        await using var greeted = Make(new Scripted { OnRead = () => Task.FromResult<byte[]>([1, 2, 3]) }, asked: true);
        await greeted.AwaitVerdictAsync(Moment, TimeProvider.System, Cancellation);
        var buffer = new byte[2];
        Assert.Equal((2, 1), (await greeted.ReadAsync(buffer, Cancellation), await greeted.ReadAsync(buffer.AsMemory(1), Cancellation)));
        Assert.Equal([1, 3], buffer);

        var clock = new FakeTimeProvider();
        var later = new TaskCompletionSource<byte[]>();
        await using var silent = Make(new Scripted { OnRead = () => later.Task }, asked: true);
        var waiting = silent.AwaitVerdictAsync(Moment, clock, Cancellation);
        Assert.False(waiting.IsCompleted);
        clock.Advance(Moment);
        await waiting;
        later.SetResult([7]);
        Assert.Equal(1, await ReadAsync(silent));
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private static NewConnection Make(Scripted inner, bool asked) => new(inner, asked, []);

    private static string CodeOf(Exception fault) => TransportError.CodeOf(timedOut: false, fault, withCertificate: true);

    private static Task<int> ReadAsync(NewConnection connection) => connection.ReadAsync(new byte[10], Cancellation).AsTask();

    private static Task WriteAsync(NewConnection connection) => connection.WriteAsync(new byte[10], Cancellation).AsTask();

    private sealed class Scripted() : WrappedStream(Null)
    {
        public Func<Task<byte[]>> OnRead { get; init; } = () => Task.FromResult<byte[]>([]);

        public Action OnWrite { get; init; } = () => { };

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            var bytes = await OnRead();
            bytes.CopyTo(buffer);
            return bytes.Length;
        }

        public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            await Task.Yield();
            OnWrite();
        }
    }
}
