using MtlsFunctions.Mappings;

namespace MtlsFunctions.Tests.Mappings;

public sealed class TargetUrlTests
{
    [Theory]
    [InlineData("https://a.example", "https://a.example/")]
    [InlineData("https://a.example/", "https://a.example/")]
    [InlineData("HTTPS://A.EXAMPLE/", "https://a.example/")]
    [InlineData("https://a.example:443/", "https://a.example/")]
    [InlineData("https://a.example:00443/", "https://a.example/")]
    [InlineData("https://a.example:/x", "https://a.example/x")]
    [InlineData("https://a.example?q", "https://a.example/?q")]
    public void Scheme_host_default_port_and_empty_path_compare_as_equal(string text, string canonical) =>
        Assert.Equal(canonical, The.Url(text).Canonical);

    [Theory]
    [InlineData("https://a.example/", "http's default port", "https://a.example:80/")]
    [InlineData("https://a.example/", "port", "https://a.example:8443/")]
    [InlineData("https://a.example/", "trailing dot", "https://a.example./")]
    [InlineData("https://a.example/", "empty query", "https://a.example/?")]
    [InlineData("https://a.example/", "two slashes", "https://a.example//")]
    [InlineData("https://a.example/x", "trailing slash", "https://a.example/x/")]
    [InlineData("https://a.example/x", "letter case", "https://a.example/X")]
    [InlineData("https://a.example/x", "encoded letter", "https://a.example/%78")]
    [InlineData("https://a.example/%2f", "letter case of an encoding", "https://a.example/%2F")]
    [InlineData("https://a.example/%2f", "decoded slash", "https://a.example//")]
    [InlineData("https://a.example/x", "dot segment", "https://a.example/./x")]
    [InlineData("https://a.example/x", "dot segments", "https://a.example/y/../x")]
    [InlineData("https://a.example/?a=1&b=2", "order", "https://a.example/?b=2&a=1")]
    [InlineData("https://a.example/?a=1", "letter case in the query", "https://a.example/?A=1")]
    [InlineData("https://a.example/?a+b", "plus and space", "https://a.example/?a%20b")]
    [InlineData("https://a.example/", "host", "https://b.example/")]
    public void Everything_else_compares_byte_for_byte(string one, string difference, string other) =>
        Assert.True(The.Url(one).Canonical != The.Url(other).Canonical, difference);

    [Theory]
    [InlineData("/", "/")]
    [InlineData("", "/")]
    [InlineData("?q", "/?q")]
    [InlineData("/?", "/?")]
    [InlineData("/a//b/./c/../d/%2e%2e/", "/a//b/./c/../d/%2e%2e/")]
    [InlineData("/%2F%20+;,@:!$&'()*~=[]", "/%2F%20+;,@:!$&'()*~=[]")]
    [InlineData("/%", "/%")]
    [InlineData("/%zz{}|^`\"<>", "/%zz{}|^`\"<>")]
    [InlineData("/?a=%41&b=/../?@:[]", "/?a=%41&b=/../?@:[]")]
    [InlineData("?a=https://b.example/", "/?a=https://b.example/")]
    public void Path_and_query_go_out_as_they_were_written(string written, string sent) =>
        Assert.Equal(sent, The.Url("https://a.example" + written).Uri.PathAndQuery);

    [Theory]
    [InlineData("https://localhost/", "localhost", 443)]
    [InlineData("https://a.example:1/", "a.example", 1)]
    [InlineData("https://a.example:65535/", "a.example", 65535)]
    [InlineData("https://a_b.example/", "a_b.example", 443)]
    [InlineData("https://xn--mnchen-3ya.example/", "xn--mnchen-3ya.example", 443)]
    [InlineData("https://127.0.0.1:8443/", "127.0.0.1", 8443)]
    [InlineData("https://[2001:DB8::1]:8443/", "[2001:db8::1]", 8443)]
    [InlineData("https://[0:0:0:0:0:0:0:1]/", "[::1]", 443)]
    [InlineData("https://a.example/@b.example", "a.example", 443)]
    [InlineData("https://a.example?@b.example/", "a.example", 443)]
    [InlineData("https://2130706433/", "127.0.0.1", 443)]
    [InlineData("https://0x7f.1/", "127.0.0.1", 443)]
    [InlineData("https://0177.0.0.1/", "127.0.0.1", 443)]
    public void Host_and_port_are_what_will_be_dialled(string text, string host, int port)
    {
        var url = The.Url(text);

        Assert.Equal((host, port), (url.Uri.Host, url.Uri.Port));
        Assert.Equal(port == 443 ? host : $"{host}:{port}", url.Host);
        Assert.Equal(text, url.Text);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("a.example")]
    [InlineData("/path")]
    [InlineData("//a.example/")]
    [InlineData("https:")]
    [InlineData("https:/a.example/")]
    [InlineData("https:a.example")]
    [InlineData("https://")]
    [InlineData("https:///path")]
    [InlineData("https://?query")]
    [InlineData("https://:443/")]
    [InlineData("http://a.example/")]
    [InlineData("ftp://a.example/")]
    [InlineData("file:///etc/passwd")]
    [InlineData("javascript:https://a.example/")]
    [InlineData(" https://a.example/")]
    [InlineData("https://a.example/ ")]
    [InlineData("https ://a.example/")]
    public void Only_absolute_https_is_a_target(string? text) => The.FailureOf(FailureKind.UrlInvalid, TargetUrl.Parse(text));

    [Theory]
    [InlineData("https://user@a.example/")]
    [InlineData("https://user:password@a.example/")]
    [InlineData("https://@a.example/")]
    [InlineData("https://b.example@a.example/")]
    [InlineData("https://b.example:443@a.example/")]
    [InlineData("https://b.example%2f@a.example/")]
    [InlineData("https://a.example/#")]
    [InlineData("https://a.example/#fragment")]
    [InlineData("https://a.example#@b.example/")]
    [InlineData("https://a.example?q#fragment")]
    public void User_info_and_fragments_are_refused(string text) => The.FailureOf(FailureKind.UrlInvalid, TargetUrl.Parse(text));

    [Theory]
    [InlineData("https://a.example\\@b.example/")]
    [InlineData("https:\\\\a.example\\")]
    [InlineData("https://a.example/a\\b")]
    [InlineData("https://a.example/a b")]
    [InlineData("https://a.example/a\tb")]
    [InlineData("https://a.example/a\r\nHost: b.example")]
    [InlineData("https://a.example/\0")]
    [InlineData("https://a.example/\u007f")]
    [InlineData("https://a.example/\u00e9")]
    [InlineData("https://m\u00fcnchen.example/")]
    [InlineData("https://a\uff0eexample/")] // full width dot
    [InlineData("https://\u2488example/")] // normalises to "1."
    [InlineData("https://a.ex\u00adample/")] // soft hyphen
    [InlineData("https://a.example\u2044path")] // looks like a slash
    [InlineData("https://\u24db\u24de\u24d2\u24d0\u24db\u24d7\u24de\u24e2\u24e3/")] // "localhost" in circles
    public void Only_printable_ASCII_without_backslash_is_taken(string text) => The.FailureOf(FailureKind.UrlInvalid, TargetUrl.Parse(text));

    [Theory]
    [InlineData("https://a.example:0/")]
    [InlineData("https://a.example:-1/")]
    [InlineData("https://a.example:65536/")]
    [InlineData("https://a.example:99999999999/")]
    [InlineData("https://a.example:port/")]
    [InlineData("https://a.example:1:2/")]
    [InlineData("https://a.example: 443/")]
    [InlineData("https://a.example:443a/")]
    [InlineData("https://a..example/")]
    [InlineData("https://.example/")]
    [InlineData("https://a%2eexample/")]
    [InlineData("https://%31%32%37.0.0.1/")]
    [InlineData("https://a,b/")]
    [InlineData("https://a;b/")]
    [InlineData("https://a&b/")]
    [InlineData("https://a|b/")]
    [InlineData("https://::1/")]
    [InlineData("https://[::1/")]
    [InlineData("https://::1]/")]
    [InlineData("https://[]/")]
    [InlineData("https://[::1]x/")]
    [InlineData("https://[::1].example/")]
    [InlineData("https://[::1][::2]/")]
    [InlineData("https://x[::1]/")]
    [InlineData("https://[127.0.0.1]/")]
    [InlineData("https://[a.example]/")]
    [InlineData("https://[fe80::1%25eth0]/")]
    [InlineData("https://[::1]:443x/")]
    [InlineData("https://[::g]/")]
    public void A_host_or_port_that_is_none_is_refused(string text) => The.FailureOf(FailureKind.UrlInvalid, TargetUrl.Parse(text));

    [Theory]
    [InlineData(8_192, true)]
    [InlineData(8_193, false)]
    [InlineData(10_000, false)]
    [InlineData(1_000_000, false)]
    public void It_has_at_most_8192_characters(int length, bool taken)
    {
        var text = "https://a.example/".PadRight(length, 'x');

        Assert.Equal(taken, TargetUrl.Parse(text).TryGet(out _, out var failure));
        if (failure is not null)
            Assert.Contains($"{length}", failure.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void A_refusal_does_not_repeat_what_may_be_a_secret() =>
        Assert.DoesNotContain("hunter2", The.FailureOf(FailureKind.UrlInvalid, TargetUrl.Parse("https://user:hunter2@a.example/")).Detail, StringComparison.Ordinal);
}
