using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Net.Http.Headers;

namespace MtlsFunctions.Authorization.OAuth;

/// <summary>An app key as far as verifying a request needs it.</summary>
public sealed record AppKeySecrets(Caller Caller, string Token, string ConsumerSecret, string TokenSecret)
{
    /// <summary>To be told once a signature has held: only then does the key enter a cache that others share. Null where it is there.</summary>
    public Action? Verified { get; init; }
}

/// <summary>Finds an app key that may be used now; null for any other. Made by the folder of accounts, on which this one doesn't depend.</summary>
public delegate ValueTask<AppKeySecrets?> FindAppKey(AccountId account, long id, CancellationToken cancellation);

/// <summary>Verifies requests signed with an app key: signature, timestamp, and that nonce and timestamp come once.</summary>
public sealed class AppKeyRequests(FindAppKey find, Nonces nonces, IOptions<OAuthOptions> options, TimeProvider clock)
{
    private const string FormType = "application/x-www-form-urlencoded";

    public async ValueTask<Outcome<Caller>> VerifyAsync(HttpRequest request, string authorization, CancellationToken cancellation)
    {
        if (OAuthHeader.Parse(authorization) is not { } header)
            return Refuse("The OAuth header is not complete, or its signature method is neither HMAC-SHA1 nor HMAC-SHA256.");
        if ((clock.GetUtcNow() - header.Timestamp).Duration() > options.Value.TimestampWindow)
            return Refuse("oauth_timestamp is too far from this server's clock: check yours.");
        if (options.Value.PublicBaseUrl is null && !options.Value.Accepts(request))
            return Refuse("The host that this request names isn't one of this deployment's: call it as the operator names it (OAuth:PublicBaseUrl or OAuth:Hosts).");
        if (ConsumerKey.Parse(header.ConsumerKey) is not var (account, id) || await find(account, id, cancellation) is not { } key)
            return Mismatch();
        if (!(await ParametersAsync(request, header, cancellation)).TryGet(out var parameters, out var failure))
            return failure;

        var path = Path(request);
        var url = options.Value.PublicBaseUrl is { } here ? SignedUrl.Of(here, path) : SignedUrl.Of(request, path);
        var baseString = OAuthSignature.BaseString(request.Method, url, parameters);
        var expected = OAuthSignature.Sign(header.SignatureMethod, baseString, key.ConsumerSecret, key.TokenSecret);
        var tokenFits = CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(key.Token), Encoding.UTF8.GetBytes(header.Token));
        if (!(CryptographicOperations.FixedTimeEquals(expected, header.Signature) & tokenFits))
            return Mismatch();
        if (await SignedBody.RefuseAsync(request, header, cancellation) is { } altered)
            return altered;
        key.Verified?.Invoke();
        // Only after the signature: a stranger can't fill the memory of nonces.
        return await nonces.UseAsync(header, cancellation) is { } refused ? refused : key.Caller;
    }

    private static async ValueTask<Outcome<List<SignedParameter>>> ParametersAsync(
        HttpRequest request, OAuthHeader header, CancellationToken cancellation)
    {
        var query = Encoding.UTF8.GetBytes(request.QueryString.Value is ['?', .. var pairs] ? pairs : "");
        List<SignedParameter> parameters = [.. header.ToSign, .. SignedParameter.OfForm(query)];
        if (!MediaTypeHeaderValue.TryParse(request.ContentType, out var type) || !type.MediaType.Equals(FormType, StringComparison.OrdinalIgnoreCase))
            return parameters;
        if (!(await SignedBody.ReadAsync(request, cancellation)).TryGet(out var form, out var failure))
            return failure;
        parameters.AddRange(SignedParameter.OfForm(form));
        return parameters;
    }

    // As it was sent: routing has decoded the other one.
    private static string Path(HttpRequest request)
    {
        var raw = request.HttpContext.Features.Get<IHttpRequestFeature>()?.RawTarget;
        if (raw is not ['/', ..])
            return request.PathBase.Add(request.Path).ToUriComponent();
        var query = raw.IndexOf('?', StringComparison.Ordinal);
        return query < 0 ? raw : raw[..query];
    }

    // One answer for an unknown key, a wrong token and a wrong signature: none of them can be told apart from outside.
    private static Failure Mismatch() => Refuse("The app key or its signature doesn't hold. What is signed: method, URL as you call it, query, and the OAuth parameters.");

    private static Failure Refuse(string why) => new(FailureKind.Unauthorized, why);
}
