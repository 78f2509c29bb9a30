using System.Net.Sockets;
using System.Security.Authentication;
using MtlsFunctions.Forwarding;

namespace MtlsFunctions.Tests.Forwarding;

/// <summary>What can't be brought about on one machine; real failures are shown end to end.</summary>
public sealed class TransportErrorTests
{
    [Theory]
    [InlineData(SocketError.HostNotFound, TransportError.NameNotFound)]
    [InlineData(SocketError.TryAgain, TransportError.NameTimeout)]
    [InlineData(SocketError.NoData, TransportError.NameNotFound)]
    [InlineData(SocketError.ConnectionRefused, TransportError.ConnectionRefused)]
    [InlineData(SocketError.TimedOut, TransportError.ConnectTimeout)]
    [InlineData(SocketError.HostUnreachable, TransportError.ConnectFailed)]
    [InlineData(SocketError.NetworkUnreachable, TransportError.ConnectFailed)]
    [InlineData(SocketError.AccessDenied, TransportError.ConnectFailed)]
    public void A_socket_that_does_not_connect(SocketError error, string code) => Assert.Equal(code, TransportError.CodeOf(
        timedOut: false, new HttpRequestException(HttpRequestError.ConnectionError, "x", new SocketException((int)error)), withCertificate: true));

    [Fact]
    public void A_reset_in_the_handshake_is_one_of_the_handshake() => Assert.Equal(TransportError.TlsFailed, TransportError.CodeOf(
        timedOut: false, new HttpRequestException(HttpRequestError.SecureConnectionError, "x", new IOException("y", new SocketException((int)SocketError.ConnectionReset))), withCertificate: true));

    [Fact]
    public void An_authentication_that_says_nothing_more_has_failed() =>
        Assert.Equal(TransportError.TlsFailed, TransportError.CodeOf(timedOut: false, new AuthenticationException(), withCertificate: false));

    [Theory]
    [InlineData(0x0A00045C, true, TransportError.TlsKeyUnsuitable)] // certificate_required, read after the handshake: ours wasn't shown
    [InlineData(0x0A00045C, false, TransportError.TlsCertificateRequired)]
    [InlineData(0x0A000418, true, TransportError.TlsCertificateRefused)] // unknown_ca
    [InlineData(0x0A00042E, true, TransportError.TlsProtocol)] // protocol_version
    [InlineData(0x0A000102, true, TransportError.TlsProtocol)] // ours: unsupported protocol
    [InlineData(0x0A000410, true, TransportError.TlsFailed)] // handshake_failure
    [InlineData(0x0A000152, true, TransportError.TlsTooWeak)] // ours: no secure renegotiation
    [InlineData(0x0A00018A, false, TransportError.TlsTooWeak)] // ours: a small Diffie-Hellman group
    [InlineData(0x0A00010B, false, TransportError.TlsFailed)] // ours: no TLS
    [InlineData(0x0A000172, false, TransportError.TlsNoCommonCipher)] // ours: a signature with SHA-1
    [InlineData(0x0A000086, true, TransportError.ConnectionClosed)] // no alert
    public void An_alert_is_in_the_code_of_the_innermost_exception(int code, bool withCertificate, string expected) => Assert.Equal(expected, TransportError.CodeOf(
        timedOut: false, new HttpRequestException("x", new IOException("y", new InvalidOperationException("z") { HResult = code })), withCertificate));

    [Fact]
    public void Waiting_tells_for_what()
    {
        Assert.Equal(TransportError.ConnectTimeout, TransportError.CodeOf(timedOut: true, new TaskCanceledException("x", new TimeoutException()), withCertificate: true));
        Assert.Equal(TransportError.ResponseTimeout, TransportError.CodeOf(timedOut: true, new TaskCanceledException(), withCertificate: true));
    }

    [Fact]
    public void What_nobody_can_explain_was_closed() => Assert.Equal(TransportError.ConnectionClosed, TransportError.CodeOf(timedOut: false, null, withCertificate: true));
}
