using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using MtlsFunctions.EndToEndTests.LocalHost;
using MtlsFunctions.Shared;

namespace MtlsFunctions.EndToEndTests.Forwarding;

/// <summary>
/// What a body costs in memory, in a process that does nothing else. Smaller than what the large-bodies script beside the benchmarks
/// sends, and three times what it may cost.
/// </summary>
public sealed class LargeBodiesTests
{
    private const long Size = 192L * 1024 * 1024;
    private const long MostGrowth = 64L * 1024 * 1024;
    private const long WarmUp = 1024 * 1024;

    private static readonly HttpClient Http = new() { Timeout = Timeout.InfiniteTimeSpan };

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_large_answer_and_a_large_request_pass_whole_and_cost_little_memory()
    {
        Assert.SkipUnless(ResidentMemory.CanBeMeasured, "This system has no /proc to tell a process's resident memory.");
        var folder = Directory.CreateTempSubdirectory("mtlsfunctions-test-");
        try
        {
            var pki = new TestPki();
            await using var remote = await MtlsServer.StartAsync(pki, options =>
            {
                (options.ClientCertificates, options.RecordBodies, options.Handler) = (ClientCertificateMode.NoCertificate, false, AnswerAsync);
            });
            await using var host = await LocalHostProcess.Start(["--ephemeral"], new Dictionary<string, string>
            {
                ["Forwarding__TrustedRoots__0"] = pki.WriteRootPem(folder.FullName),
                ["Limits__MaxRequestBodyBytes"] = Size.ToString(CultureInfo.InvariantCulture),
            }).ReadyAsync();
            // What is compiled and pooled once is no growth.
            for (var round = 0; round < 10; round++)
                await BothAsync(host, remote, WarmUp);

            var memory = new ResidentMemory(host.Id);
            await BothAsync(host, remote, Size);

            Assert.InRange(memory.GrownBy, 0, MostGrowth);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static async Task BothAsync(LocalHostProcess host, MtlsServer remote, long size)
    {
        var digest = await new LargeContent(size).DigestAsync(Cancellation);
        using (var got = await SendAsync(host, remote, HttpMethod.Get, size, content: null))
            Assert.Equal(digest, Convert.ToHexStringLower(await SHA256.HashDataAsync(await got.Content.ReadAsStreamAsync(Cancellation), Cancellation)));
        using (var posted = await SendAsync(host, remote, HttpMethod.Post, size, new LargeContent(size)))
            Assert.Equal(digest, await posted.Content.ReadAsStringAsync(Cancellation));
    }

    private static async Task<HttpResponseMessage> SendAsync(LocalHostProcess host, MtlsServer remote, HttpMethod method, long size, HttpContent? content)
    {
        var session = host.Session;
        using var request = new HttpRequestMessage(method, $"{session["baseUrl"]}/mtls/account/demo") { Content = content };
        request.Headers.Add("Authorization", $"Bearer {session["accounts"]!["demo"]!["bearer"]}");
        request.Headers.Add("LP-forward-url", $"{remote.Url}/?size={size}");
        var answer = await Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Cancellation);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return answer;
    }

    private static async Task AnswerAsync(HttpContext context)
    {
        if (HttpMethods.IsPost(context.Request.Method))
        {
            await context.Response.WriteAsync(Convert.ToHexStringLower(await SHA256.HashDataAsync(context.Request.Body, context.RequestAborted)), context.RequestAborted);
            return;
        }

        var size = long.Parse((string)context.Request.Query["size"]!, CultureInfo.InvariantCulture);
        context.Response.ContentLength = size;
        await new LargeContent(size).WriteAsync(context.Response.Body, context.RequestAborted);
    }
}
