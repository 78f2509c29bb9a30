using BenchmarkDotNet.Attributes;
using Microsoft.AspNetCore.Http;
using MtlsFunctions.Forwarding;

namespace MtlsFunctions.Benchmarks;

/// <summary>The headers of a webhook out, and those of a usual answer back.</summary>
[MemoryDiagnoser]
public class HeaderTransform
{
    private readonly DefaultHttpContext context = new();
    private ForwardRequest forward = null!;

    [GlobalSetup]
    public void Start()
    {
        var headers = context.Request.Headers;
        (headers.Host, headers.UserAgent, headers.Accept) = ("mtls.example.com", "webhooks/1.0", "*/*");
        (headers.AcceptEncoding, headers.Authorization, headers.TraceParent) = ("gzip", "Bearer token", "00-e9b1ef42fa17188546e155ee82388723-3ebc2be4ce83a49a-00");
        headers["X-Request-Id"] = "3f0a";
        headers["x-liveperson-signature"] = "c2lnbmF0dXJl";
        headers[ControlHeaders.ForwardUrl] = "https://remote.example.com/hook?x=1";
        headers[ControlHeaders.ServiceName] = "WEBHOOKS";
        context.Request.Method = "GET";
        forward = ForwardRequest.Read(context.Request).OrThrow();
    }

    [Benchmark]
    public HttpRequestMessage Out() => OutgoingRequest.Make(context.Request, forward, body: null, http2: true);

    [Benchmark]
    public IHeaderDictionary Back()
    {
        using var answer = new HttpResponseMessage { Content = new ByteArrayContent([]) };
        answer.Headers.TryAddWithoutValidation("Date", "Tue, 24 Nov 2026 11:22:31 GMT");
        answer.Headers.TryAddWithoutValidation("Server", "remote");
        answer.Headers.TryAddWithoutValidation("ETag", "\"1\"");
        answer.Content.Headers.TryAddWithoutValidation("Content-Type", "application/json");
        answer.Content.Headers.TryAddWithoutValidation("Content-Length", "1024");
        context.Response.Headers.Clear();
        AnswerHead.Copy(answer, context, wrapErrors: false);
        return context.Response.Headers;
    }
}
