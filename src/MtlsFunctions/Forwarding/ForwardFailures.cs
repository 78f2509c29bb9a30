using System.Globalization;
using MtlsFunctions.Mappings;
using Yarp.ReverseProxy.Forwarder;

namespace MtlsFunctions.Forwarding;

/// <summary>From what the forwarder reports to what the caller gets.</summary>
internal static class ForwardFailures
{
    /// <param name="withCertificate">Whether the remote was shown a client certificate.</param>
    /// <returns>The outcome for the log, and the answer: empty when the remote's own answer has been written or nobody listens.</returns>
    /// <exception cref="InvalidOperationException">The request could not even be made: nothing was sent, and no remote is to blame.</exception>
    public static (string Outcome, IResult Answer) Explain(HttpContext context, TargetUrl target, ForwarderError error, bool withCertificate)
    {
        var response = context.Response;
        if (error == ForwarderError.None || IsAnsweredBeforeTheEnd(response, error))
            return (response.StatusCode.ToString(CultureInfo.InvariantCulture), Results.Empty);
        if (response.HasStarted || error is ForwarderError.RequestCanceled or ForwarderError.RequestBodyCanceled)
            return (error.ToString(), Results.Empty);

        var fault = context.Features.Get<IForwarderErrorFeature>()?.Exception;
        if (error == ForwarderError.RequestCreation)
            throw new InvalidOperationException("The forwarder could not make the request.", fault);
        // What the remote may have sent of its head doesn't belong to this answer.
        response.Clear();
        response.Headers[ControlHeaders.ResponseOrigin] = ControlHeaders.FromGateway;
        var causes = TransportError.Causes(fault).ToArray();
        if (causes.OfType<TargetRefusedException>().FirstOrDefault() is { } refused)
            return (nameof(FailureKind.TargetRefused), Answers.Problem(Refused(refused)));
        if (causes.Select(RequestBodies.Explain).OfType<Failure>().FirstOrDefault() is { } broken)
            return (nameof(ForwarderError.RequestBodyClient), Answers.Problem(broken));
        // The remote has answered with what can't be passed on.
        var code = error == ForwarderError.ResponseHeaders
            ? TransportError.ProtocolError
            : TransportError.CodeOf(error == ForwarderError.RequestTimedOut || causes.OfType<OperationCanceledException>().Any(), fault, withCertificate);
        return Unreachable(response, target, code);
    }

    // A remote may answer before it has read the whole request, and then not read on: that is its answer all the same.
    private static bool IsAnsweredBeforeTheEnd(HttpResponse response, ForwarderError error) =>
        error is ForwarderError.RequestBodyClient or ForwarderError.RequestBodyDestination or ForwarderError.RequestBodyCanceled
        && response.Headers[ControlHeaders.ResponseOrigin] == ControlHeaders.FromUpstream;

    private static (string Outcome, IResult Answer) Unreachable(HttpResponse response, TargetUrl target, string code)
    {
        response.Headers[ControlHeaders.MessageFromTransport] = $"{target.Text} {code}";
        response.Headers[ControlHeaders.ErrorFromTransport] = code;
        return (code, Answers.Problem(Unreachable(code)));
    }

    public static Failure Refused(TargetRefusedException refused) =>
        new(FailureKind.TargetRefused, $"The URL's host has a {refused.What} address, which this gateway doesn't call. An operator can allow its network.");

    public static Failure Unreachable(string code) =>
        new(FailureKind.RemoteUnreachable, $"The remote endpoint gave no answer: {code}. The documentation says what each code means.");
}
