using System.Security.Cryptography.X509Certificates;

namespace MtlsFunctions.Shared.RealServers;

/// <summary>The http.server of Python's own library behind its ssl module, which demands client certificates.</summary>
public sealed class PythonServer : IAsyncDisposable
{
    private readonly ServerProcess process;

    private PythonServer(ServerProcess process) => this.process = process;

    public Uri Url => new($"https://localhost:{process.Port}/");

    public string Output => process.Output;

    /// <param name="post">Python: the statements of do_POST, with `self`.</param>
    public static async Task<PythonServer> StartAsync(TestPki pki, string post, X509Certificate2? clientAuthorities = null) =>
        new(await ServerProcess.StartAsync((folder, port) =>
        {
            ServerFiles.WriteServer(folder, pki.IssueServer());
            ServerFiles.WriteClientAuthorities(folder, clientAuthorities ?? pki.Root);
            var script = Path.Combine(folder, "server.py");
            File.WriteAllText(script, Script(port, post));
            var start = Programs.Start("python3", "python3", script);
            start.WorkingDirectory = folder;
            return start;
        }));

    public ValueTask DisposeAsync() => process.DisposeAsync();

    private static string Script(int port, string post) => $"""
        import http.server, ssl
        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                {post.ReplaceLineEndings("\n        ")}
            def log_message(self, *args):
                pass
        tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        tls.load_cert_chain("server.pem", "server.key")
        tls.load_verify_locations("clients.pem")
        tls.verify_mode = ssl.CERT_REQUIRED
        server = http.server.ThreadingHTTPServer(("127.0.0.1", {port}), Handler)
        # The handshake is made by the thread of the connection: one that says nothing, such as that of a port check, keeps nobody waiting.
        server.socket = tls.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
        server.serve_forever()
        """;
}
