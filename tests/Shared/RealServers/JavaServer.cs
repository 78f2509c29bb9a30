using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace MtlsFunctions.Shared.RealServers;

/// <summary>The JDK's own HTTPS server (com.sun.net.httpserver), which demands client certificates.</summary>
public sealed class JavaServer : IAsyncDisposable
{
    private const string AnswerOk = """
        exchange.getRequestBody().readAllBytes();
        exchange.sendResponseHeaders(200, 2);
        exchange.getResponseBody().write("ok".getBytes());
        exchange.close();
        """;

    private readonly ServerProcess process;

    private JavaServer(ServerProcess process) => this.process = process;

    public int Port => process.Port;

    public Uri Url => new($"https://localhost:{Port}/");

    public string Output => process.Output;

    /// <param name="protocol">Java's name of the one TLS version: `TLSv1.2` or `TLSv1.3`.</param>
    /// <param name="handler">Java: statements with `exchange`.</param>
    public static async Task<JavaServer> StartAsync(
        TestPki pki, X509Certificate2? clientAuthorities = null, string protocol = "TLSv1.3", string handler = AnswerOk) =>
        new(await ServerProcess.StartAsync((folder, port) =>
        {
            var password = RandomNumberGenerator.GetHexString(16);
            File.WriteAllBytes(Path.Combine(folder, "server.p12"), pki.IssueServer().Export(X509ContentType.Pkcs12, password));
            ServerFiles.WriteClientAuthorities(folder, clientAuthorities ?? pki.Root);
            var source = Path.Combine(folder, "Server.java");
            File.WriteAllText(source, Source.Replace("HANDLER", handler, StringComparison.Ordinal));
            var start = Programs.Start("java", "openjdk-17-jdk-headless", "-XX:TieredStopAtLevel=1", "-Xshare:auto", "-Dsun.net.httpserver.nodelay=true", source, $"{port}", protocol);
            start.WorkingDirectory = folder;
            start.Environment["SERVER_PASSWORD"] = password;
            return start;
        }));

    public ValueTask DisposeAsync() => process.DisposeAsync();

    private const string Source = """
        import com.sun.net.httpserver.*;
        import java.io.*;
        import java.net.InetSocketAddress;
        import java.security.KeyStore;
        import java.security.cert.CertificateFactory;
        import java.util.concurrent.Executors;
        import javax.net.ssl.*;

        public class Server {
          public static void main(String[] args) throws Exception {
            char[] password = System.getenv("SERVER_PASSWORD").toCharArray();
            KeyManagerFactory keys = KeyManagerFactory.getInstance("PKIX");
            keys.init(KeyStore.getInstance(new File("server.p12"), password), password);
            KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
            trusted.load(null, null);
            int number = 0;
            for (var authority : CertificateFactory.getInstance("X.509").generateCertificates(new FileInputStream("clients.pem")))
              trusted.setCertificateEntry("authority" + number++, authority);
            TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
            trust.init(trusted);
            SSLContext tls = SSLContext.getInstance("TLS");
            tls.init(keys.getKeyManagers(), trust.getTrustManagers(), null);

            HttpsServer server = HttpsServer.create(new InetSocketAddress("127.0.0.1", Integer.parseInt(args[0])), 0);
            server.setHttpsConfigurator(new HttpsConfigurator(tls) {
              public void configure(HttpsParameters parameters) {
                SSLParameters mine = tls.getDefaultSSLParameters();
                mine.setNeedClientAuth(true);
                mine.setProtocols(new String[] { args[1] });
                parameters.setSSLParameters(mine);
              }
            });
            server.createContext("/", exchange -> {
              HANDLER
            });
            // With one thread a connection that says nothing, such as that of a port check, would keep all others waiting.
            server.setExecutor(Executors.newCachedThreadPool());
            server.start();
          }
        }
        """;
}
