using System.Collections.Concurrent;
using System.Net;
using MtlsFunctions.Shared;

namespace MtlsFunctions.EndToEndTests.Resilience;

/// <summary>Forwards by several callers at once, and every answer of them.</summary>
public sealed class Load : IDisposable
{
    private const int Callers = 8;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly ConcurrentQueue<Forwarded> answers = new();
    private readonly SemaphoreSlim passing = new(0);
    private readonly GatewayClient client;
    private readonly string url;
    private readonly Task callers;
    private volatile bool stopped;

    private Load(GatewayClient client, string url)
    {
        (this.client, this.url) = (client, url);
        callers = Task.WhenAll(Enumerable.Range(0, Callers).Select(_ => Task.Run(CallAsync, TestContext.Current.CancellationToken)));
    }

    public static Load Start(GatewayClient client, MtlsServer remote) => new(client, remote.Url);

    /// <summary>Waits until that many more forwards have been answered.</summary>
    public async Task PassAsync(int forwards)
    {
        while (passing.CurrentCount > 0)
            await passing.WaitAsync(TestContext.Current.CancellationToken);
        for (var passed = 0; passed < forwards; passed++)
            Assert.True(await passing.WaitAsync(Patience, TestContext.Current.CancellationToken), "The forwards stand still.");
    }

    public async Task<Forwarded[]> StopAsync()
    {
        stopped = true;
        await callers;
        return [.. answers];
    }

    public void Dispose() => passing.Dispose();

    /// <summary>Fails the test if one forward was lost.</summary>
    public static void NoneLost(IEnumerable<Forwarded> answers) =>
        Assert.Empty(answers.Where(answer => answer.Status != HttpStatusCode.OK).Select(answer => $"{answer.Status} {answer.Text}").Distinct());

    private async Task CallAsync()
    {
        while (!stopped)
        {
            var answer = await client.ForwardAsync(HttpMethod.Get, url);
            answers.Enqueue(new Forwarded(
                answer.Status, answer.Status == HttpStatusCode.OK ? (string?)answer.Json["thumbprint"] : null, answer.Status == HttpStatusCode.OK ? "" : answer.Text));
            passing.Release();
        }
    }
}

/// <param name="Thumbprint">Of the certificate that the remote endpoint saw; null when it saw none.</param>
/// <param name="Text">The answer, unless the remote answered.</param>
public sealed record Forwarded(HttpStatusCode Status, string? Thumbprint, string Text);
