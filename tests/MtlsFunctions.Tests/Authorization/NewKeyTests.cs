using MtlsFunctions.Shared;

namespace MtlsFunctions.Tests.Authorization;

/// <summary>Tokens under keys that were not there when the keys were fetched.</summary>
public sealed class NewKeyTests
{
    private static readonly TimeSpan RefetchInterval = TimeSpan.FromSeconds(30);

    [Theory]
    [InlineData(null)]
    [InlineData(-60)]
    [InlineData(0)]
    public async Task The_first_token_under_a_new_key_works_whether_it_says_when_it_begins_or_not(int? notBeforeInSeconds)
    {
        await using var verifier = await Verifier.StartAsync();
        await verifier.AdmitsAsync(verifier.Token());
        verifier.Issuer.RotateKeys();
        verifier.Clock.Advance(RefetchInterval);

        var caller = await verifier.AdmitsAsync(verifier.Issuer.Token(new TokenRequest(Verifier.Account)
        {
            NotBefore = notBeforeInSeconds is { } seconds ? verifier.In(TimeSpan.FromSeconds(seconds)) : null,
        }));

        Assert.Equal((Verifier.Account, 2), (caller.Account.Value, verifier.Issuer.KeyRequests));
    }

    [Fact]
    public async Task A_flood_of_unknown_keys_leads_to_one_fetch_in_an_interval()
    {
        await using var verifier = await Verifier.StartAsync();
        await verifier.AdmitsAsync(verifier.Token());

        for (var interval = 1; interval <= 3; interval++)
        {
            verifier.Clock.Advance(RefetchInterval);
            for (var at = 0; at < 20; at++)
                await verifier.RefusesAsync(verifier.Issuer.Token(new TokenRequest(Verifier.Account) { KeyId = $"unknown-{interval}-{at}" }));
            Assert.Equal(1 + interval, verifier.Issuer.KeyRequests);
        }
    }

    [Fact]
    public async Task A_wrong_signature_under_a_known_key_asks_nobody()
    {
        await using var verifier = await Verifier.StartAsync();
        await verifier.AdmitsAsync(verifier.Token());
        verifier.Clock.Advance(RefetchInterval);

        await verifier.RefusesAsync(verifier.Issuer.TokenSignedByStranger(new TokenRequest(Verifier.Account)));

        Assert.Equal(1, verifier.Issuer.KeyRequests);
    }

    [Fact]
    public async Task Without_keys_nobody_is_let_in_and_the_answer_says_whose_fault_it_is()
    {
        await using var verifier = await Verifier.StartAsync();
        verifier.Issuer.Down = true;

        await verifier.RefusesAsync(verifier.Token(), FailureKind.IssuerUnavailable);

        verifier.Issuer.Down = false;
        verifier.Clock.Advance(RefetchInterval);
        await verifier.AdmitsAsync(verifier.Token());
    }
}
