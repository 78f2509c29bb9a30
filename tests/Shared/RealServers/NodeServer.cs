using System.Security.Cryptography.X509Certificates;
using System.Text.Json;

namespace MtlsFunctions.Shared.RealServers;

/// <summary>Node's own HTTPS or HTTP/2 server, which demands client certificates unless its options say otherwise.</summary>
public sealed class NodeServer : IAsyncDisposable
{
    private const string AnswerOk = "(request, response) => response.end('ok')";

    private readonly ServerProcess process;

    private NodeServer(ServerProcess process) => this.process = process;

    public int Port => process.Port;

    public Uri Url => new($"https://localhost:{Port}/");

    /// <summary>What its script printed, and what went wrong in it.</summary>
    public string Output => process.Output;

    /// <param name="clientAuthorities">Whose certificates are accepted.</param>
    /// <param name="handler">JavaScript: a function of request and response.</param>
    /// <param name="tlsOptions">JavaScript: members of the options of createServer, such as `minVersion: 'TLSv1.3'`; they win.</param>
    /// <param name="http2">Speaks HTTP/2, and HTTP/1.1 with those who don't.</param>
    /// <param name="more">JavaScript: what is to be done with `server` before it listens.</param>
    public static async Task<NodeServer> StartAsync(
        TestPki pki, X509Certificate2? clientAuthorities = null, string handler = AnswerOk, string tlsOptions = "", bool http2 = false, string more = "") =>
        new(await ServerProcess.StartAsync((folder, port) =>
        {
            ServerFiles.WriteServer(folder, pki.IssueServer());
            ServerFiles.WriteClientAuthorities(folder, clientAuthorities ?? pki.Root);
            var script = Path.Combine(folder, "server.js");
            File.WriteAllText(script, Script(folder, port, handler, tlsOptions, http2, more));
            return Programs.Start("node", "nodejs", script);
        }));

    public ValueTask DisposeAsync() => process.DisposeAsync();

    private static string Script(string folder, int port, string handler, string tlsOptions, bool http2, string more) => $$"""
        const fs = require('fs'), path = require('path');
        const read = name => fs.readFileSync(path.join({{JsonSerializer.Serialize(folder)}}, name));
        const options = {
          key: read('server.key'), cert: read('server.pem'), ca: read('clients.pem'),
          requestCert: true, rejectUnauthorized: true, allowHTTP1: true,
          {{tlsOptions}}
        };
        const server = {{(http2 ? "require('http2').createSecureServer" : "require('https').createServer")}}(options, {{handler}});
        {{more}}
        server.listen({{port}}, '127.0.0.1');
        """;
}
