using System.Globalization;
using System.Net;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using MtlsFunctions.Authorization;
using MtlsFunctions.Authorization.OAuth;

namespace MtlsFunctions.Tests.Authorization.OAuth;

/// <summary>One app key and the product's verification of what is signed with it, by a clock that only the test moves.</summary>
public sealed class AppKeyCall
{
    public const string Token = "token-of-the-key";

    private const string ConsumerSecret = "consumer-secret";
    private const string TokenSecret = "token-secret";

    private static readonly AccountId Account = ConsumerKey.Parse("demo.1")!.Value.Account;

    private readonly AppKeyRequests requests;
    private int signed;

    public AppKeyCall(OAuthOptions? options = null)
    {
        var set = Options.Create(options ?? new OAuthOptions { Hosts = ["gateway.example", "gateway.example:8443"] });
        var nonces = new Nonces(AddNonce, set, Clock, NullLogger<Nonces>.Instance);
        requests = new AppKeyRequests(Find, nonces, set, Clock);
    }

    /// <summary>Begins at a whole second, as timestamps are.</summary>
    public FakeTimeProvider Clock { get; } = new(new DateTimeOffset(2026, 5, 1, 12, 0, 0, TimeSpan.Zero));

    public int Lookups { get; private set; }

    public int NoncesUsed { get; private set; }

    public string Method { get; set; } = "GET";

    /// <summary>As it stands in the request line.</summary>
    public string Target { get; set; } = "/mtls/account/demo/certificates?a=1";

    public string Host { get; set; } = "gateway.example";

    public string? ContentType { get; set; }

    public Stream? Body { get; set; }

    /// <summary>As it stands in the header; null for a new one each time.</summary>
    public string? Nonce { get; set; }

    /// <summary>What is signed as oauth_body_hash; null leaves it out.</summary>
    public string? BodyHash { get; set; }

    /// <summary>A good header for the URL, signed now under a nonce of its own.</summary>
    /// <param name="url">Default: the one that is called.</param>
    /// <param name="ago">How long before now it says it was signed.</param>
    public string Sign(string? url = null, string method = "HMAC-SHA256", TimeSpan ago = default, string consumerKey = "demo.1", string secret = ConsumerSecret, string form = "")
    {
        var at = (Clock.GetUtcNow() - ago).ToUnixTimeSeconds();
        var own = string.Create(CultureInfo.InvariantCulture, $"oauth_consumer_key={consumerKey}&oauth_token={Token}&oauth_signature_method={method}&oauth_timestamp={at}&oauth_nonce={Nonce ?? $"{++signed}"}");
        if (BodyHash is not null)
            own += $"&oauth_body_hash={Uri.EscapeDataString(BodyHash)}";
        var parts = (url ?? $"https://{Host}{Target}").Split('?', 2);
        var root = parts[0].IndexOf('/', "https://".Length);
        var all = string.Join('&', parts.Skip(1).Append(own).Append(form));
        var text = OAuthSignature.BaseString(Method, new SignedUrl("https", parts[0]["https://".Length..root], parts[0][root..]), SignedParameter.OfForm(Encoding.UTF8.GetBytes(all)));
        var signature = WebUtility.UrlEncode(Convert.ToBase64String(OAuthSignature.Sign(method, text, secret, TokenSecret)));
        return $"OAuth {string.Join(", ", $"{own}&oauth_signature={signature}".Split('&').Select(pair => pair.Replace("=", "=\"", StringComparison.Ordinal) + "\""))}";
    }

    /// <returns>Null when it was let in.</returns>
    public async Task<Failure?> SendAsync(string header)
    {
        var request = new DefaultHttpContext().Request;
        var parts = Target.Split('?', 2);
        (request.Method, request.Scheme, request.Host, request.ContentType, request.Body) = (Method, "https", new HostString(Host), ContentType, Body ?? Stream.Null);
        (request.Path, request.QueryString) = (Uri.UnescapeDataString(parts[0]), new QueryString(parts.Length > 1 ? "?" + parts[1] : ""));
        request.HttpContext.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget = Target;
        var verified = await requests.VerifyAsync(request, header, TestContext.Current.CancellationToken);
        return verified.TryGet(out var caller, out var failure) && caller.Account == Account ? null : failure;
    }

    public async Task AdmitsAsync(string header) => Assert.Null(await SendAsync(header));

    public async Task RefusesAsync(string header, FailureKind kind = FailureKind.Unauthorized) => Assert.Equal(kind, (await SendAsync(header))?.Kind);

    private ValueTask<AppKeySecrets?> Find(AccountId account, long id, CancellationToken cancellation)
    {
        Lookups++;
        return ValueTask.FromResult(account == Account && id == 1
            ? new AppKeySecrets(new Caller(account, Permission.Read, "app key 1"), Token, ConsumerSecret, TokenSecret)
            : null);
    }

    private Task<bool> AddNonce(DateTimeOffset timestamp, string consumerKey, string hash, CancellationToken cancellation)
    {
        NoncesUsed++;
        return Task.FromResult(true);
    }
}
