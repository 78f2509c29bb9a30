using System.Net;
using Microsoft.AspNetCore.Http;
using MtlsFunctions.Forwarding;

namespace MtlsFunctions.Tests.Forwarding;

/// <summary>What becomes of a remote's answer; how it looks on the wire is shown end to end.</summary>
public sealed class AnswerHeadTests
{
    [Fact]
    public void An_answer_comes_back_untouched_with_its_origin_told()
    {
        using var answer = new HttpResponseMessage(HttpStatusCode.Redirect) { Content = new ByteArrayContent([]) };
        answer.Headers.TryAddWithoutValidation("Location", "http://elsewhere.example/");
        answer.Headers.TryAddWithoutValidation("Set-Cookie", (IEnumerable<string>)["a=1; Path=/", "a=2, b=3"]);
        answer.Headers.TryAddWithoutValidation("X-Bytes", "caf\u00e9");
        answer.Headers.TryAddWithoutValidation("X-Empty", "");
        answer.Content.Headers.TryAddWithoutValidation("Content-Encoding", "gzip");
        answer.Content.Headers.TryAddWithoutValidation("Expires", "-1");

        var response = Back(answer);

        Assert.Equal(StatusCodes.Status302Found, response.StatusCode);
        Assert.Equal(["http://elsewhere.example/"], response.Headers["Location"].AsEnumerable());
        Assert.Equal(["a=1; Path=/", "a=2, b=3"], response.Headers["Set-Cookie"].AsEnumerable());
        Assert.Equal(["caf\u00e9"], response.Headers["X-Bytes"].AsEnumerable());
        Assert.Equal([""], response.Headers["X-Empty"].AsEnumerable());
        Assert.Equal(["gzip"], response.Headers["Content-Encoding"].AsEnumerable());
        Assert.Equal(["-1"], response.Headers["Expires"].AsEnumerable());
        Assert.Equal(["upstream"], response.Headers["LP-response-origin"].AsEnumerable());
    }

    [Fact]
    public void A_remote_cannot_pass_for_the_gateway()
    {
        using var answer = new HttpResponseMessage();
        foreach (var name in new[] { "LP-response-origin", "LP-message-from-transport", "LP-error-from-transport", "LP-upstream-status" })
            answer.Headers.TryAddWithoutValidation(name, "gateway");

        var headers = Back(answer).Headers;

        Assert.Equal(["LP-response-origin"], headers.Keys);
        Assert.Equal("upstream", headers["LP-response-origin"]);
    }

    [Fact]
    public void What_an_answers_Connection_names_stays_there()
    {
        using var answer = new HttpResponseMessage();
        answer.Headers.TryAddWithoutValidation("Connection", (IEnumerable<string>)["close", "X-Hop, Content-Language"]);
        answer.Headers.TryAddWithoutValidation("X-Hop", "1");
        answer.Headers.TryAddWithoutValidation("Keep-Alive", "timeout=5");
        answer.Content.Headers.TryAddWithoutValidation("Content-Language", "de");

        Assert.Equal(["LP-response-origin"], Back(answer).Headers.Keys);
    }

    [Theory]
    [InlineData(404, 424, "404")]
    [InlineData(503, 424, "503")]
    [InlineData(399, 399, "")]
    public void An_upstream_error_is_wrapped_only_where_that_is_wanted(int status, int wrapped, string told)
    {
        using var answer = new HttpResponseMessage((HttpStatusCode)status);
        Assert.Equal(status, Back(answer).StatusCode);

        var response = Back(answer, wrapErrors: true);

        Assert.Equal(wrapped, response.StatusCode);
        Assert.Equal(told, response.Headers["LP-upstream-status"].ToString());
    }

    [Fact]
    public void A_switch_of_protocols_is_no_answer()
    {
        using var answer = new HttpResponseMessage(HttpStatusCode.SwitchingProtocols);
        Assert.Throws<HttpRequestException>(() => Back(answer));
    }

    private static HttpResponse Back(HttpResponseMessage answer, bool wrapErrors = false)
    {
        var context = new DefaultHttpContext();
        context.Response.Headers["LP-response-origin"] = "gateway";
        AnswerHead.Copy(answer, context, wrapErrors);
        return context.Response;
    }
}
