using MtlsFunctions.Shared.RealServers;

namespace MtlsFunctions.EndToEndTests.Forwarding.RealServers;

/// <summary>
/// Seven servers that answer before they have read the body, over HTTP/1.1; three statuses, four lengths, three times each: 252
/// answers, and the caller gets each of them. (Servers whose systems hold the answer back until they reset the connection are left
/// out: curl doesn't see that either. So Java's has its option against Nagle's algorithm.)
/// </summary>
public sealed class EarlyAnswerMatrixTests(Http1Fixture shared) : IClassFixture<Http1Fixture>
{
    private const int Rounds = 3;

    private const string NodeAnswer = "response.writeHead(Number(request.url.slice(1)), { 'X-Early': '1', 'Connection': 'close' }); ";

    private static readonly int[] Statuses = [401, 403, 413];
    private static readonly int[] Lengths = [90_000, 200_000, 5_000_000, 50_000_000];

    [Fact]
    public Task Node_that_closes() => Node($"(request, response) => {{ {NodeAnswer} response.end('early'); }}");

    [Fact]
    public Task Node_that_closes_abruptly() => Node($"(request, response) => {{ {NodeAnswer} response.end('early', () => request.socket.destroy()); }}");

    [Fact]
    public Task Node_that_waits_five_seconds_without_reading_and_closes() => Node("""
        (request, response) => {
          request.socket.write('HTTP/1.1 ' + request.url.slice(1) + ' Odd\r\nX-Early: 1\r\nConnection: close\r\nContent-Length: 5\r\n\r\nearly');
          setTimeout(() => request.socket.destroy(), 5000);
        }
        """);

    [Fact]
    public async Task Java()
    {
        await using var java = await JavaServer.StartAsync(shared.Gateway.Pki, handler: """
            exchange.getResponseHeaders().set("X-Early", "1");
            exchange.sendResponseHeaders(Integer.parseInt(exchange.getRequestURI().getPath().substring(1)), 5);
            exchange.getResponseBody().write("early".getBytes());
            exchange.close();
            """);
        await TryAsync(java.Url);
    }

    [Fact]
    public async Task Python()
    {
        await using var python = await PythonServer.StartAsync(shared.Gateway.Pki, """
            self.send_response(int(self.path[1:]))
            self.send_header("X-Early", "1")
            self.send_header("Content-Length", "5")
            self.end_headers()
            self.wfile.write(b"early")
            """);
        await TryAsync(python.Url);
    }

    [Fact]
    public async Task Nginx()
    {
        await using var nginx = await NginxServer.StartAsync(shared.Gateway.Pki, http2: false, serverLines: """
            add_header X-Early 1 always;
            client_max_body_size 0;
            location /401 { return 401 early; }
            location /403 { return 403 early; }
            location /413 { client_max_body_size 1k; }
            """);
        await TryAsync(nginx.Url, "");
    }

    [Fact]
    public async Task Apache()
    {
        await using var apache = await ApacheServer.StartAsync(shared.Gateway.Pki, protocols: "http/1.1", hostLines: """
            Header always set X-Early 1
            RewriteEngine On
            RewriteRule ^/401$ - [R=401,L]
            RewriteRule ^/403$ - [R=403,L]
            RewriteRule ^/413$ - [R=413,L]
            """);
        await TryAsync(apache.Url, "");
    }

    private async Task Node(string handler)
    {
        await using var node = await NodeServer.StartAsync(shared.Gateway.Pki, handler: handler);
        await TryAsync(node.Url);
    }

    /// <param name="body">Nothing for whatever the server has for the status.</param>
    private async Task TryAsync(Uri server, string body = "early")
    {
        var (account, certificate, _) = await shared.NewAccountWithCertificateAsync();
        foreach (var status in Statuses)
            await account.MapAsync($"{server}{status}", certificate);
        List<string> lost = [];
        foreach (var (status, length) in from status in Statuses from length in Lengths from _ in Enumerable.Range(0, Rounds) select (status, length))
        {
            var answer = await account.ForwardAsync(HttpMethod.Post, $"{server}{status}", content: new ByteArrayContent(new byte[length]));
            if (((int)answer.Status, answer.Header("X-Early")) != (status, "1") || !answer.Text.Contains(body, StringComparison.Ordinal))
                lost.Add($"{status} to {length} bytes: {answer.Status} {answer.Header("LP-error-from-transport")}");
        }

        Assert.Equal([], lost);
    }
}
