using System.Text.Json.Nodes;
using MtlsFunctions.Authorization;
using MtlsFunctions.Shared;

namespace MtlsFunctions.Tests.Authorization;

public sealed class TokenLifetimeTests(SharedVerifier shared) : IClassFixture<SharedVerifier>
{
    private readonly Verifier verifier = shared.Plain;

    private static readonly TokenRequest Good = new(Verifier.Account);

    [Theory]
    [InlineData(3600, true)]
    [InlineData(1, true)]
    [InlineData(0, true)]
    [InlineData(-29, true)]
    [InlineData(-30, false)]
    [InlineData(-3600, false)]
    public async Task A_token_ends_half_a_minute_after_its_exp(int expiresInSeconds, bool holds)
    {
        var token = verifier.Issuer.Token(Good with { Expires = verifier.In(TimeSpan.FromSeconds(expiresInSeconds)) });

        if (holds)
            await verifier.AdmitsAsync(token);
        else
            Assert.Contains("expired", (await verifier.RefusesAsync(token)).Detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(-3600, true)]
    [InlineData(0, true)]
    [InlineData(30, true)]
    [InlineData(31, false)]
    [InlineData(3600, false)]
    public async Task A_token_begins_half_a_minute_before_its_nbf(int notBeforeInSeconds, bool holds)
    {
        var token = verifier.Issuer.Token(Good with { NotBefore = verifier.In(TimeSpan.FromSeconds(notBeforeInSeconds)) });

        await (holds ? verifier.AdmitsAsync(token) : (Task)verifier.RefusesAsync(token));
    }

    [Fact]
    public async Task The_forgiven_difference_of_clocks_is_a_setting()
    {
        await using var strict = await Verifier.StartAsync(issuer => new AuthorizationOptions
        {
            Issuers = { ["test"] = Verifier.Trusted(issuer) },
            ClockSkew = TimeSpan.Zero,
        });

        await strict.AdmitsAsync(strict.Issuer.Token(Good with { Expires = strict.In(TimeSpan.FromSeconds(1)) }));
        await strict.RefusesAsync(strict.Issuer.Token(Good with { Expires = strict.In(TimeSpan.Zero) }));
        await strict.RefusesAsync(strict.Issuer.Token(Good with { NotBefore = strict.In(TimeSpan.FromSeconds(1)) }));
    }

    [Fact]
    public async Task A_token_without_an_end_does_not_hold()
    {
        await verifier.RefusesAsync(verifier.TokenWith("exp", null));
    }

    [Theory]
    [InlineData("exp", "99999999999", true)]
    [InlineData("exp", "253402300799", true)]
    [InlineData("exp", "9223372036854775807", true)]
    [InlineData("nbf", "0", true)]
    [InlineData("nbf", "-62135596800", true)]
    [InlineData("nbf", "9223372036854775807", false)]
    [InlineData("exp", "0", false)]
    [InlineData("exp", "-1", false)]
    public async Task Times_at_the_ends_of_the_calendar_are_times_like_any_other(string claim, string time, bool holds)
    {
        var token = verifier.TokenWith(claim, JsonNode.Parse(time));

        await (holds ? verifier.AdmitsAsync(token) : (Task)verifier.RefusesAsync(token));
    }
}
