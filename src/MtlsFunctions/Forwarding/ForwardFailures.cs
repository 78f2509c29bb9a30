using System.Globalization;
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
        var code = ending switch
        {
            Ending.BadAnswer => TransportError.ProtocolError,
            Ending.StoodStill => TransportError.ResponseTimeout,
            _ => TransportError.CodeOf(causes.OfType<OperationCanceledException>().Any(), fault, withCertificate),
        };
        response.Headers[ControlHeaders.MessageFromTransport] = $"{target.Text} {code}";
        response.Headers[ControlHeaders.ErrorFromTransport] = code;
        return (code, Answers.Problem(Unreachable(code)));
    }

    public static Failure Refused(TargetRefusedException refused) =>
        new(FailureKind.TargetRefused, $"The URL's host has a {refused.What} address, which this gateway doesn't call. An operator can allow its network.");

    public static Failure Unreachable(string code) =>
        new(FailureKind.RemoteUnreachable, $"The remote endpoint gave no answer: {code}. The documentation says what each code means.");

    private static (string Outcome, IResult Answer) Told(Failure failure) => (Problems.Of(failure.Kind).Name, Answers.Problem(failure));
}
