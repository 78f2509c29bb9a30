using MtlsFunctions.Authorization.OAuth;

namespace MtlsFunctions.Authorization;

/// <summary>From the <c>Authorization</c> header to a verified caller.</summary>
public sealed class Credentials(BearerTokens bearerTokens, AppKeyRequests appKeyRequests)
{
    /// <summary>Sent with every 401: clients recognise a failed gateway authorization by this header.</summary>
    public const string Challenge = "Bearer realm=\"MtlsFunctions\", OAuth realm=\"MtlsFunctions\"";

    private const string BearerScheme = "Bearer ";

    /// <returns>The caller, or <see cref="FailureKind.Unauthorized"/> saying what to send.</returns>
    public async ValueTask<Outcome<Caller>> VerifyAsync(HttpRequest request, CancellationToken cancellation)
    {
        var headers = request.Headers.Authorization;
        if (headers.Count != 1 || headers[0] is not { } header)
            return Missing();
        return header.StartsWith(BearerScheme, StringComparison.OrdinalIgnoreCase)
            ? await bearerTokens.VerifyAsync(header[BearerScheme.Length..].Trim(), cancellation)
            : header.StartsWith(OAuthHeader.Scheme, StringComparison.OrdinalIgnoreCase)
            ? await appKeyRequests.VerifyAsync(request, header, cancellation)
            : Missing();
    }

    private static Failure Missing() =>
        new(FailureKind.Unauthorized, "Send one Authorization header: 'Bearer' and an access token of this account, or 'OAuth' and the signature of an app key.");
}
