using System.Buffers;
using System.IO.Pipelines;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Text;
using MtlsFunctions.Forwarding.Tls;
using MtlsFunctions.Shared;

namespace MtlsFunctions.Tests.Forwarding;

/// <summary>
/// What a handshake costs is paid on threads for that, not on those of the pool that serve everybody. The test framework has a
/// synchronization context, which would take over every await; the gateway has none, so these run where there is none either.
/// </summary>
public sealed class HandshakeThreadsTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(SslProtocols.Tls12)]
    [InlineData(SslProtocols.Tls13)]
    public Task A_handshake_is_computed_on_a_thread_for_that_and_what_follows_is_not(SslProtocols protocol) => Task.Run(
        async () =>
        {
            var pki = new TestPki();
            await using var remote = new FaultyServer(Faults.AnswerRaw("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"), pki.IssueServer());
            using var socket = new TcpClient();
            await socket.ConnectAsync(IPAddress.Loopback, remote.Port, Cancellation);
            string? judged = null;
            await using var tls = new SslStream(new HandshakeThreads(1).Over(socket.GetStream(), "demo"), leaveInnerStreamOpen: false, (_, certificate, _, _) =>
            {
                judged = Thread.CurrentThread.Name;
                return certificate is not null;
            });

            await tls.AuthenticateAsClientAsync(new SslClientAuthenticationOptions { TargetHost = "localhost", EnabledSslProtocols = protocol }, Cancellation);

            Assert.Equal("handshake", judged);
            // Whoever finds a task completed goes on where it is, seldom on the handshake's thread; what waits from here on doesn't come back to it.
            await Task.Yield();
            await tls.WriteAsync("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"u8.ToArray(), Cancellation);
            var answer = new byte[100];
            var read = await tls.ReadAsync(answer, Cancellation);
            Assert.StartsWith("HTTP/1.1 200", Encoding.ASCII.GetString(answer, 0, read), StringComparison.Ordinal);
            Assert.NotEqual("handshake", Thread.CurrentThread.Name);
        },
        Cancellation);

    [Fact]
    public Task One_accounts_handshakes_wait_for_each_other_and_anothers_do_not() => Task.Run(
        async () =>
        {
            var threads = new HandshakeThreads(2);
            using var busy = new Held(threads, "a");
            await busy.Started;
            using var leaving = new CancellationTokenSource();
            var waiting = threads.Over(new MemoryStream([1]), "a").ReadAsync(new byte[1], leaving.Token);

            Assert.Equal(1, await threads.Over(new MemoryStream([1]), "b").ReadAsync(new byte[1], Cancellation));

            Assert.False(waiting.IsCompleted);
            await leaving.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await waiting);
        },
        Cancellation);

    /// <summary>Keeps one of the threads busy until it is disposed.</summary>
    internal sealed class Held : IDisposable
    {
        private readonly ManualResetEventSlim end = new();
        private readonly TaskCompletionSource started = new(TaskCreationOptions.RunContinuationsAsynchronously);

        // What is read comes when the reader waits already: one that finds it there may go on on the pool.
        public Held(HandshakeThreads threads, string owner)
        {
            var pipe = new Pipe();
            _ = HoldAsync(threads.Over(pipe.Reader.AsStream(), owner));
            pipe.Writer.Write<byte>([1]);
            _ = pipe.Writer.FlushAsync().AsTask();
        }

        public Task Started => started.Task;

        public void Dispose() => end.Set();

        private async Task HoldAsync(Stream stream)
        {
            _ = await stream.ReadAsync(new byte[1]);
            started.SetResult();
            end.Wait();
        }
    }
}
