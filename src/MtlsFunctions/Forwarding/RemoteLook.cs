using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using MtlsFunctions.Connections;
using MtlsFunctions.Forwarding.Tls;
using MtlsFunctions.Mappings;

namespace MtlsFunctions.Forwarding;

/// <summary>
/// One TLS handshake with a remote endpoint and nothing after it: through the same guard and trust as a forward, without a client
/// certificate, because only where none is set does the runtime tell whether one was asked for, and of whom.
/// </summary>
public sealed class RemoteLook(TargetGuard guard, RemoteTrust trust, IOptions<ForwardingOptions> options, TimeProvider clock)
{
    /// <param name="trustedCa">The mapping's anchors; null where the operator's trust holds.</param>
    /// <param name="reach">On whose behalf it connects.</param>
    /// <returns>What there was to see; <see cref="FailureKind.RemoteUnreachable"/> or <see cref="FailureKind.TargetRefused"/> where TLS never began.</returns>
    public async Task<Outcome<RemoteView>> SeeAsync(Uri url, TrustedCa? trustedCa, Reach reach, CancellationToken cancellation)
    {
        using var time = new CancellationTokenSource(options.Value.ConnectTimeout, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellation, time.Token);
        try
        {
            await using var connection = await guard.ConnectAsync(new DnsEndPoint(url.IdnHost, url.Port), reach, either.Token);
            await using var tls = new SslStream(new HandshakeWatch(connection));
            return await SeeAsync(tls, url.IdnHost, trust.Of(trustedCa), either.Token);
        }
        catch (TargetRefusedException refused)
        {
            return ForwardFailures.Refused(refused);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return TransportFailure.Of(TransportError.ConnectTimeout).ToFailure();
        }
        catch (Exception fault) when (fault is SocketException or IOException or NameTimeoutException)
        {
            return TransportFailure.Of(timedOut: false, new HttpRequestException(HttpRequestError.ConnectionError, null, fault), withCertificate: false).ToFailure();
        }
    }

    [SuppressMessage("Security", "CA5359", Justification = "Nothing is sent on this connection, so nothing depends on the judgement: it is told.")]
    private async Task<RemoteView> SeeAsync(SslStream tls, string host, RemoteTrust trusted, CancellationToken cancellation)
    {
        (string? Code, RemoteCertificate? Certificate) seen = default;
        try
        {
            await tls.AuthenticateAsClientAsync(
                new SslClientAuthenticationOptions
                {
                    TargetHost = host,
                    EnabledSslProtocols = options.Value.MinimumTlsVersion | SslProtocols.Tls13,
                    ApplicationProtocols = options.Value.Http2 ? [SslApplicationProtocol.Http2, SslApplicationProtocol.Http11] : [SslApplicationProtocol.Http11],
                    CertificateChainPolicy = trusted.Policy(),
                    RemoteCertificateValidationCallback = (_, certificate, chain, errors) =>
                    {
                        if (certificate is X509Certificate2 remote && chain is not null)
                            seen = trusted.Look(remote, chain, errors);
                        return true;
                    },
                    LocalCertificateSelectionCallback = ClientCertificateDemand.ShowNothing,
                    AllowTlsResume = false,
                },
                cancellation);
            return RemoteView.Of(seen.Code, seen.Certificate?.Problem, ClientCertificateDemand.IsMadeOn(tls), ClientCertificateDemand.IssuersFor(tls), seen.Certificate);
        }
        catch (Exception fault) when (fault is AuthenticationException or TlsEndedException or IOException)
        {
            var ended = TransportFailure.Of(timedOut: false, new HttpRequestException(HttpRequestError.SecureConnectionError, null, fault), withCertificate: false);
            var chain = TransportError.Causes(fault).OfType<TlsEndedException>().FirstOrDefault()?.End.RemoteChain ?? [];
            var (code, certificate) = trusted.Look(chain, host);
            // A remote that demands a certificate ends the handshake under TLS 1.2: that is what we came to see.
            var demanded = ended.Code is TransportError.TlsCertificateRequired or TransportError.TlsClosedAfterHandshake;
            return RemoteView.Of(
                code ?? (demanded ? null : ended.Code), certificate?.Problem ?? ended.Words,
                demanded || ClientCertificateDemand.IsMadeOn(tls) ? true : ended.CertificateAsked,
                ClientCertificateDemand.IssuersFor(tls) ?? ended.AcceptableIssuers, certificate ?? ended.Remote);
        }
    }
}
