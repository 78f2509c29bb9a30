using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Security;
using System.Security.Authentication;
using System.Text;
using MtlsFunctions.Certificates;
using MtlsFunctions.Forwarding.EarlyAnswers;
using MtlsFunctions.Forwarding.Tls;
using MtlsFunctions.Mappings;

namespace MtlsFunctions.Forwarding;

/// <summary>Makes handlers. Every setting is made here, on purpose: a default that changes can't change what goes over the wire.</summary>
public sealed class HandlerFactory(
    IOptions<ForwardingOptions> options, TargetGuard guard, RemoteTrust trust, HandshakeThreads handshakes, ForwardMetrics metrics, TimeProvider clock)
{
    /// <param name="certificate">Owned by the handler from here on; null for plain TLS.</param>
    /// <param name="trustedCa">The mapping's own roots; null where the operator's trust holds.</param>
    /// <param name="reach">On whose behalf it connects; null lets it call what is open to everybody.</param>
    public WarmHandler Create(ClientCertificate? certificate, TrustedCa? trustedCa = null, Reach? reach = null) => Create(certificate, trustedCa, reach, null);

    /// <param name="await">What is waited for on a new connection before anything goes out on it; null for nothing.</param>
    [SuppressMessage("Security", "CA5359", Justification = "RemoteTrust.Validate throws where others return false, to say what is wrong.")]
    internal WarmHandler Create(ClientCertificate? certificate, TrustedCa? trustedCa, Reach? reach, Func<NewConnection, CancellationToken, Task>? @await)
    {
        var settings = options.Value;
        var trusted = trust.Of(trustedCa);
        var endpoints = new RemoteEndpoints(clock);
        var handler = new SocketsHttpHandler
        {
            // As if the caller had contacted the remote endpoint itself.
            AllowAutoRedirect = false,
            UseCookies = false,
            AutomaticDecompression = DecompressionMethods.None,
            ActivityHeadersPropagator = null,
            PreAuthenticate = false,
            Credentials = null,
            // Bytes in, bytes out.
            RequestHeaderEncodingSelector = SentOnce.EncodingOf,
            ResponseHeaderEncodingSelector = (_, _) => Encoding.Latin1,
            // In KB.
            MaxResponseHeadersLength = (settings.MaxResponseHeadersBytes + 1023) / 1024,
            // What isn't wanted of an answer ends its connection.
            MaxResponseDrainSize = 0,

            // A proxy would dial for us, past the guard.
            UseProxy = false,
            ConnectCallback = (connection, cancellation) => ConnectAsync(connection.DnsEndPoint, reach ?? Reach.Nobody, cancellation),
            ConnectTimeout = settings.ConnectTimeout,
            PlaintextStreamFilter = (connection, cancellation) => ConnectedAsync(connection, @await, endpoints, cancellation),

            PooledConnectionLifetime = settings.ConnectionLifetime,
            PooledConnectionIdleTimeout = settings.ConnectionIdleTimeout,
            MaxConnectionsPerServer = settings.MaxConnectionsPerEndpoint,
            EnableMultipleHttp2Connections = true,

            SslOptions = new SslClientAuthenticationOptions
            {
                EnabledSslProtocols = settings.MinimumTlsVersion | SslProtocols.Tls13,
                CertificateChainPolicy = trusted.Policy(),
                RemoteCertificateValidationCallback = trusted.Validate,
                // A context sends the intermediates, and sends certificates without the clientAuth usage too.
                ClientCertificateContext = certificate is null
                    ? null
                    : SslStreamCertificateContext.Create(certificate.Leaf, certificate.Intermediates, offline: true),
                // Only to hear of a demand: the callback is passed over where there is a context.
                LocalCertificateSelectionCallback = certificate is null ? ClientCertificateDemand.ShowNothing : null,
                // The runtime's session cache is process-wide and knows sessions by the certificate alone. So none is resumed without
                // one, nor where another trust could have accepted the remote.
                AllowTlsResume = certificate is not null && trustedCa is null,
            },
        };
        return new WarmHandler(new HttpMessageInvoker(handler, disposeHandler: true), certificate) { Endpoints = endpoints };
    }

    private async ValueTask<Stream> ConnectAsync(DnsEndPoint remote, Reach reach, CancellationToken cancellation) =>
        new HandshakeWatch(handshakes.Over(await guard.ConnectAsync(remote, reach, cancellation), reach.Owner));

    private async ValueTask<Stream> ConnectedAsync(
        SocketsHttpPlaintextStreamFilterContext connection, Func<NewConnection, CancellationToken, Task>? @await, RemoteEndpoints endpoints,
        CancellationToken cancellation)
    {
        var isHttp2 = connection.NegotiatedHttpVersion.Major > 1;
        var tls = (SslStream)connection.PlaintextStream;
        metrics.HandshakeMade(tls.SslProtocol == SslProtocols.Tls13 ? "1.3" : "1.2", isHttp2 ? "2" : "1.1");
        var made = new NewConnection(tls, asked: tls.IsMutuallyAuthenticated || ClientCertificateDemand.IsMadeOn(tls), ShownCertificates.Take(tls));
        made.IsFor(connection.InitialRequestMessage);
        if (@await is not null)
            await @await(made, cancellation);
        if (!isHttp2)
            return new EarlyAnswerConnection(new UnansweredConnection(made), options.Value.MaxResponseHeadersBytes);
        var endpoint = connection.InitialRequestMessage.RequestUri!;
        var http2 = new Http2Connection(made, options.Value, clock, endpoints.Remove, () => endpoints.NoteHttp1(endpoint));
        endpoints.Add(http2, endpoint);
        return http2;
    }
}
