using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using MtlsFunctions.Forwarding;
using MtlsFunctions.Forwarding.EarlyAnswers;

namespace MtlsFunctions.Tests.Forwarding;

/// <summary>What becomes of a caller's request; how it looks on the wire is shown end to end.</summary>
public sealed class OutgoingRequestTests
{
    private const string Url = "https://a.example/%2F?x=1";

    [Fact]
    public void The_url_of_the_control_header_is_called_and_no_header_is_added()
    {
        using var sent = Out("GET");

        Assert.Equal(Url, sent.RequestUri!.OriginalString);
        Assert.Empty(sent.Headers.NonValidated);
        Assert.Null(sent.Content);
    }

    [Fact]
    public void Names_and_values_are_passed_untouched()
    {
        using var sent = Out("GET", default,
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
    public void Authorization_stays_here_and_the_override_takes_its_place()
    {
        using var without = Out("GET", default, ("Authorization", "Bearer ours"));
        Assert.False(without.Headers.NonValidated.Contains("Authorization"));
        using var sent = Out("GET", "Basic theirs", ("Authorization", "Bearer ours"), ("LP-authorization-override", "Basic theirs"));
        Assert.Equal(["Basic theirs"], sent.Headers.NonValidated["Authorization"]);
        Assert.False(sent.Headers.NonValidated.Contains("LP-authorization-override"));
    }

    [Theory]
    [InlineData("X-Secret")]
    [InlineData("close, X-Secret")]
    [InlineData("close,x-secret ,keep-alive")]
    [InlineData("\tX-SECRET\t")]
    public void What_Connection_names_stays_here(string connection)
    {
        using var sent = Out("GET", default, ("Connection", connection), ("X-Secret", "hop"), ("X-Secret-Too", "end"));
        Assert.False(sent.Headers.NonValidated.Contains("X-Secret"));
        Assert.True(sent.Headers.NonValidated.Contains("X-Secret-Too"));
    }

    [Theory]
    [InlineData("POST", true)]
    [InlineData("PATCH", true)]
    [InlineData("GET", false)]
    [InlineData("HEAD", false)]
    [InlineData("OPTIONS", false)]
    [InlineData("PUT", false)]
    [InlineData("DELETE", false)]
    public void Of_requests_without_a_body_those_that_must_not_be_sent_twice_get_one(string method, bool content)
    {
        using var sent = Out(method);
        Assert.Equal(content, sent.Content is not null);
    }

    [Theory]
    [InlineData("GET")]
    [InlineData("POST")]
    public void A_content_header_without_a_body_is_sent_as_it_was_written(string method)
    {
        using var sent = Out(method, default,
            ("Content-Type", "application/json, application/json;;charset"), ("Content-Language", new StringValues(["de", "fr"])), ("X-Other", "c"));

        Assert.Equal(["application/json, application/json;;charset"], sent.Content!.Headers.NonValidated["Content-Type"]);
        Assert.Equal(["de", "fr"], sent.Content.Headers.NonValidated["Content-Language"]);
        Assert.Equal(["c"], sent.Headers.NonValidated["X-Other"]);
    }

    private static HttpRequestMessage Out(string method, StringValues authorization = default, params (string Name, StringValues Value)[] headers)
    {
        var request = new DefaultHttpContext().Request;
        request.Method = method;
        foreach (var (name, value) in headers)
            request.Headers[name] = value;
        return OutgoingRequest.Make(request, new ForwardRequest(The.Url(Url), null, authorization, StopWithoutCertificate: false), body: null, http2: false);
    }
}
