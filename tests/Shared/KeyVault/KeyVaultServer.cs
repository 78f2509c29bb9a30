using System.Collections.Concurrent;
using System.Net;
using System.Net.Http;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using Azure.Core.Pipeline;
using Microsoft.AspNetCore.Hosting;

namespace MtlsFunctions.Shared;

/// <summary>
/// An imitation of Azure Key Vault's REST API, certificates and the secrets behind them, for the real SDK: over TLS, under a name of
/// the service, with its challenge, rights, paging, soft delete and errors. What it holds outlives a stop.
/// </summary>
public sealed class KeyVaultServer : IAsyncDisposable
{
    private readonly TestPki pki = new();
    private readonly X509Certificate2 certificate;
    private readonly KeyVaultApi api;
    private LoopbackKestrel? kestrel;
    private int port;

    private KeyVaultServer()
    {
        // Unlike any other: the SDK remembers challenges by host, for the whole process.
        Host = $"kv-{RandomNumberGenerator.GetHexString(12, lowercase: true)}.vault.azure.net";
        certificate = pki.IssueServer(Host);
        api = new KeyVaultApi(this);
        Faults = new VaultFaults(api.AnswerAsync, KeyVaultApi.AnswerErrorAsync);
    }

    public string Host { get; }

    public Uri Uri => new($"https://{Host}/");

    public VaultFaults Faults { get; }

    /// <summary>Signs the product in; no other token is accepted.</summary>
    public KeyVaultIdentity Identity { get; } = new();

    /// <summary>What the identity may do, as data actions; by default exactly what the product's documentation asks for.</summary>
    public HashSet<string> Rights { get; } =
        ["certificates/read", "certificates/import/action", "certificates/delete", "certificates/recover/action", "secrets/getSecret/action"];

    /// <summary>Deleted entries can't be purged by anybody.</summary>
    public bool PurgeProtection { get; set; } = true;

    /// <summary>The resource that the challenge says tokens are for.</summary>
    public string Resource { get; set; } = "https://vault.azure.net";

    /// <summary>What every import is told with a 400; null takes what can be read.</summary>
    public string? RefuseImports { get; set; }

    /// <summary>Bodies of the imports that have arrived, with the names they were for.</summary>
    public ConcurrentQueue<(string Name, JsonObject Body)> Imports { get; } = new();

    /// <summary>Entries of a list's page; the service's own limit is 25.</summary>
    public int PageSize { get; set; } = 25;

    public static async Task<KeyVaultServer> StartAsync()
    {
        var server = new KeyVaultServer();
        await server.ComeBackAsync();
        return server;
    }

    /// <summary>As an operator would in the portal: the version is there, and can't be read.</summary>
    public void Disable(string version) => api.Store.Find(version).Enabled = false;

    /// <summary>Requests in flight are aborted, and nothing listens any more.</summary>
    public async Task StopAsync()
    {
        if (kestrel is not null)
            await kestrel.DisposeAsync();
        kestrel = null;
    }

    public async Task ComeBackAsync()
    {
        kestrel = await LoopbackKestrel.StartAsync(Faults.AnswerAsync, listen => listen.UseHttps(certificate));
        port = kestrel.Port;
    }

    /// <summary>For the SDK, which does everything else as it does.</summary>
    public HttpClientTransport CreateTransport() => new(CreateHandler());

    /// <summary>Dials this server, wherever it is now, for its name, and trusts its PKI.</summary>
    public SocketsHttpHandler CreateHandler() => new()
    {
        UseProxy = false,
        ConnectCallback = async (context, cancellation) =>
        {
            if (context.DnsEndPoint.Host != Host)
                throw new HttpRequestException($"{context.DnsEndPoint.Host} is not this server.");
            var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            try
            {
                await socket.ConnectAsync(new IPEndPoint(IPAddress.Loopback, port), cancellation);
                return new NetworkStream(socket, ownsSocket: true);
            }
            catch
            {
                socket.Dispose();
                throw;
            }
        },
        SslOptions = new SslClientAuthenticationOptions
        {
            CertificateChainPolicy = new X509ChainPolicy
            {
                TrustMode = X509ChainTrustMode.CustomRootTrust,
                CustomTrustStore = { pki.Root },
                RevocationMode = X509RevocationMode.NoCheck,
            },
        },
    };

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        certificate.Dispose();
    }
}
