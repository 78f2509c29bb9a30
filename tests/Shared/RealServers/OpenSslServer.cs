using System.Security.Cryptography.X509Certificates;

namespace MtlsFunctions.Shared.RealServers;

/// <summary>
/// `openssl s_server`, whose arguments reach every corner of TLS: versions, suites, signature algorithms, any certificate. It
/// answers each GET with a page, and demands client certificates unless told otherwise.
/// </summary>
public sealed class OpenSslServer : IAsyncDisposable
{
    private readonly ServerProcess process;

    private OpenSslServer(ServerProcess process) => this.process = process;

    public int Port => process.Port;

    public Uri Url => new($"https://localhost:{Port}/");

    public string Output => process.Output;

    /// <param name="arguments">Further ones, such as `-tls1_2`; `-www` stands before them.</param>
    /// <param name="certificate">Default: one for localhost and 127.0.0.1 of the PKI's root.</param>
    /// <param name="chain">What it sends behind its certificate.</param>
    /// <param name="verify">False asks for no client certificate.</param>
    public static async Task<OpenSslServer> StartAsync(
        TestPki pki, IEnumerable<string> arguments, X509Certificate2? clientAuthorities = null, X509Certificate2? certificate = null,
        IEnumerable<X509Certificate2>? chain = null, bool verify = true) =>
        new(await ServerProcess.StartAsync((folder, port) =>
        {
            ServerFiles.WriteServer(folder, certificate ?? pki.IssueServer(), chain ?? []);
            ServerFiles.WriteClientAuthorities(folder, clientAuthorities ?? pki.Root);
            string In(string name) => Path.Combine(folder, name);
            string[] demand = verify ? ["-Verify", "3", "-verify_return_error", "-CAfile", In("clients.pem")] : [];
            return Programs.Start("openssl", "openssl",
                ["s_server", "-accept", $"127.0.0.1:{port}", "-cert", In("server.pem"), "-key", In("server.key"), "-cert_chain", In("server.pem"), "-www", .. demand, .. arguments]);
        }));

    public ValueTask DisposeAsync() => process.DisposeAsync();
}
