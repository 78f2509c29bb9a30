using System.Globalization;
using BenchmarkDotNet.Attributes;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using MtlsFunctions.Authorization;
using MtlsFunctions.Authorization.OAuth;

namespace MtlsFunctions.Benchmarks;

/// <summary>A request signed with an app key that is known already: signature, timestamp, and its nonce in this instance's memory.</summary>
[MemoryDiagnoser]
public class OAuthVerification
{
    // Each signature holds once, so that every iteration needs new ones.
    private const int Requests = 1000;

    private static readonly AppKeySecrets Key = new(new Caller(Workbench.Account, Permission.Forward, "app key"), "token", "consumer secret", "token secret");

    private readonly string[] headers = new string[Requests];
    private readonly DefaultHttpContext context = new();
    private AppKeyRequests requests = null!;
    private int nonce;

    [Params(OAuthSignature.HmacSha1, OAuthSignature.HmacSha256)]
    public string Method { get; set; } = "";

    [GlobalSetup]
    public void Start()
    {
        var options = Options.Create(new OAuthOptions { Hosts = ["mtls.example.com"], SharedNonces = false, MaxNonces = int.MaxValue });
        var nonces = new Nonces((_, _, _, _) => throw new NotSupportedException(), options, TimeProvider.System, NullLogger<Nonces>.Instance);
        requests = new AppKeyRequests((_, _, _) => ValueTask.FromResult<AppKeySecrets?>(Key), nonces, options, TimeProvider.System);
        (context.Request.Method, context.Request.Scheme, context.Request.Host) = ("POST", "https", new HostString("mtls.example.com"));
        context.Request.Path = $"/mtls/account/{Workbench.Account}";
    }

    [IterationSetup]
    public void Sign()
    {
        for (var at = 0; at < Requests; at++)
            headers[at] = NewHeader();
    }

    [Benchmark(OperationsPerInvoke = Requests)]
    public async Task VerifyAsync()
    {
        foreach (var header in headers)
            (await requests.VerifyAsync(context.Request, header, CancellationToken.None)).OrThrow();
    }

    private string NewHeader()
    {
        var parameters = new Dictionary<string, string>
        {
            ["oauth_consumer_key"] = ConsumerKey.Of(Workbench.Account.Value, 1),
            ["oauth_token"] = Key.Token,
            ["oauth_signature_method"] = Method,
            ["oauth_timestamp"] = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture),
            ["oauth_nonce"] = (++nonce).ToString(CultureInfo.InvariantCulture),
            ["oauth_version"] = "1.0",
        };
        var url = new SignedUrl(context.Request.Scheme, context.Request.Host.Value!, context.Request.Path);
        var signed = parameters.Select(one => SignedParameter.OfHeader(one.Key, one.Value));
        var signature = OAuthSignature.Sign(Method, OAuthSignature.BaseString("POST", url, signed), Key.ConsumerSecret, Key.TokenSecret);
        parameters["oauth_signature"] = Convert.ToBase64String(signature);
        return OAuthHeader.Scheme + string.Join(", ", parameters.Select(one => $"{one.Key}=\"{PercentEncoding.Encode(one.Value)}\""));
    }
}
