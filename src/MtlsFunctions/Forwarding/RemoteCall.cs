using System.Globalization;
using System.Net;
using MtlsFunctions.Certificates;
using MtlsFunctions.Forwarding.Tls;
using MtlsFunctions.Mappings;

namespace MtlsFunctions.Forwarding;

/// <summary>One request of our own with a certificate that isn't mapped (yet): through the same guard, trust and TLS as a forward, on a connection of its own. Each ends in one log line.</summary>
public sealed partial class RemoteCall(HandlerFactory handlers, IOptions<ForwardingOptions> options, TimeProvider clock, ILogger<RemoteCall> log)
{
    // Under TLS 1.3 the remote judges the certificate after the handshake, one round trip later. What it says must not depend on a race
    // with our request.
    private static readonly TimeSpan VerdictMoment = TimeSpan.FromMilliseconds(300);

    /// <param name="certificate">Disposed with the call.</param>
    /// <param name="trustedCa">The anchors that a mapping would bring; null where the operator's trust holds.</param>
    /// <param name="reach">On whose behalf, and whether the URL is being mapped.</param>
    /// <param name="use">Gets the answer while its connection is open.</param>
    /// <returns>What <paramref name="use"/> makes of the answer; <see cref="FailureKind.RemoteUnreachable"/> or <see cref="FailureKind.TargetRefused"/> without one.</returns>
    public async Task<Outcome<T>> SendAsync<T>(
        ClientCertificate certificate, TrustedCa? trustedCa, Reach reach, HttpRequestMessage request, Func<HttpResponseMessage, Task<T>> use,
        CancellationToken cancellation)
    {
        var (began, presented) = (clock.GetTimestamp(), certificate.Thumbprint);
        void Ended(string outcome) =>
            LogCall(reach.Owner, request.RequestUri!.Authority, presented, outcome, clock.GetElapsedTime(began).TotalMilliseconds);

        using var patience = new Patience(options.Value, clock, cancellation);
        var handler = handlers.Create(
            certificate, trustedCa, reach, (connection, token) => connection.AwaitVerdictAsync(VerdictMoment, clock, token));
        try
        {
            if (options.Value.Http2)
                request.Version = HttpVersion.Version20;
            patience.Sent();
            using var answer = await SendAsync(handler, request, clock, patience.Token);
            patience.Answered();
            Ended(((int)answer.StatusCode).ToString(CultureInfo.InvariantCulture));
            return await use(answer);
        }
        catch (NoAnswerException fault) when (!cancellation.IsCancellationRequested)
        {
            if (TransportError.Causes(fault).OfType<TargetRefusedException>().FirstOrDefault() is { } refused)
            {
                Ended(Problems.Of(FailureKind.TargetRefused).Name);
                return ForwardFailures.Refused(refused);
            }

            var failure = patience.IsOver
                ? TransportFailure.Of(TransportError.ResponseTimeout)
                : TransportFailure.Of(fault.InnerException is OperationCanceledException, fault, withCertificate: true);
            Ended(failure.Code);
            return failure.ToFailure();
        }
        finally
        {
            handler.Retire();
        }
    }

    private static async Task<HttpResponseMessage> SendAsync(
        WarmHandler handler, HttpRequestMessage request, TimeProvider clock, CancellationToken cancellation)
    {
        try
        {
            // Its bodies are whole in memory.
            return await Sending.SendAsync(handler, request, static () => true, clock, cancellation);
        }
        catch (Exception fault) when (fault is HttpRequestException or OperationCanceledException)
        {
            throw new NoAnswerException(NewConnection.Explain(request, fault));
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Call account={Account} host={Host} thumbprint={Thumbprint} outcome={Outcome} ms={Milliseconds:F1}")]
    private partial void LogCall(string account, string host, string thumbprint, string outcome, double milliseconds);

    // Keeps failures of the remote apart from failures of whoever uses its answer.
    private sealed class NoAnswerException(Exception cause) : Exception("The remote endpoint gave no answer.", cause);
}
