using MtlsFunctions.Authorization;
using MtlsFunctions.Shared;

namespace MtlsFunctions.Tests.Authorization;

/// <summary>
/// A verified token is remembered, within limits. What shows it: once the issuer has dropped a key, its tokens can't be verified
/// any more, so one that still works was not.
/// </summary>
public sealed class TokenCacheTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    [Fact]
    public async Task A_verified_token_is_not_verified_again_for_five_minutes_at_most()
    {
        await using var verifier = await Verifier.StartAsync();
        var (token, unseen) = (verifier.Token(), verifier.Token());
        var end = verifier.In(TimeSpan.FromMinutes(5));
        var first = await verifier.AdmitsAsync(token);

        await verifier.LoseOldKeysAsync();
        await verifier.RefusesAsync(unseen);
        Assert.Same(first, await verifier.AdmitsAsync(token));
        verifier.Clock.SetUtcNow(end - Second);
        Assert.Same(first, await verifier.AdmitsAsync(token));
        verifier.Clock.SetUtcNow(end);
        await verifier.RefusesAsync(token);
    }

    [Fact]
    public async Task Using_a_token_does_not_prolong_its_time()
    {
        await using var verifier = await Verifier.StartAsync();
        var token = verifier.Token();
        await verifier.AdmitsAsync(token);
        await verifier.LoseOldKeysAsync();

        for (var use = 0; use < 4; use++)
        {
            verifier.Clock.Advance(TimeSpan.FromMinutes(1));
            await verifier.AdmitsAsync(token);
        }

        verifier.Clock.Advance(TimeSpan.FromMinutes(1));
        await verifier.RefusesAsync(token);
    }

    [Fact]
    public async Task Nothing_is_remembered_past_exp()
    {
        await using var verifier = await Verifier.StartAsync();
        var end = verifier.In(TimeSpan.FromMinutes(2));
        var token = verifier.Issuer.Token(new TokenRequest(Verifier.Account) { Expires = end });
        await verifier.AdmitsAsync(token);
        await verifier.LoseOldKeysAsync();

        verifier.Clock.SetUtcNow(end - Second);
        await verifier.AdmitsAsync(token);
        verifier.Clock.SetUtcNow(end);
        await verifier.RefusesAsync(token);
    }

    [Fact]
    public async Task A_remembered_token_that_has_expired_is_refused_although_its_key_still_counts()
    {
        await using var verifier = await Verifier.StartAsync();
        var end = verifier.In(TimeSpan.FromMinutes(2));
        var token = verifier.Issuer.Token(new TokenRequest(Verifier.Account) { Expires = end });
        await verifier.AdmitsAsync(token);

        verifier.Clock.SetUtcNow(end + TimeSpan.FromSeconds(30));
        Assert.Contains("expired", (await verifier.RefusesAsync(token)).Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task No_more_tokens_are_remembered_than_the_setting_says()
    {
        const int size = 3;
        await using var verifier = await Verifier.StartAsync(issuer => new AuthorizationOptions
        {
            Issuers = { ["test"] = Verifier.Trusted(issuer) },
            TokenCacheSize = size,
        });
        var tokens = Enumerable.Range(0, 20).Select(_ => verifier.Token()).ToArray();
        foreach (var token in tokens)
            await verifier.AdmitsAsync(token);
        await verifier.LoseOldKeysAsync();

        var remembered = 0;
        foreach (var token in tokens)
            if ((await verifier.Tokens.VerifyAsync(token, TestContext.Current.CancellationToken)).TryGet(out _, out _))
                remembered++;

        Assert.InRange(remembered, 0, size);
    }

    [Fact]
    public async Task A_flood_of_tokens_of_one_account_leaves_those_of_another()
    {
        await using var verifier = await Verifier.StartAsync(issuer => new AuthorizationOptions
        {
            Issuers = { ["test"] = Verifier.Trusted(issuer) },
            TokenCacheSize = 10,
        });
        var quiet = verifier.Issuer.Token("quiet");
        await verifier.AdmitsAsync(quiet);
        foreach (var loud in Enumerable.Range(0, 50).Select(_ => verifier.Issuer.Token("loud")).ToArray())
            await verifier.AdmitsAsync(loud);
        await verifier.LoseOldKeysAsync();

        await verifier.AdmitsAsync(quiet);
    }

    [Theory]
    [InlineData(0, 300)]
    [InlineData(10, 0)]
    public async Task With_no_room_or_no_time_every_request_is_verified_afresh(int size, int seconds)
    {
        await using var verifier = await Verifier.StartAsync(issuer => new AuthorizationOptions
        {
            Issuers = { ["test"] = Verifier.Trusted(issuer) },
            TokenCacheSize = size,
            TokenCacheTime = TimeSpan.FromSeconds(seconds),
        });
        var token = verifier.Token();

        await verifier.AdmitsAsync(token);
        await verifier.AdmitsAsync(token);
        await verifier.LoseOldKeysAsync();
        await verifier.RefusesAsync(token);
    }

    [Fact]
    public async Task A_refusal_is_not_remembered()
    {
        await using var verifier = await Verifier.StartAsync();
        var early = verifier.Issuer.Token(new TokenRequest(Verifier.Account) { NotBefore = verifier.In(TimeSpan.FromMinutes(10)) });
        await verifier.RefusesAsync(early);

        verifier.Clock.Advance(TimeSpan.FromMinutes(10));
        await verifier.AdmitsAsync(early);
    }
}
