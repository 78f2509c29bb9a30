using System.Net;
using MtlsFunctions.Authorization;
using MtlsFunctions.Certificates;
using MtlsFunctions.Mappings;
using Yarp.ReverseProxy.Forwarder;

namespace MtlsFunctions.Forwarding;

/// <summary>
/// The forward path: (1) what is mapped, (2) the identity's warm handler, (3) the request out and the answer back, (4) what a
/// failure means, (5) one log line.
/// </summary>
public sealed partial class Forwarder(
    RuntimeView view, Identities identities, CertificateUses uses, IHttpForwarder yarp,
    IOptions<ForwardingOptions> options, TimeProvider clock, ILogger<Forwarder> log)
{
    // YARP only looks at the scheme; the transformer sets the whole URL.
    private const string Anywhere = "https://target";

    private readonly ForwarderRequestConfig config = new()
    {
        Version = options.Value.Http2 ? HttpVersion.Version20 : HttpVersion.Version11,
        VersionPolicy = HttpVersionPolicy.RequestVersionOrLower,
        ActivityTimeout = options.Value.ActivityTimeout,
        AllowResponseBuffering = false,
    };

    public async Task<IResult> SendAsync(HttpContext context, AccountId account, ForwardRequest forward, CancellationToken cancellation)
    {
        var started = clock.GetTimestamp();
        // (1)
        var resolution = forward.Service is { } service
            ? await view.ResolveAsync(account, service, forward.Target, cancellation)
            : Resolution.NotMapped;
        if (Stop(forward, resolution) is { } stop)
            return Done(context, account, forward, resolution, stop.Kind.ToString(), warm: false, started, Refuse(stop));
        // (2)
        var rented = await identities.RentAsync(account, resolution, cancellation);
        if (!rented.TryGet(out var rent, out var failure))
            return Done(context, account, forward, resolution, failure.Kind.ToString(), warm: false, started, Answers.Problem(failure));
        try
        {
            if (resolution.Certificate is { } presented && rent.Handler.IsFirstUseIn(CertificateUses.Precision, clock.GetUtcNow()))
                _ = uses.NoteAsync(account, presented.Id);
            // (3)
            var transformer = new ForwardTransformer(forward.Target, forward.AuthorizationOverride, options.Value.WrapUpstreamErrors);
            var error = await yarp.SendAsync(context, Anywhere, rent.Handler.Invoker, config, transformer, cancellation);
            // (4)
            var (outcome, answer) = ForwardFailures.Explain(context, forward.Target, error, withCertificate: resolution.Certificate is not null);
            return Done(context, account, forward, resolution, outcome, rent.Warm, started, answer);
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

    private IResult Done(
        HttpContext context, AccountId account, ForwardRequest forward, Resolution resolution, string outcome, bool warm, long started, IResult answer)
    {
        // (5)
        LogForward(account.Value, forward.Service?.Name ?? "-", context.Request.Method, forward.Target.Host, resolution.Certificate?.Id ?? 0,
            outcome, warm, clock.GetElapsedTime(started).TotalMilliseconds);
        return answer;
    }

    [LoggerMessage(Level = LogLevel.Information, Message =
        "Forward account={Account} service={Service} method={Method} host={Host} certificate={CertificateId} outcome={Outcome} warm={Warm} ms={Milliseconds:F1}")]
    private partial void LogForward(
        string account, string service, string method, string host, long certificateId, string outcome, bool warm, double milliseconds);
}
