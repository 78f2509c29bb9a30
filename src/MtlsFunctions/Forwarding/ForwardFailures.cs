using System.Globalization;
using MtlsFunctions.Forwarding.Tls;
using MtlsFunctions.Mappings;

namespace MtlsFunctions.Forwarding;

/// <summary>From how an exchange ended to what the caller gets.</summary>
internal static class ForwardFailures
{
    /// <summary>Outcome of a forward whose caller left.</summary>
    public const string CallerLeft = "caller-left";

    /// <summary>Outcome of a forward whose answer broke off in the middle.</summary>
    public const string BrokenOff = "broken-off";

    /// <param name="withCertificate">Whether the remote was shown a client certificate.</param>
    /// <returns>The outcome for log and metrics, and the answer: empty when the remote's own answer has been written or nobody listens.</returns>
    public static (string Outcome, IResult Answer) Explain(HttpContext context, TargetUrl target, Ending ending, Exception? fault, bool withCertificate)
    {
        var response = context.Response;
        switch (ending)
        {
            case Ending.Answered:
                return (response.StatusCode.ToString(CultureInfo.InvariantCulture), Results.Empty);
            case Ending.CallerLeft:
                return (CallerLeft, Results.Empty);
            case Ending.BrokenOff:
                return (BrokenOff, Results.Empty);
        }

        // What the remote may have sent of its head doesn't belong to this answer.
        response.Clear();
        response.Headers[ControlHeaders.ResponseOrigin] = ControlHeaders.FromGateway;
        var causes = TransportError.Causes(fault).ToArray();
        if (causes.OfType<TargetRefusedException>().FirstOrDefault() is { } refused)
            return Told(Refused(refused));
        if (causes.Select(RequestBodies.Explain).OfType<Failure>().FirstOrDefault() is { } broken)
            return Told(broken);
        if (withCertificate && causes.Any(OpenSslReason.RefusesOwnCertificate))
            return Told(OwnCertificate());
        var transport = ending switch
        {
            Ending.BadAnswer => TransportFailure.Of(TransportError.ProtocolError),
            Ending.StoodStill => TransportFailure.Of(TransportError.ResponseTimeout),
            _ => TransportFailure.Of(causes.OfType<OperationCanceledException>().Any(), fault, withCertificate),
        };
        response.Headers[ControlHeaders.MessageFromTransport] = transport.Line(target.Text);
        response.Headers[ControlHeaders.ErrorFromTransport] = transport.Code;
        return (transport.Code, Answers.Problem(transport.ToFailure()));
    }

    public static Failure Refused(TargetRefusedException refused) =>
        new(FailureKind.TargetRefused, $"The URL's host has a {refused.What} address, which this gateway doesn't call. An operator can allow its network: setting Forwarding:AllowedNetworks.");

    private static Failure OwnCertificate() => new(
        FailureKind.CertificateUnusable,
        "This gateway's OpenSSL refuses to present the mapped certificate: it or one of its chain is signed with SHA-1 or MD5, or its key is too small. "
        + "Nothing was sent. Have it issued again with SHA-256.");

    private static (string Outcome, IResult Answer) Told(Failure failure) => (Problems.Of(failure.Kind).Name, Answers.Problem(failure));
}
