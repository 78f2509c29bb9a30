using System.Net;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Http;
using MtlsFunctions.Shared;

namespace MtlsFunctions.EndToEndTests.Worker;

/// <summary>What moves through the shipped worker: streams, crowds, large bodies, callers that leave.</summary>
[Collection(WorkerTests.Name)]
public sealed class WorkerForwardTests(WorkerFixture worker)
{
    private const int Crowd = 200;
    private const int LargeBytes = 100 * 1024 * 1024;
    private const long MostGrowthKb = 64 * 1024;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Events_come_one_by_one()
    {
        using var next = new SemaphoreSlim(0);
        await using var remote = await RemoteAsync(async context =>
        {
            context.Response.ContentType = "text/event-stream";
            for (var number = 1; number <= 3; number++)
            {
                await context.Response.WriteAsync($"data: {number}\n\n", context.RequestAborted);
                await context.Response.Body.FlushAsync(context.RequestAborted);
                await next.WaitAsync(context.RequestAborted);
            }
        });
        using var http = new HttpClient();
        using var answer = await http.SendAsync(Request(remote), HttpCompletionOption.ResponseHeadersRead, Stop);
        using var lines = new StreamReader(await answer.Content.ReadAsStreamAsync(Stop));

        // The next one is only sent when this one has arrived.
        for (var number = 1; number <= 3; number++)
        {
            Assert.Equal($"data: {number}", await lines.ReadLineAsync(Stop).AsTask().WaitAsync(Patience, Stop));
            Assert.Equal("", await lines.ReadLineAsync(Stop).AsTask().WaitAsync(Patience, Stop));
            next.Release();
        }

        Assert.Null(await lines.ReadLineAsync(Stop));
    }

    [Fact]
    public async Task A_caller_that_leaves_ends_the_remotes_request()
    {
        var (there, ended) = (new TaskCompletionSource(), new TaskCompletionSource());
        await using var remote = await RemoteAsync(async context =>
        {
            context.RequestAborted.Register(() => ended.TrySetResult());
            there.TrySetResult();
            await ended.Task;
        });
        using var http = new HttpClient();
        using var leaving = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        var asking = http.SendAsync(Request(remote), leaving.Token);
        await there.Task.WaitAsync(Patience, Stop);

        await leaving.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asking);
        await ended.Task.WaitAsync(Patience, Stop);
    }

    [Fact]
    public async Task Two_hundred_are_under_way_at_a_time()
    {
        var (waiting, all) = (0, new TaskCompletionSource());
        await using var remote = await RemoteAsync(async context =>
        {
            if (Interlocked.Increment(ref waiting) == Crowd)
                all.TrySetResult();
            await all.Task.WaitAsync(context.RequestAborted);
            await context.Response.WriteAsync(context.Request.Query["n"].ToString(), context.RequestAborted);
        });
        using var http = new HttpClient();

        var answers = await Task.WhenAll(Enumerable.Range(0, Crowd).Select(async number =>
        {
            using var answer = await http.SendAsync(Request(remote, $"/?n={number}"), Stop);
            return await answer.Content.ReadAsStringAsync(Stop);
        })).WaitAsync(Patience, Stop);

        Assert.Equal(Enumerable.Range(0, Crowd).Select(number => $"{number}"), answers);
    }

    [Fact]
    public async Task A_hundred_megabytes_go_both_ways_with_flat_memory()
    {
        await using var remote = await RemoteAsync(async context =>
        {
            var hash = await SHA256.HashDataAsync(context.Request.Body, context.RequestAborted);
            context.Response.Headers["X-Hash"] = Convert.ToHexString(hash);
            context.Response.ContentLength = LargeBytes;
            await Pattern.CopyToAsync(context.Response.Body, LargeBytes);
        }, recordBodies: false);
        await PassAsync(remote, 1024 * 1024);
        var before = Peak();

        var (sent, seen, got) = await PassAsync(remote, LargeBytes);

        Assert.Equal(sent, seen);
        Assert.Equal(sent, got);
        Assert.InRange(Peak() - before, 0, MostGrowthKb);
    }

    private async Task<(string Sent, string Seen, string Got)> PassAsync(MtlsServer remote, int bytes)
    {
        using var http = new HttpClient();
        using var request = Request(remote, method: HttpMethod.Post);
        request.Content = new Pattern(bytes);
        using var answer = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Stop);
        Assert.True(answer.IsSuccessStatusCode, worker.Host.Output);
        await using var body = await answer.Content.ReadAsStreamAsync(Stop);
        return (Pattern.HashOf(bytes), answer.Headers.GetValues("X-Hash").Single(), Convert.ToHexString(await SHA256.HashDataAsync(body, Stop)));
    }

    /// <summary>The most that the worker ever held, in kilobytes.</summary>
    private long Peak() => long.Parse(
        File.ReadLines($"/proc/{worker.Host.ProcessId}/status").Single(line => line.StartsWith("VmHWM:", StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries)[1],
        System.Globalization.CultureInfo.InvariantCulture);

    private Task<MtlsServer> RemoteAsync(RequestDelegate handler, bool recordBodies = true) => MtlsServer.StartAsync(worker.Gateway.Pki, options =>
    {
        (options.Handler, options.RecordBodies) = (handler, recordBodies);
        options.ClientCertificates = Microsoft.AspNetCore.Server.Kestrel.Https.ClientCertificateMode.NoCertificate;
    });

    private HttpRequestMessage Request(MtlsServer remote, string path = "/", HttpMethod? method = null)
    {
        var request = new HttpRequestMessage(method ?? HttpMethod.Get, $"{worker.Host.Url}/mtls/account/moving");
        request.Headers.TryAddWithoutValidation("Authorization", $"Bearer {worker.Gateway.Issuer.Token("moving", ["MTLS_WRITE_INTERNAL"])}");
        request.Headers.TryAddWithoutValidation("LP-forward-url", remote.Url + path);
        request.Headers.TryAddWithoutValidation("LP-service-name", "WEBHOOKS");
        return request;
    }
}
