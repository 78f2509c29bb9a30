using System.Security.Cryptography.X509Certificates;

namespace MtlsFunctions.Shared.RealServers;

/// <summary>
/// Debian's Apache with one TLS host that demands client certificates, unless its lines say otherwise. <c>/count</c> answers with the
/// length of the body.
/// </summary>
public sealed class ApacheServer : IAsyncDisposable
{
    private static readonly string[] Modules =
        ["mpm_event", "authz_core", "dir", "ssl", "socache_shmcb", "http2", "headers", "rewrite", "alias", "setenvif", "cgid"];

    private readonly ServerProcess process;

    private ApacheServer(ServerProcess process) => this.process = process;

    public int Port => process.Port;

    public Uri Url => new($"https://localhost:{Port}/");

    public string ErrorLog() => File.ReadAllText(Path.Combine(process.Folder, "error.log"));

    /// <summary>One line for each request: status, request line, serial of the client certificate.</summary>
    public string[] AccessLog() => File.ReadAllLines(Path.Combine(process.Folder, "access.log"));

    /// <param name="protocols">The directive Protocols: what ALPN offers.</param>
    /// <param name="hostLines">Lines of the virtual host, such as `SSLProtocol TLSv1.2` or a Location. `SSLVerifyClient` stands before them.</param>
    public static async Task<ApacheServer> StartAsync(
        TestPki pki, X509Certificate2? clientAuthorities = null, string protocols = "h2 http/1.1", string hostLines = "",
        string verifyClient = "require") =>
        new(await ServerProcess.StartAsync((folder, port) =>
        {
            ServerFiles.WriteServer(folder, pki.IssueServer());
            ServerFiles.WriteClientAuthorities(folder, clientAuthorities ?? pki.Root);
            var documents = Directory.CreateDirectory(Path.Combine(folder, "www")).FullName;
            File.WriteAllText(Path.Combine(documents, "index.html"), "ok");
            WriteScript(Path.Combine(folder, "count"));
            File.WriteAllText(Path.Combine(folder, "apache.conf"), Configuration(folder, port, protocols, hostLines, verifyClient));
            return Programs.Start("apache2", "apache2", "-D", "FOREGROUND", "-f", Path.Combine(folder, "apache.conf"));
        }));

    public ValueTask DisposeAsync() => process.DisposeAsync();

    // Its answer is the length of the body.
    private static void WriteScript(string path)
    {
        File.WriteAllText(path, "#!/bin/sh\nprintf 'Content-Type: text/plain\\r\\n\\r\\n'\nwc -c\n");
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(path, (UnixFileMode)0b111_101_101);
    }

    // As root Apache demands another user, which must then be able to enter the folder; elsewhere it stays who it is.
    private static string Configuration(string folder, int port, string protocols, string hostLines, string verifyClient)
    {
        const string modules = "/usr/lib/apache2/modules";
        if (Environment.IsPrivilegedProcess && !OperatingSystem.IsWindows())
            File.SetUnixFileMode(folder, (UnixFileMode)0b111_101_101);
        var loaded = string.Join('\n', Modules
            .Where(module => File.Exists($"{modules}/mod_{module}.so")).Select(module => $"LoadModule {module}_module {modules}/mod_{module}.so"));
        return $$"""
            ServerRoot {{folder}}
            ServerName localhost
            PidFile {{folder}}/apache.pid
            DefaultRuntimeDir {{folder}}
            ScriptSock {{folder}}/cgid.sock
            {{(Environment.IsPrivilegedProcess ? "User www-data\nGroup www-data" : "")}}
            {{loaded}}
            Listen 127.0.0.1:{{port}}
            ErrorLog {{folder}}/error.log
            LogLevel warn ssl:info
            LogFormat "%>s %r %{SSL_CLIENT_M_SERIAL}x" line
            CustomLog {{folder}}/access.log line
            SSLSessionCache shmcb:{{folder}}/sessions(512000)
            Protocols {{protocols}}
            <VirtualHost 127.0.0.1:{{port}}>
              ServerName localhost
              DocumentRoot {{folder}}/www
              SSLEngine on
              SSLCertificateFile {{folder}}/server.pem
              SSLCertificateKeyFile {{folder}}/server.key
              SSLCACertificateFile {{folder}}/clients.pem
              SSLVerifyClient {{verifyClient}}
              SSLVerifyDepth 3
              <Directory {{folder}}/www>
                Require all granted
              </Directory>
              ScriptAlias /count {{folder}}/count
              {{hostLines}}
            </VirtualHost>
            """;
    }
}
