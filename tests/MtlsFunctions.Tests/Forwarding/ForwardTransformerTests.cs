using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using MtlsFunctions.Forwarding;

namespace MtlsFunctions.Tests.Forwarding;

/// <summary>What it makes of the messages; how they look on the wire is shown end to end.</summary>
public sealed class ForwardTransformerTests
{
    private const string Url = "https://a.example/%2F?x=1";

    [Fact]
    public async Task The_url_of_the_control_header_is_called_and_no_header_is_added()
    {
        var sent = await OutAsync("GET");

        Assert.Equal(Url, sent.RequestUri!.OriginalString);
        Assert.Empty(sent.Headers.NonValidated);
        Assert.Null(sent.Content);
    }

    [Fact]
    public async Task Names_and_values_are_passed_untouched()
    {
        var sent = await OutAsync("GET", default,
            ("x-liveperson-signature", "abc=="), ("X-Empty", ""), ("X-Bytes", "caf\u00e9 \u00ff"), ("X-Many", new StringValues(["one", "two, three"])),
            ("Date", "not a date"), ("User-Agent", "odd (("), ("Cookie", "a=b; c=d"), ("Accept", "a/b;;q"));

        Assert.Equal(["abc=="], sent.Headers.NonValidated["x-liveperson-signature"]);
        Assert.Equal([""], sent.Headers.NonValidated["X-Empty"]);
        Assert.Equal(["caf\u00e9 \u00ff"], sent.Headers.NonValidated["X-Bytes"]);
        Assert.Equal(["one", "two, three"], sent.Headers.NonValidated["X-Many"]);
        Assert.Equal(["not a date"], sent.Headers.NonValidated["Date"]);
        Assert.Equal(["odd (("], sent.Headers.NonValidated["User-Agent"]);
        Assert.Equal(["a=b; c=d"], sent.Headers.NonValidated["Cookie"]);
        Assert.Equal(["a/b;;q"], sent.Headers.NonValidated["Accept"]);
    }

    [Fact]
    public async Task Authorization_stays_here_and_the_override_takes_its_place()
    {
        Assert.False((await OutAsync("GET", default, ("Authorization", "Bearer ours"))).Headers.NonValidated.Contains("Authorization"));
        var sent = await OutAsync("GET", "Basic theirs", ("Authorization", "Bearer ours"), ("LP-authorization-override", "Basic theirs"));
        Assert.Equal(["Basic theirs"], sent.Headers.NonValidated["Authorization"]);
        Assert.False(sent.Headers.NonValidated.Contains("LP-authorization-override"));
    }

    [Theory]
    [InlineData("X-Secret")]
    [InlineData("close, X-Secret")]
    [InlineData("close,x-secret ,keep-alive")]
    [InlineData("\tX-SECRET\t")]
    public async Task What_Connection_names_stays_here(string connection)
    {
        var sent = await OutAsync("GET", default, ("Connection", connection), ("X-Secret", "hop"), ("X-Secret-Too", "end"));
        Assert.False(sent.Headers.NonValidated.Contains("X-Secret"));
        Assert.True(sent.Headers.NonValidated.Contains("X-Secret-Too"));
    }

    [Fact]
    public async Task An_answer_comes_back_untouched_with_its_origin_told()
    {
        using var answer = new HttpResponseMessage(HttpStatusCode.Redirect) { Content = new ByteArrayContent([]) };
        answer.Headers.TryAddWithoutValidation("Location", "http://elsewhere.example/");
        answer.Headers.TryAddWithoutValidation("Set-Cookie", (IEnumerable<string>)["a=1; Path=/", "a=2, b=3"]);
        answer.Headers.TryAddWithoutValidation("X-Bytes", "caf\u00e9");
        answer.Headers.TryAddWithoutValidation("X-Empty", "");
        answer.Content.Headers.TryAddWithoutValidation("Content-Encoding", "gzip");
        answer.Content.Headers.TryAddWithoutValidation("Expires", "-1");

        var headers = await BackAsync(answer);

        Assert.Equal(["http://elsewhere.example/"], headers["Location"].AsEnumerable());
        Assert.Equal(["a=1; Path=/", "a=2, b=3"], headers["Set-Cookie"].AsEnumerable());
        Assert.Equal(["caf\u00e9"], headers["X-Bytes"].AsEnumerable());
        Assert.Equal([""], headers["X-Empty"].AsEnumerable());
        Assert.Equal(["gzip"], headers["Content-Encoding"].AsEnumerable());
        Assert.Equal(["-1"], headers["Expires"].AsEnumerable());
        Assert.Equal(["upstream"], headers["LP-response-origin"].AsEnumerable());
    }

    [Fact]
    public async Task A_remote_cannot_pass_for_the_gateway()
    {
        using var answer = new HttpResponseMessage();
        foreach (var name in new[] { "LP-response-origin", "LP-message-from-transport", "LP-error-from-transport" })
            answer.Headers.TryAddWithoutValidation(name, "gateway");

        var headers = await BackAsync(answer);

        Assert.Equal(["LP-response-origin"], headers.Keys);
        Assert.Equal("upstream", headers["LP-response-origin"]);
    }

    [Fact]
    public async Task What_an_answers_Connection_names_stays_there()
    {
        using var answer = new HttpResponseMessage();
        answer.Headers.TryAddWithoutValidation("Connection", (IEnumerable<string>)["close", "X-Hop, Content-Language"]);
        answer.Headers.TryAddWithoutValidation("X-Hop", "1");
        answer.Headers.TryAddWithoutValidation("Keep-Alive", "timeout=5");
        answer.Content.Headers.TryAddWithoutValidation("Content-Language", "de");

        Assert.Equal(["LP-response-origin"], (await BackAsync(answer)).Keys);
    }

    [Fact]
    public async Task Without_an_answer_nothing_is_copied() =>
        Assert.False(await new ForwardTransformer(The.Url(Url), default, wrapErrors: false).TransformResponseAsync(
            new DefaultHttpContext(), null, TestContext.Current.CancellationToken));

    private static async Task<HttpRequestMessage> OutAsync(string method, StringValues authorization = default, params (string Name, StringValues Value)[] headers)
    {
        var context = new DefaultHttpContext();
        foreach (var (name, value) in headers)
            context.Request.Headers[name] = value;
        var message = new HttpRequestMessage { Method = new HttpMethod(method) };
        await new ForwardTransformer(The.Url(Url), authorization, wrapErrors: false).TransformRequestAsync(context, message, "https://target", TestContext.Current.CancellationToken);
        return message;
    }

    private static async Task<IHeaderDictionary> BackAsync(HttpResponseMessage answer)
    {
        var context = new DefaultHttpContext();
        context.Response.Headers["LP-response-origin"] = "gateway";
        Assert.True(await new ForwardTransformer(The.Url(Url), default, wrapErrors: false).TransformResponseAsync(context, answer, TestContext.Current.CancellationToken));
        return context.Response.Headers;
    }
}
