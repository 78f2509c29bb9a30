using System.Security.Cryptography.X509Certificates;

namespace MtlsFunctions.Shared.RealServers;

/// <summary>Debian's nginx with one TLS server that demands client certificates, unless its lines say otherwise.</summary>
public sealed class NginxServer : IAsyncDisposable
{
    private readonly ServerProcess process;

    private NginxServer(ServerProcess process) => this.process = process;

    public int Port => process.Port;

    public Uri Url => new($"https://localhost:{Port}/");

    /// <summary>One line for each request that it processed, as log_format `line` has it: status, method, URI, serial of the client certificate.</summary>
    public string[] AccessLog() => File.ReadAllLines(Path.Combine(process.Folder, "access.log"));

    public string ErrorLog() => File.ReadAllText(Path.Combine(process.Folder, "error.log"));

    /// <param name="clientAuthorities">Whose certificates are accepted.</param>
    /// <param name="serverLines">
    /// Lines of the server block, such as `keepalive_requests 10;` or locations. `ssl_verify_client on;` stands before them.
    /// </param>
    /// <param name="http2">Whether `listen` offers HTTP/2.</param>
    public static async Task<NginxServer> StartAsync(
        TestPki pki, X509Certificate2? clientAuthorities = null, string serverLines = "location / { return 200 ok; }", bool http2 = true,
        string verifyClient = "on") =>
        new(await ServerProcess.StartAsync((folder, port) =>
        {
            ServerFiles.WriteServer(folder, pki.IssueServer());
            ServerFiles.WriteClientAuthorities(folder, clientAuthorities ?? pki.Root);
            File.WriteAllText(Path.Combine(folder, "nginx.conf"), Configuration(folder, port, serverLines, http2, verifyClient));
            return Programs.Start("nginx", "nginx", "-e", Path.Combine(folder, "error.log"), "-p", folder, "-c", Path.Combine(folder, "nginx.conf"));
        }));

    public ValueTask DisposeAsync() => process.DisposeAsync();

    // Its own defaults hold wherever nothing is set: they are what people meet.
    private static string Configuration(string folder, int port, string serverLines, bool http2, string verifyClient) => $$"""
        daemon off;
        worker_processes 1;
        {{(Environment.IsPrivilegedProcess ? "user root;" : "")}}
        pid {{folder}}/nginx.pid;
        error_log {{folder}}/error.log notice;
        events { worker_connections 1024; }
        http {
          log_format line '$status $request_method $request_uri $ssl_client_serial';
          access_log {{folder}}/access.log line;
          client_body_temp_path {{folder}}/body;
          proxy_temp_path {{folder}}/proxy;
          fastcgi_temp_path {{folder}}/fastcgi;
          uwsgi_temp_path {{folder}}/uwsgi;
          scgi_temp_path {{folder}}/scgi;
          server {
            listen 127.0.0.1:{{port}} ssl{{(http2 ? " http2" : "")}};
            server_name localhost;
            ssl_certificate {{folder}}/server.pem;
            ssl_certificate_key {{folder}}/server.key;
            ssl_client_certificate {{folder}}/clients.pem;
            ssl_verify_client {{verifyClient}};
            ssl_verify_depth 3;
            {{serverLines}}
          }
        }
        """;
}
