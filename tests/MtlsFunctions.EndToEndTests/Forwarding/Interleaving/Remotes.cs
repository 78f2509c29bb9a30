using System.Security.Authentication;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using MtlsFunctions.Shared;

namespace MtlsFunctions.EndToEndTests.Forwarding.Interleaving;

/// <summary>
/// Four remote endpoints on one host: two of the operator's authority, one each of two others; two in HTTP/1.1, two in HTTP/2. They ask
/// for a client certificate and take whoever brings none, so nothing but the gateway keeps requests apart.
/// </summary>
internal sealed class Remotes : IAsyncDisposable
{
    private readonly TestPki north = new();
    private readonly TestPki south = new();
    private readonly List<MtlsServer> servers = [];

    private Remotes(TestPki operators) => Trusts =
    [
        new("operator's", null, operators), Trust.Own("north", north), Trust.Own("south", south),
        Trust.Own("north and south", north, south), Trust.Own("north and operator's", north, operators),
    ];

    /// <summary>The operator's first.</summary>
    public IReadOnlyList<Trust> Trusts { get; }

    /// <summary>What accounts map.</summary>
    public List<Place> Places { get; } = [];

    /// <summary>What none maps: there everybody goes without a certificate, and yet not together.</summary>
    public Place Unmapped { get; private set; } = null!;

    /// <summary>Before the first one.</summary>
    public SessionTap Tap { get; private set; } = null!;

    /// <summary>What arrived, with a name of its connection that no other remote uses.</summary>
    public IEnumerable<(string Connection, ReceivedRequest Request)> Received =>
        servers.SelectMany(server => server.Received.Select(request => ($"{server.Port}/{request.ConnectionId}", request)));

    public static async Task<Remotes> StartAsync(TestPki operators)
    {
        var remotes = new Remotes(operators);
        var first = await remotes.AddAsync(operators, operators, HttpProtocols.Http1, SslProtocols.Tls13);
        remotes.Tap = new SessionTap(first);
        remotes.Map(operators, remotes.Tap.UrlFor("localhost") + "/orders", "WEBHOOKS", "2");
        remotes.Map(operators, remotes.Tap.UrlFor("localhost") + "/orders", "IDP", "1");
        var second = await remotes.AddAsync(operators, operators, HttpProtocols.Http1AndHttp2, SslProtocols.None);
        remotes.Map(operators, second.UrlFor("localhost") + "/orders", "WEBHOOKS", "2");
        remotes.Unmapped = new("WEBHOOKS", "2", second.UrlFor("localhost") + "/unmapped", operators);
        var third = await remotes.AddAsync(operators, remotes.north, HttpProtocols.Http1, SslProtocols.None);
        remotes.Map(remotes.north, third.UrlFor("localhost") + "/orders", "WEBHOOKS", "2");
        remotes.Map(remotes.north, third.UrlFor("localhost") + "/refunds", "WEBHOOKS", "2");
        var fourth = await remotes.AddAsync(operators, remotes.south, HttpProtocols.Http1AndHttp2, SslProtocols.Tls12);
        remotes.Map(remotes.south, fourth.UrlFor("localhost") + "/orders", "WEBHOOKS", "2");
        return remotes;
    }

    public async ValueTask DisposeAsync()
    {
        await Tap.DisposeAsync();
        foreach (var server in servers)
            await server.DisposeAsync();
    }

    private void Map(TestPki issuer, string url, string service, string serviceId) => Places.Add(new(service, serviceId, url, issuer));

    private async Task<MtlsServer> AddAsync(TestPki clients, TestPki issuer, HttpProtocols protocols, SslProtocols tls)
    {
        // New connections all the time, so that there is something to resume.
        var ends = protocols == HttpProtocols.Http1;
        var answered = 0;
        var server = await MtlsServer.StartAsync(clients, options =>
        {
            options.Certificate = issuer.IssueServer();
            options.ClientCertificates = ClientCertificateMode.AllowCertificate;
            (options.Protocols, options.TlsVersions) = (protocols, tls);
            options.Handler = context =>
            {
                if (ends && Interlocked.Increment(ref answered) % 8 == 0)
                    context.Response.Headers.Connection = "close";
                return MtlsServer.AnswerWithThumbprint(context);
            };
        });
        servers.Add(server);
        return server;
    }
}
