using System.Net;
using System.Text;
using MtlsFunctions.Shared;

namespace MtlsFunctions.EndToEndTests.Forwarding.Wire;

/// <summary>What a remote sees of a request, over raw sockets on both sides.</summary>
public sealed class ExactRequestTests(AccountsFixture shared) : IClassFixture<AccountsFixture>
{
    private static readonly string[] Ours =
    [
        "LP-service-name: WEBHOOKS", "lp-stop-if-certificate-not-found: false",
        "Connection: X-Named, x-named-too", "X-Named: 1", "X-Named-Too: 2", "Keep-Alive: timeout=5", "Proxy-Connection: keep-alive",
        "Proxy-Authorization: Basic abc", "TE: trailers", "Trailer: X-Sum", "HTTP2-Settings: AAMAAABkAARAAAAAAAIAAAAA",
        "X-Forwarded-For: 198.51.100.7", "X-Forwarded-Proto: https", "X-Forwarded-Host: front.example", "Forwarded: for=198.51.100.7",
        "X-Original-URL: /x", "X-Original-Host: front.example", "X-Original-For: 198.51.100.7:1234", "X-Original-Proto: https", "X-ARR-SSL: 2048", "x-arr-log-id: 1", "X-MS-CLIENT-PRINCIPAL-ID: 1",
        "x-ms-invocation-id: 1", "X-WAWS-Unencoded-URL: /x", "X-SITE-DEPLOYMENT-ID: site", "X-AppService-Proto: https", "X-Azure-FDID: 1",
        "DISGUISED-HOST: site.example", "WAS-DEFAULT-HOSTNAME: site.example", "CLIENT-IP: 198.51.100.7:1234", "X-Client-IP: 198.51.100.7", "x-client-port: 1234", "MAX-FORWARDS: 10",
    ];

    private static readonly string[] Theirs =
    [
        "x-liveperson-signature: abc+/==", "X-Request-Id: 7", "Accept: */*;q=0.1, text/html", "Accept-Encoding: gzip, br;q=0.5", "Accept-Language: *",
        "User-Agent: odd ((agent", "Cookie: a=b; c=d", "Referer: not a url", "If-None-Match: \"x\", W/\"y\"", "If-Modified-Since: yesterday", "Range: bytes=0-4", "Date: never",
        "From: nobody", "Via: 1.0 somewhere", "Warning: 199 - \"x\"", "Cache-Control: no-cache", "Pragma: no-cache", "Origin: null", "X-Empty:", "X-Quoted: \"a, b\"; c", "X-Spaces: a   b",
        "X-Utf8: caf\u00c3\u00a9", "X-Latin1: caf\u00e9 \u00ff\u0080", "X-Tab: a\tb", "X_Under-score.and~others!#$%&'*+^`|: 1", "traceparent: 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
    ];

    [Theory]
    [InlineData("GET")]
    [InlineData("HEAD")]
    [InlineData("OPTIONS")]
    [InlineData("DELETE")]
    public async Task Every_header_that_is_not_the_gateways_arrives_and_nothing_else(string method)
    {
        await using var remote = Remote();
        var seen = await SendAsync(remote, method, "/x", [.. Ours, .. Theirs]);

        Assert.Equal($"{method} /x HTTP/1.1", seen.Head.FirstLine);
        Assert.Equal(new RawHead("", [.. Theirs, $"Host: 127.0.0.1:{remote.Port}"]).Sorted, seen.Head.Sorted);
    }

    [Theory]
    [InlineData("POST")]
    [InlineData("PUT")]
    [InlineData("PATCH")]
    public async Task So_it_is_with_a_body(string method)
    {
        await using var remote = Remote();
        string[] content = ["Content-Type: application/json, application/json;;charset", "Content-Length: 5", "Content-Encoding: gzip", "Content-Language: de", "Content-MD5: abc", "Content-Disposition: x", "Expires: -1", "Last-Modified: once", "Allow: GET"];

        var seen = await SendAsync(remote, method, "/x", [.. Ours, .. Theirs, .. content], "hello");

        Assert.Equal(new RawHead("", [.. Theirs, .. content, $"Host: 127.0.0.1:{remote.Port}"]).Sorted, seen.Head.Sorted);
        Assert.Equal("hello", seen.Body);
    }

    [Fact]
    public async Task Lines_of_one_name_arrive_joined_as_a_list()
    {
        await using var remote = Remote();
        var seen = await SendAsync(remote, "GET", "/", ["X-Many: one", "X-Many: two, three", "x-many:", "Cookie: a=1", "Cookie: b=2", "Accept: a/b", "Accept: c/d"]);

        Assert.Equal(("one, two, three, ", "a=1; b=2", "a/b, c/d"), (seen.Head["X-Many"] + " ", seen.Head["Cookie"], seen.Head["Accept"]));
    }

    [Fact]
    public async Task The_gateways_authorization_is_replaced_by_the_override_alone()
    {
        await using var remote = Remote();
        Assert.Equal(["Basic dGhlaXJz, second"], (await SendAsync(remote, "GET", "/", ["LP-authorization-override: Basic dGhlaXJz, second"])).Head.Values("Authorization"));
        Assert.Equal([""], (await SendAsync(remote, "GET", "/", ["LP-authorization-override:"])).Head.Values("Authorization"));
        Assert.Empty((await SendAsync(remote, "GET", "/", [])).Head.Values("Authorization"));
    }

    [Theory]
    [InlineData("", "/")]
    [InlineData("/", "/")]
    [InlineData("?a=b", "/?a=b")]
    [InlineData("/?", "/?")]
    [InlineData("/a%2Fb%2fc", "/a%2Fb%2fc")]
    [InlineData("/a%20b+c;d=e;f,g", "/a%20b+c;d=e;f,g")]
    [InlineData("/a/./b/../c/%2e/%2E%2e/..", "/a/./b/../c/%2e/%2E%2e/..")]
    [InlineData("//a///b", "//a///b")]
    [InlineData("/%41%7E~!$&'()*+,;=:@[]", "/%41%7E~!$&'()*+,;=:@[]")]
    [InlineData("/%zz%", "/%zz%")]
    [InlineData("/{a}|\"<b>^`", "/{a}|\"<b>^`")]
    [InlineData("/?a=%20&b=+&c=%2B&d=/../?e=[]&f='\"<>", "/?a=%20&b=+&c=%2B&d=/../?e=[]&f='\"<>")]
    [InlineData("/?&&=&a&", "/?&&=&a&")]
    public async Task Path_and_query_arrive_byte_for_byte(string written, string sent)
    {
        await using var remote = Remote();
        Assert.Equal($"GET {sent} HTTP/1.1", (await SendAsync(remote, "GET", written, [])).Head.FirstLine);
    }

    [Theory]
    [InlineData("localhost", "localhost", "localhost")]
    [InlineData("LOCALHOST", "localhost", "localhost")]
    [InlineData("127.0.0.1", "127.0.0.1", "")]
    public async Task Host_and_server_name_are_the_urls(string host, string sent, string serverName)
    {
        await using var remote = Remote();
        var seen = await CallAsync(remote, $"https://{host}:{remote.Port}/", "GET", ["X-Host: other.example"]);

        Assert.Equal(($"{sent}:{remote.Port}", serverName), (seen.Head["Host"], seen.ServerName));
    }

    [Fact]
    public async Task An_IPv6_literal_is_called_in_its_brackets()
    {
        await using var remote = new RawRemote(shared.Gateway.Pki.IssueServer("::1"), _ => "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", IPAddress.IPv6Loopback);
        var seen = await CallAsync(remote, $"https://[0:0:0:0:0:0:0:1]:{remote.Port}/", "GET", []);

        Assert.Equal(($"[::1]:{remote.Port}", ""), (seen.Head["Host"], seen.ServerName));
    }

    [Theory]
    [InlineData("GET")]
    [InlineData("DELETE")]
    [InlineData("OPTIONS")]
    [InlineData("POST")]
    public async Task A_chunked_body_arrives_chunked_whatever_the_method(string method)
    {
        await using var remote = Remote();
        var seen = await SendAsync(remote, method, "/", ["Transfer-Encoding: chunked"], "3;extension=1\r\nabc\r\n4\r\ndefg\r\n0\r\nX-Trailer: 1\r\n\r\n");

        Assert.Equal(("chunked", null, "abcdefg"), (seen.Head["Transfer-Encoding"], seen.Head["Content-Length"], RawHttp.Decode(seen.Body)));
    }

    [Theory]
    [InlineData("GET")]
    [InlineData("HEAD")]
    [InlineData("DELETE")]
    [InlineData("OPTIONS")]
    [InlineData("POST")]
    public async Task A_body_of_known_length_arrives_with_it_whatever_the_method(string method)
    {
        await using var remote = Remote();
        var body = new string([.. Enumerable.Range(0, 1024).Select(value => (char)(value % 256))]);
        var seen = await SendAsync(remote, method, "/", ["Content-Length: 1024"], body);

        Assert.Equal(("1024", null, body), (seen.Head["Content-Length"], seen.Head["Transfer-Encoding"], seen.Body));
    }

    [Theory]
    [InlineData("GET", null)]
    [InlineData("DELETE", null)]
    [InlineData("HEAD", null)]
    [InlineData("OPTIONS", null)]
    [InlineData("POST", "0")]
    [InlineData("PUT", "0")]
    [InlineData("PATCH", "0")]
    public async Task Without_a_body_there_is_no_length_but_where_HTTP_wants_one(string method, string? length)
    {
        await using var remote = Remote();
        var seen = await SendAsync(remote, method, "/", []);

        Assert.Equal((length, null), (seen.Head["Content-Length"], seen.Head["Transfer-Encoding"]));
        Assert.Equal("0", (await SendAsync(remote, method, "/", ["Content-Length: 0"])).Head["Content-Length"]);
    }

    [Fact]
    public async Task A_compressed_body_stays_compressed()
    {
        await using var remote = Remote();
        using var packed = new MemoryStream();
        await using (var gzip = new System.IO.Compression.GZipStream(packed, System.IO.Compression.CompressionLevel.Optimal, leaveOpen: true))
            await gzip.WriteAsync(new byte[10_000], TestContext.Current.CancellationToken);
        var body = Encoding.Latin1.GetString(packed.ToArray());

        var seen = await SendAsync(remote, "POST", "/", ["Content-Encoding: gzip", $"Content-Length: {body.Length}"], body);

        Assert.Equal(("gzip", body), (seen.Head["Content-Encoding"], seen.Body));
    }

    [Theory]
    [InlineData("Content-Length: 3", "Transfer-Encoding: chunked")]
    [InlineData("Transfer-Encoding: chunked", "Content-Length: 3")]
    [InlineData("Content-Length: 3", "Content-Length: 5")]
    [InlineData("Transfer-Encoding: gzip, chunked", "X-Other: 1")]
    public async Task A_request_with_two_framings_reaches_nobody(string one, string other)
    {
        await using var remote = Remote();
        await using var caller = await RawCaller.ConnectAsync(shared.Gateway);
        await caller.SendAsync("POST", remote.Url, [one, other], "0\r\n\r\nGET /smuggled HTTP/1.1\r\nHost: x\r\n\r\n");

        Assert.Contains((await caller.ReadHeadAsync()).FirstLine, (string[])["HTTP/1.1 400 Bad Request", "HTTP/1.1 501 Not Implemented"]);
        Assert.Empty(remote.Received);
    }

    [Fact]
    public async Task An_upgrade_is_refused_and_the_offer_of_HTTP_2_passed_over()
    {
        await using var remote = Remote();
        await using var caller = await RawCaller.ConnectAsync(shared.Gateway);
        await caller.SendAsync("GET", remote.Url, ["Connection: Upgrade", "Upgrade: websocket", "Sec-WebSocket-Version: 13", "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=="]);
        var (head, body) = await caller.ReadAnswerAsync();
        Assert.Equal(("HTTP/1.1 501 Not Implemented", "gateway"), (head.FirstLine, head["LP-response-origin"]));
        Assert.Contains("upgrade-refused", body, StringComparison.Ordinal);
        Assert.Empty(remote.Received);

        var seen = await SendAsync(remote, "GET", "/", ["Connection: Upgrade, HTTP2-Settings", "Upgrade: h2c", "HTTP2-Settings: AAMAAABkAARAAAAAAAIAAAAA"]);
        Assert.Equal([$"host: 127.0.0.1:{remote.Port}"], seen.Head.Sorted);
    }

    private RawRemote Remote() => new(shared.Gateway.Pki.IssueServer());

    private Task<RawRequest> SendAsync(RawRemote remote, string method, string path, IEnumerable<string> headers, string body = "") =>
        CallAsync(remote, remote.Url + path, method, headers, body);

    private async Task<RawRequest> CallAsync(RawRemote remote, string url, string method, IEnumerable<string> headers, string body = "")
    {
        var before = remote.Received.Count;
        await using var caller = await RawCaller.ConnectAsync(shared.Gateway);
        await caller.SendAsync(method, url, headers, body);
        var head = await caller.ReadHeadAsync();
        Assert.Equal(("HTTP/1.1 200 OK", "upstream"), (head.FirstLine, head["LP-response-origin"]));
        Assert.Equal(before + 1, remote.Received.Count);
        return remote.Received.Last();
    }
}
