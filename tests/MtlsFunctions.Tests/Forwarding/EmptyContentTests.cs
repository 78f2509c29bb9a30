using Microsoft.Extensions.Primitives;
using MtlsFunctions.Forwarding;

namespace MtlsFunctions.Tests.Forwarding;

public sealed class EmptyContentTests
{
    [Theory]
    [InlineData("POST", true)]
    [InlineData("PATCH", true)]
    [InlineData("GET", false)]
    [InlineData("HEAD", false)]
    [InlineData("OPTIONS", false)]
    [InlineData("PUT", false)]
    [InlineData("DELETE", false)]
    public async Task Of_requests_without_a_body_those_that_must_not_be_sent_twice_get_one(string method, bool content)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), "https://a.example/");
        await PassAsync(request);
        Assert.Equal(content, request.Content is not null);
    }

    [Theory]
    [InlineData("GET")]
    [InlineData("POST")]
    public async Task A_content_header_without_a_body_is_sent_as_it_was_written(string method)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), "https://a.example/");
        EmptyContent.AddHeader(request, "Content-Type", "application/json, application/json;;charset");
        EmptyContent.AddHeader(request, "Content-Language", new StringValues(["de", "fr"]));
        Assert.Null(request.Content);

        await PassAsync(request);

        Assert.Equal(["application/json, application/json;;charset"], request.Content!.Headers.NonValidated["Content-Type"]);
        Assert.Equal(["de", "fr"], request.Content.Headers.NonValidated["Content-Language"]);
    }

    [Fact]
    public async Task A_body_stays_what_it_is_and_takes_its_headers()
    {
        using var body = new ByteArrayContent([1]);
        using var request = new HttpRequestMessage(HttpMethod.Post, "https://a.example/") { Content = body };
        EmptyContent.AddHeader(request, "Content-Type", "a/b");
        EmptyContent.AddHeader(request, "X-Other", "c");
        await PassAsync(request);

        Assert.Same(body, request.Content);
        Assert.Equal(["a/b"], body.Headers.NonValidated["Content-Type"]);
        Assert.Equal(["c"], request.Headers.NonValidated["X-Other"]);
    }

    private static async Task PassAsync(HttpRequestMessage request)
    {
        using var invoker = new HttpMessageInvoker(new EmptyContent(new Sink()));
        using var answer = await invoker.SendAsync(request, TestContext.Current.CancellationToken);
    }

    private sealed class Sink : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            Task.FromResult(new HttpResponseMessage());
    }
}
