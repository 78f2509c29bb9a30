using System.Collections.Concurrent;
using System.Net;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using MtlsFunctions.Shared;

namespace MtlsFunctions.EndToEndTests.Forwarding.Wire;

/// <summary>A TLS server that records requests byte for byte and answers with exactly the text it was given, request after request.</summary>
internal sealed class RawRemote : IAsyncDisposable
{
    private readonly FaultyServer server;

    /// <param name="answer">By the number of the request, from 0.</param>
    public RawRemote(X509Certificate2 certificate, Func<int, string> answer, IPAddress? address = null) => server = new FaultyServer(
        async (stream, ending) =>
        {
            while (true)
            {
                var head = await RawHttp.ReadHeadAsync(stream, ending);
                var body = await RawHttp.ReadBodyAsync(stream, head, ending);
                Received.Enqueue(new RawRequest(head, body, ((SslStream)stream).TargetHostName));
                await RawHttp.WriteAsync(stream, answer(Received.Count - 1), ending);
            }
        },
        certificate, address: address);

    public RawRemote(X509Certificate2 certificate, string answer = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
        : this(certificate, _ => answer)
    {
    }

    public ConcurrentQueue<RawRequest> Received { get; } = new();

    public int Connections => server.Connections;

    public int Port => server.Port;

    public string Url => server.Url;

    public ValueTask DisposeAsync() => server.DisposeAsync();
}

/// <param name="ServerName">What the TLS client asked for.</param>
internal sealed record RawRequest(RawHead Head, string Body, string ServerName);
