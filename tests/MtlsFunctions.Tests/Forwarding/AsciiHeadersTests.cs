using System.Net;
using System.Text;
using Microsoft.AspNetCore.Http;
using MtlsFunctions.Forwarding;

namespace MtlsFunctions.Tests.Forwarding;

/// <summary>What becomes of an answer's header values beyond ASCII where the server in front can't carry them.</summary>
public sealed class AsciiHeadersTests
{
    public static TheoryData<string, string, string> Cases => new()
    {
        { "Content-Disposition", "attachment; filename=\"\u00dcbersicht.pdf\"", "attachment; filename*=UTF-8''%C3%9Cbersicht.pdf" },
        { "content-disposition", "attachment;FILENAME=\u00dc.pdf; size=3", "attachment;filename*=UTF-8''%C3%9C.pdf; size=3" },
        { "Content-Disposition", "attachment; filename=\"" + Utf8("\u00dcbersicht \u65e5.pdf") + "\"", "attachment; filename*=UTF-8''%C3%9Cbersicht%20%E6%97%A5.pdf" },
        { "Content-Disposition", "attachment; filename=\"a\\\"\u00dc;.pdf\"", "attachment; filename*=UTF-8''a%22%C3%9C%3B.pdf" },
        // The sender has thought of it: its own extended name stays, the plain one is only kept from harm.
        { "Content-Disposition", "attachment; filename=\"\u00dc\"; filename*=UTF-8''%C3%9C", "attachment; filename=\"%DC\"; filename*=UTF-8''%C3%9C" },
        { "Content-Disposition", "attachment; filename=\"a.pdf\"; note=\u00dc", "attachment; filename=\"a.pdf\"; note=%DC" },
        { "Content-Disposition", "attachment; filename=\"\u00dc", "attachment; filename=\"%DC" },
        { "X-Name", "caf\u00e9 100%", "caf%E9 100%25" },
        { "X-Name", "filename=\"\u00dc\"", "filename=\"%DC\"" },
        { "X-Name", Utf8("\u00e9"), "%C3%A9" },
        { "X-Name", "plain 100%", "plain 100%" },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_value_goes_in_a_form_that_ASCII_can_carry(string name, string value, string expected) => Assert.Equal(expected, AsciiHeaders.Encode(name, value));

    [Fact]
    public void What_was_changed_is_named_and_nothing_else_is_touched()
    {
        var headers = Back(asciiOnly: true);

        Assert.Equal(["caf%E9", "plain"], headers["X-Some"].AsEnumerable());
        Assert.Equal("100%", headers["X-Plain"]);
        Assert.Equal("X-Some", headers["LP-encoded-headers"]);
    }

    [Fact]
    public void Where_every_byte_can_be_carried_nothing_is_changed()
    {
        var headers = Back(asciiOnly: false);

        Assert.Equal(["caf\u00e9", "plain"], headers["X-Some"].AsEnumerable());
        Assert.False(headers.ContainsKey("LP-encoded-headers"));
    }

    private static IHeaderDictionary Back(bool asciiOnly)
    {
        using var answer = new HttpResponseMessage(HttpStatusCode.OK);
        answer.Headers.TryAddWithoutValidation("X-Some", (IEnumerable<string>)["caf\u00e9", "plain"]);
        answer.Headers.TryAddWithoutValidation("X-Plain", "100%");
        answer.Headers.TryAddWithoutValidation("LP-encoded-headers", "X-Plain");
        var context = new DefaultHttpContext();
        AnswerHead.Copy(answer, context, wrapErrors: false, asciiOnly);
        return context.Response.Headers;
    }

    private static string Utf8(string text) => Encoding.Latin1.GetString(Encoding.UTF8.GetBytes(text));
}
