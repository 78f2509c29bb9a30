using System.Net;
using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Http.Resilience;
using MtlsFunctions.Connections;
using Polly;
using Polly.Timeout;

namespace MtlsFunctions.CertificateVaults.HashiCorp;

/// <summary>How requests travel: what is repeated, how long an attempt may take, whose certificate the vault may show.</summary>
internal static class VaultHttpClient
{
    public const string Name = "HashiCorpVault";

    private const int MaxAnswerBytes = 1024 * 1024;
    private const int Retries = 3;

    private static readonly TimeSpan ShortestDelay = TimeSpan.FromMilliseconds(100);

    /// <summary>A vault that asks for a longer wait is believed: the caller is told instead of kept waiting.</summary>
    public static readonly TimeSpan LongestDelay = TimeSpan.FromSeconds(2);

    public static void Add(IServiceCollection services)
    {
        var client = services.AddHttpClient(Name, (provider, http) =>
        {
            http.BaseAddress = new Uri(Settings(provider).Address!.AbsoluteUri.TrimEnd('/') + "/");
            // The attempts and the whole call have bounds of their own.
            http.Timeout = Timeout.InfiniteTimeSpan;
        });
        // They would log headers, the token's among them, and paths, whose accounts belong to callers.
        client.RemoveAllLoggers();
        // Of an outage one line is enough, and it is VaultHttp's; the retries would tell each attempt, with its stack.
        services.AddLogging(logging => logging.AddFilter(nameof(Polly), LogLevel.None));
        client.SetHandlerLifetime(Timeout.InfiniteTimeSpan).ConfigurePrimaryHttpMessageHandler(provider => CreateHandler(Settings(provider)));
        client.AddResilienceHandler(Name, (pipeline, context) =>
        {
            // A repetition waits in real time, whatever clock tokens age by.
            pipeline.TimeProvider = TimeProvider.System;
            pipeline.AddRetry(Repetition()).AddTimeout(Settings(context.ServiceProvider).AttemptTimeout);
        });
        client.AddHttpMessageHandler(() => new WholeAnswers(MaxAnswerBytes));
    }

    private static HashiCorpVaultOptions Settings(IServiceProvider provider) => provider.GetRequiredService<IOptions<HashiCorpVaultOptions>>().Value;

    private static HttpRetryStrategyOptions Repetition() => new()
    {
        MaxRetryAttempts = Retries,
        Delay = ShortestDelay,
        MaxDelay = LongestDelay,
        BackoffType = DelayBackoffType.Exponential,
        UseJitter = true,
        ShouldRetryAfterHeader = true,
        ShouldHandle = attempt => IsWorthRepeatingAsync(attempt.Outcome),
    };

    private static async ValueTask<bool> IsWorthRepeatingAsync(Polly.Outcome<HttpResponseMessage> attempt) => attempt switch
    {
        { Exception: HttpRequestException or TimeoutRejectedException } => true,
        { Result: { StatusCode: HttpStatusCode.InternalServerError } answer } => await IsWithoutLeaderAsync(answer),
        // A standby that has no leader to pass requests on to may send them elsewhere, which is not for us to follow.
        { Result: { } answer } => answer.StatusCode is HttpStatusCode.TemporaryRedirect or HttpStatusCode.PreconditionFailed
                or HttpStatusCode.TooManyRequests or HttpStatusCode.BadGateway or HttpStatusCode.ServiceUnavailable or HttpStatusCode.GatewayTimeout
            && !(RetryAfter.Of(answer, TimeProvider.System) > LongestDelay),
        _ => false,
    };

    // Any other 500 is how the vault refuses what it will never take, a value that is too large or a renewal past the end. Only the
    // text tells, the same on both servers; the answer is in memory already.
    private static async ValueTask<bool> IsWithoutLeaderAsync(HttpResponseMessage answer) =>
        (await answer.Content.ReadAsStringAsync()).Contains("local node not active", StringComparison.Ordinal);

    private static SocketsHttpHandler CreateHandler(HashiCorpVaultOptions options)
    {
        var handler = new SocketsHttpHandler
        {
            // A redirect would carry the token to a place that nobody configured.
            AllowAutoRedirect = false,
            UseCookies = false,
            AutomaticDecompression = DecompressionMethods.None,
            ConnectCallback = GatewayConnections.ConnectAsync,
            ConnectTimeout = options.AttemptTimeout,
            // So that a change of the vault's address is noticed.
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
            SslOptions = new SslClientAuthenticationOptions { EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13 },
        };
        if (options.CaFile is { Length: > 0 } path)
            handler.SslOptions.CertificateChainPolicy = TrustOnly(path);
        return handler;
    }

    private static X509ChainPolicy TrustOnly(string path)
    {
        var policy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            RevocationMode = X509RevocationMode.NoCheck,
            DisableCertificateDownloads = true,
        };
        policy.CustomTrustStore.ImportFromPemFile(path);
        return policy;
    }
}
