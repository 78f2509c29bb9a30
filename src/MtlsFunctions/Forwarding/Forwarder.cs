using MtlsFunctions.Authorization;
using MtlsFunctions.Certificates;
using MtlsFunctions.Mappings;

namespace MtlsFunctions.Forwarding;

/// <summary>
/// The forward path: (1) what is mapped, (2) the identity's warm handler, (3) the request out and the answer back, (4) what a
/// failure means, (5) one log line.
/// </summary>
public sealed partial class Forwarder(
    RuntimeView view, Identities identities, CertificateUses uses, CertificateMetrics certificates, IOptions<ForwardingOptions> options,
    IOptions<ThrottleOptions> throttle, HeaderCarriage carriage, ForwardMetrics metrics, KeptBodies kept, TimeProvider clock, ILogger<Forwarder> log)
{
    /// <summary>For the time that a forward takes, authorization included.</summary>
    public long Begin() => clock.GetTimestamp();

    /// <param name="began">What <see cref="Begin"/> told when the request arrived.</param>
    public async Task<IResult> SendAsync(HttpContext context, AccountId account, ForwardRequest forward, long began, CancellationToken cancellation)
    {
        using var record = new ForwardRecord(account, forward, context.Request.Method, began, clock);
        try
        {
            var (outcome, answer) = await SendAsync(context, account, forward, record, cancellation);
            End(record, outcome);
            return answer;
        }
        catch (Exception fault) when (EndWith(record, fault, cancellation))
        {
            throw;
        }
    }

    private async Task<(string Outcome, IResult Answer)> SendAsync(
        HttpContext context, AccountId account, ForwardRequest forward, ForwardRecord record, CancellationToken cancellation)
    {
        // (1)
        var resolution = forward.Service is { } service
            ? await view.ResolveAsync(account, service, forward.Target, cancellation)
            : Resolution.NotMapped;
        record.CertificateId = resolution.Certificate?.Id ?? 0;
        if (Stop(forward, resolution) is { } stop)
        {
            if (resolution.Certificate is { } unusable)
                certificates.LookedAt(account, unusable.Id, unusable.NotAfter);
            return (Problems.Of(stop.Kind).Name, Refuse(stop));
        }

        // (2)
        var rented = await identities.RentAsync(account, resolution, cancellation);
        if (!rented.TryGet(out var rent, out var failure))
            return (Problems.Of(failure.Kind).Name, Answers.Problem(failure));
        record.Warm = rent.Warm;
        try
        {
            if (resolution.Certificate is { } presented && rent.Handler.IsFirstUseIn(CertificateUses.Precision, clock.GetUtcNow()))
                _ = uses.NoteAsync(account, presented.Id);
            // (3)
            using var patience = new Patience(options.Value, clock, cancellation);
            var exchange = new Exchange(context, options.Value, carriage, patience, kept, clock)
            {
                AddressHeader = throttle.Value.TrustedAddressHeader,
            };
            var (ending, fault) = await exchange.RunAsync(forward, rent.Handler);
            record.Exchanged(exchange);
            // (4)
            return ForwardFailures.Explain(context, forward.Target, ending, fault, withCertificate: resolution.Certificate is not null);
        }
        finally
        {
            rent.Handler.Leave();
        }
    }

    private Failure? Stop(ForwardRequest forward, Resolution resolution) =>
        resolution.Mapping is not null ? resolution.Unusable(clock.GetUtcNow())
        : forward.StopWithoutCertificate || !options.Value.AllowWithoutCertificate ? new Failure(FailureKind.NoMapping, forward.Service is null
            ? $"This may not go out without a certificate, and {ControlHeaders.ServiceName} is missing, so no mapping can match."
            : $"No enabled mapping of this account has service {forward.Service} and exactly this URL, query included.")
        : null;

    private IResult Refuse(Failure stop) =>
        stop.Kind == FailureKind.NoMapping ? Answers.Problem(stop, options.Value.NoMappingStatus) : Answers.Problem(stop);

    // (5)
    private void End(ForwardRecord record, string outcome)
    {
        record.End(outcome);
        metrics.Forwarded(record);
        LogForward(
            record.Account, record.Service, record.Method, record.Host, record.CertificateId, record.Outcome, record.Warm, record.Elapsed.TotalMilliseconds);
    }

    // The gate makes answers of exceptions; the line is written here all the same.
    private bool EndWith(ForwardRecord record, Exception fault, CancellationToken cancellation)
    {
        End(record, fault switch
        {
            DependencyUnavailableException unavailable => Problems.Of(unavailable.Kind).Name,
            OperationCanceledException when cancellation.IsCancellationRequested => ForwardFailures.CallerLeft,
            _ => Problems.Of(FailureKind.Internal).Name,
        });
        return false;
    }

    [LoggerMessage(Level = LogLevel.Information, Message =
        "Forward account={Account} service={Service} method={Method} host={Host} certificate={CertificateId} outcome={Outcome} warm={Warm} ms={Milliseconds:F1}")]
    private partial void LogForward(
        string account, string service, string method, string host, long certificateId, string outcome, bool warm, double milliseconds);
}
