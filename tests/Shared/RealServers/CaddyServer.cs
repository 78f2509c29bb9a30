namespace MtlsFunctions.Shared.RealServers;

/// <summary>Caddy, Go's HTTP/2 server, that demands client certificates and answers 200 "ok".</summary>
public sealed class CaddyServer : IAsyncDisposable
{
    private readonly ServerProcess process;

    private CaddyServer(ServerProcess process) => this.process = process;

    public Uri Url => new($"https://localhost:{process.Port}/");

    public static async Task<CaddyServer> StartAsync(TestPki pki) =>
        new(await ServerProcess.StartAsync((folder, port) =>
        {
            ServerFiles.WriteServer(folder, pki.IssueServer());
            ServerFiles.WriteClientAuthorities(folder, pki.Root);
            var file = Path.Combine(folder, "Caddyfile");
            File.WriteAllText(file, $$"""
                {
                  admin off
                  auto_https off
                }
                https://localhost:{{port}} {
                  bind 127.0.0.1
                  tls {{folder}}/server.pem {{folder}}/server.key {
                    client_auth {
                      mode require_and_verify
                      trusted_ca_cert_file {{folder}}/clients.pem
                    }
                  }
                  respond ok
                }
                """);
            var start = Programs.Start("caddy", "caddy", "run", "--config", file, "--adapter", "caddyfile");
            start.Environment["HOME"] = folder;
            return start;
        }));

    public ValueTask DisposeAsync() => process.DisposeAsync();
}
