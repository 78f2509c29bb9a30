using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using MtlsFunctions.Authorization;
using MtlsFunctions.Authorization.OAuth;
using MtlsFunctions.Shared;

namespace MtlsFunctions.Tests.Authorization;

/// <summary>The product's token verification against a real issuer; both go by a clock that only the test moves.</summary>
public sealed class Verifier : IAsyncDisposable
{
    public const string Account = "demo";

    private readonly ServiceProvider services;

    private Verifier(FakeTimeProvider clock, TokenIssuer issuer, AuthorizationOptions options)
    {
        (Clock, Issuer) = (clock, issuer);
        services = new ServiceCollection().AddHttpClient().BuildServiceProvider();
        Metrics = new AuthorizationMetrics(Meters);
        Tokens = new BearerTokens(
            Options.Create(options), services.GetRequiredService<IHttpClientFactory>(), [], clock, Metrics, NullLogger<BearerTokens>.Instance);
    }

    public FakeTimeProvider Clock { get; }

    public TokenIssuer Issuer { get; }

    public Meters Meters { get; } = new();

    public AuthorizationMetrics Metrics { get; }

    public BearerTokens Tokens { get; }

    /// <summary>Where no app key exists.</summary>
    public AppKeyRequests NoAppKeys => new(
        (_, _, _) => ValueTask.FromResult<AppKeySecrets?>(null),
        new Nonces((_, _, _, _) => Task.FromResult(true), Options.Create(new OAuthOptions()), Clock, NullLogger<Nonces>.Instance),
        Options.Create(new OAuthOptions()), Clock);

    /// <summary>How long after now something is, as tokens say it.</summary>
    public DateTimeOffset In(TimeSpan time) => Clock.GetUtcNow() + time;

    /// <param name="configure">Default: the issuer as it is, everything else by default.</param>
    public static async Task<Verifier> StartAsync(Func<TokenIssuer, AuthorizationOptions>? configure = null)
    {
        var clock = new FakeTimeProvider(new DateTimeOffset(2026, 5, 1, 12, 0, 0, TimeSpan.Zero));
        var issuer = await TokenIssuer.StartAsync(clock);
        return new Verifier(clock, issuer, configure?.Invoke(issuer) ?? Trusting(Trusted(issuer)));
    }

    public static AuthorizationOptions Trusting(params IssuerOptions[] issuers) =>
        new() { Issuers = issuers.Select((issuer, at) => ($"issuer{at}", issuer)).ToDictionary() };

    public static IssuerOptions Trusted(TokenIssuer issuer) => new() { Issuer = issuer.Issuer, DangerousAllowHttpMetadata = true };

    /// <summary>A good token; no two are the same.</summary>
    public string Token(params string[] permissions) => Issuer.Token(Account, permissions);

    public string TokenWith(string claim, JsonNode? value) =>
        Issuer.Token(new TokenRequest(Account) { Claims = new Dictionary<string, JsonNode?> { [claim] = value } });

    /// <summary>Fails the test if the token is refused.</summary>
    public async Task<Caller> AdmitsAsync(string token)
    {
        var outcome = await Tokens.VerifyAsync(token, TestContext.Current.CancellationToken);
        Assert.True(outcome.TryGet(out var caller, out var failure), failure?.Detail);
        return caller;
    }

    /// <summary>Fails the test unless the token is refused as that.</summary>
    public async Task<Failure> RefusesAsync(string token, FailureKind kind = FailureKind.Unauthorized)
    {
        var outcome = await Tokens.VerifyAsync(token, TestContext.Current.CancellationToken);
        Assert.False(outcome.TryGet(out _, out var failure), "The token was admitted.");
        Assert.Equal(kind, failure.Kind);
        return failure;
    }

    /// <summary>From now on only a new key is published, and the verifier has seen that.</summary>
    public async Task LoseOldKeysAsync()
    {
        Issuer.RotateKeys();
        Clock.Advance(TimeSpan.FromSeconds(31));
        await AdmitsAsync(Token());
    }

    public async ValueTask DisposeAsync()
    {
        Tokens.Dispose();
        Meters.Dispose();
        await Issuer.DisposeAsync();
        await services.DisposeAsync();
    }
}
