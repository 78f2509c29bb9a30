using System.Collections.Frozen;
using Microsoft.Extensions.Primitives;

namespace MtlsFunctions.Forwarding;

/// <summary>Header names of the forward method, and which headers stay on our side (api.md, section 7).</summary>
public static class ControlHeaders
{
    public const string ForwardUrl = "LP-forward-url";
    public const string ServiceName = "LP-service-name";
    public const string AuthorizationOverride = "LP-authorization-override";
    public const string StopIfCertificateNotFound = "LP-stop-if-certificate-not-found";
    public const string ResponseOrigin = "LP-response-origin";
    public const string UpstreamStatus = "LP-upstream-status";
    public const string EncodedHeaders = "LP-encoded-headers";
    public const string FromGateway = "gateway";
    public const string FromUpstream = "upstream";
    public const string MessageFromTransport = "LP-message-from-transport";
    public const string ErrorFromTransport = "LP-error-from-transport";

    // On the tester's answers alone, beside a body of the remote's.
    public const string CertificateAsked = "LP-certificate-asked";
    public const string AcceptableIssuers = "LP-acceptable-issuers";
    public const string RemoteWarnings = "LP-remote-warnings";

    /// <summary>RFC 9110 section 7.6.1, and their older relatives. What <c>Connection</c> names comes on top.</summary>
    private static readonly string[] HopByHop =
    [
        "Connection", "Keep-Alive", "Proxy-Connection", "Proxy-Authenticate", "Proxy-Authorization", "Proxy-Authentication-Info",
        "TE", "Trailer", "Transfer-Encoding", "Upgrade", "HTTP2-Settings",
    ];

    /// <summary>Ours, and what front ends and the Functions host add on the way to us.</summary>
    private static readonly string[] OnOurSide =
    [
        "Host", "Authorization", ForwardUrl, ServiceName, AuthorizationOverride, StopIfCertificateNotFound,
        "Forwarded", "CLIENT-IP", "X-Client-IP", "X-Client-Port", "MAX-FORWARDS", "DISGUISED-HOST", "WAS-DEFAULT-HOSTNAME", "X-SITE-DEPLOYMENT-ID",
        "X-AppService-Proto", "X-Azure-ClientIP", "X-Azure-FDID", "X-Azure-Ref", "X-Azure-RequestChain", "X-Azure-SocketIP",
        "X-FD-HealthProbe",
    ];

    private static readonly string[] OnOurSidePrefixes = ["X-ARR-", "X-MS-", "X-Forwarded-", "X-Original-", "X-WAWS-"];

    private static readonly FrozenSet<string> NotUpstream = HopByHop.Concat(OnOurSide).ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    private static readonly FrozenSet<string> NotDownstream = HopByHop
        .Concat([ResponseOrigin, UpstreamStatus, EncodedHeaders, MessageFromTransport, ErrorFromTransport])
        .ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    public static bool GoesUpstream(string name) => !NotUpstream.Contains(name) && !HasPrefixOfOurSide(name);

    /// <summary>The transport headers mean that the remote could not be reached: an answer of the remote can't claim that.</summary>
    public static bool GoesDownstream(string name) => !NotDownstream.Contains(name);

    /// <summary>Whether a <c>Connection</c> header names another header, which then belongs to that connection alone.</summary>
    public static bool Names(StringValues connection, string header)
    {
        foreach (var value in connection)
        {
            foreach (var part in value.AsSpan().Split(','))
            {
                if (value.AsSpan(part).Trim().Equals(header, StringComparison.OrdinalIgnoreCase))
                    return true;
            }
        }

        return false;
    }

    private static bool HasPrefixOfOurSide(string name)
    {
        // What all of them begin with.
        if (!name.StartsWith("X-", StringComparison.OrdinalIgnoreCase))
            return false;
        foreach (var prefix in OnOurSidePrefixes)
        {
            if (name.StartsWith(prefix, StringComparison.OrdinalIgnoreCase))
                return true;
        }

        return false;
    }
}
