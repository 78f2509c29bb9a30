using System.Text;
using MtlsFunctions.Shared;

namespace MtlsFunctions.EndToEndTests.Forwarding.Wire;

/// <summary>A remote may send interim answers without end while the caller's body is under way: they must not fill the memory of all.</summary>
public sealed class InterimFloodTests(AccountsFixture shared) : IClassFixture<AccountsFixture>
{
    private const int Offered = 128 * 1024 * 1024;

    // What is kept, and what the sockets of both sides hold.
    private const int Taken = 32 * 1024 * 1024;

    [Fact]
    public async Task Interim_answers_without_end_are_taken_to_a_bound()
    {
        var written = new TaskCompletionSource<long>(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var remote = new FaultyServer(
            async (stream, ending) =>
            {
                await Faults.ReadHead(stream, ending);
                written.SetResult(await FloodAsync(stream, ending));
            },
            shared.Gateway.Pki.IssueServer());
        await using var caller = await RawCaller.ConnectAsync(shared.Gateway);

        await caller.SendAsync("POST", remote.Url, ["Content-Length: 100000"], "begin");

        Assert.InRange(await written.Task, 1, Taken);
    }

    /// <returns>How many bytes went out before nobody took any more.</returns>
    private static async Task<long> FloodAsync(Stream stream, CancellationToken ending)
    {
        var hints = Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat("HTTP/1.1 103 Early Hints\r\n\r\n", 2_000)));
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(ending);
        patience.CancelAfter(TimeSpan.FromSeconds(3));
        long written = 0;
        try
        {
            for (; written < Offered; written += hints.Length)
                await stream.WriteAsync(hints, patience.Token);
        }
        catch (OperationCanceledException)
        {
            // Nobody takes any more.
        }

        return written;
    }
}
