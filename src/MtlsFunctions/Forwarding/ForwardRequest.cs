using Microsoft.Extensions.Primitives;
using MtlsFunctions.Mappings;

namespace MtlsFunctions.Forwarding;

/// <summary>What the control headers of a forward say.</summary>
/// <param name="Service">Null without the header: nothing can match then.</param>
public sealed record ForwardRequest(TargetUrl Target, ServiceName? Service, StringValues AuthorizationOverride, bool StopWithoutCertificate)
{
    public static Outcome<ForwardRequest> Read(HttpRequest request)
    {
        var headers = request.Headers;
        if (headers[ControlHeaders.ForwardUrl] is not [{ Length: > 0 } url])
            return new Failure(FailureKind.RequestInvalid, $"Exactly one header {ControlHeaders.ForwardUrl} is needed: the full URL to call.");
        if (!TargetUrl.Parse(url).TryGet(out var target, out var failure))
            return failure with { Detail = $"{ControlHeaders.ForwardUrl}: {failure.Detail}" };
        ServiceName? service = null;
        if (headers[ControlHeaders.ServiceName] is { Count: > 0 } name && !ServiceName.Parse(name).TryGet(out service, out failure))
            return failure with { Detail = $"{ControlHeaders.ServiceName}: {failure.Detail}" };
        if (!TryReadStop(headers[ControlHeaders.StopIfCertificateNotFound], out var stop))
            return new Failure(FailureKind.RequestInvalid, $"{ControlHeaders.StopIfCertificateNotFound} is true or false.");
        // Under this name the server keeps a Content-Length that stood beside Transfer-Encoding: two readers of that would see two
        // different bodies (RFC 9112 section 6.1).
        if (headers.ContainsKey("Transfer-Encoding") && headers.ContainsKey("X-Content-Length"))
            return new Failure(FailureKind.RequestInvalid, "Send Content-Length or Transfer-Encoding, not both.");
        // Chunks are undone here; another coding would reach the remote without its name.
        if (headers.TryGetValue("Transfer-Encoding", out var coding) && !(coding is [{ } only] && only.Equals("chunked", StringComparison.OrdinalIgnoreCase)))
            return new Failure(FailureKind.RequestInvalid, "The only Transfer-Encoding is chunked: compress with Content-Encoding.");
        if (headers.TryGetValue("Upgrade", out var protocol) && !IsOffer(protocol))
            return new Failure(FailureKind.UpgradeRefused, "Only plain requests are forwarded, no WebSocket: leave out the Upgrade header.");
        return new ForwardRequest(target, service, headers[ControlHeaders.AuthorizationOverride], stop);
    }

    // Some clients offer HTTP/2 with their first request and go on with HTTP/1.1 when nobody takes it up.
    private static bool IsOffer(StringValues protocol) => protocol is [{ } text] && text.Equals("h2c", StringComparison.OrdinalIgnoreCase);

    // A word that isn't understood must not read as "go on without a certificate".
    private static bool TryReadStop(StringValues values, out bool stop)
    {
        stop = false;
        return values.Count == 0 || (values.Count == 1 && bool.TryParse(values[0], out stop));
    }
}
